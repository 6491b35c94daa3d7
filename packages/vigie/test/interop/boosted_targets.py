"""Answers of LightGBM's boosting of numbers and of several classes, for each question of a list."""

import json
import os
import sys

# Threads that wait for each other take minutes where others need the processor.
os.environ["OMP_NUM_THREADS"] = "1"

import lightgbm
import numpy as np


def answer(asked):
    x, y, x_test = (np.array(asked[name], dtype=float) for name in ("x", "y", "xTest"))
    weight = None if asked["weight"] is None else np.array(asked["weight"])
    trainer, classes = asked["trainer"], asked["classes"]
    # Bins of single values, and categories without the caution that is LightGBM's own.
    parameters = {
        "objective": "regression" if classes == 0 else "multiclass",
        "learning_rate": trainer["learningRate"],
        "num_leaves": trainer["leaves"],
        "min_data_in_leaf": trainer["minSamplesLeaf"],
        "lambda_l2": trainer["l2"],
        "min_data_in_bin": 1,
        "cat_l2": 0,
        "max_cat_to_onehot": 1,
        "max_cat_threshold": 64,
        "min_data_per_group": 1,
        "verbose": -1,
        "num_threads": 1,
        **({"num_class": classes} if classes else {}),
    }
    rows = lightgbm.Dataset(x, y, weight=weight, categorical_feature=asked["categories"])
    return lightgbm.train(parameters, rows, trainer["rounds"]).predict(x_test).ravel().tolist()


json.dump([answer(asked) for asked in json.load(sys.stdin)], sys.stdout)
