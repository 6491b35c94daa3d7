"""Probabilities of scikit-learn's and LightGBM's boosting with the same parameters, for each question of a list."""

import json
import os
import sys

# Threads that wait for each other take minutes where others need the processor.
os.environ["OMP_NUM_THREADS"] = "1"

import lightgbm
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier


def answer(asked):
    x, y, x_test = (np.array(asked[name], dtype=float) for name in ("x", "y", "xTest"))
    trainer, categories = asked["trainer"], asked["categories"]
    scikit_learn = HistGradientBoostingClassifier(
        max_iter=trainer["rounds"],
        learning_rate=trainer["learningRate"],
        max_leaf_nodes=trainer["leaves"],
        min_samples_leaf=trainer["minSamplesLeaf"],
        l2_regularization=trainer["l2"],
        categorical_features=categories or None,
        early_stopping=False,
    )
    # Bins of single values, and categories without the caution that is LightGBM's own.
    parameters = {
        "objective": "binary",
        "learning_rate": trainer["learningRate"],
        "num_leaves": trainer["leaves"],
        "min_data_in_leaf": trainer["minSamplesLeaf"],
        "lambda_l2": trainer["l2"],
        "bagging_fraction": trainer["rowFraction"],
        "bagging_freq": 1,
        "feature_fraction": trainer["columnFraction"],
        "seed": trainer["seed"],
        "min_data_in_bin": 1,
        "cat_l2": 0,
        "max_cat_to_onehot": 1,
        "min_data_per_group": 1,
        "verbose": -1,
        "num_threads": 1,
    }
    rows = lightgbm.Dataset(x, y, categorical_feature=categories)
    return {
        "scikitLearn": scikit_learn.fit(x, y).predict_proba(x_test)[:, 1].tolist(),
        "lightgbm": lightgbm.train(parameters, rows, trainer["rounds"]).predict(x_test).tolist(),
    }


json.dump([answer(asked) for asked in json.load(sys.stdin)], sys.stdout)
