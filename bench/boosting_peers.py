"""The other side of boosting.ts: reads columns from files once, then bins and fits as whom a line names, in one thread."""

import json
import os
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import lightgbm
import numpy as np
import xgboost
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

folder, features, trees = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
LEAVES, RATE, ROWS_IN_LEAF = 31, 0.1, 20


def read(name):
    columns = np.fromfile(f"{folder}/{name}").reshape(features + 1, -1)
    return np.ascontiguousarray(columns[:features].T), columns[features]


def with_lightgbm(x, y):
    parameters = {"objective": "binary", "num_leaves": LEAVES, "learning_rate": RATE, "num_threads": 1, "verbose": -1}
    model = lightgbm.train(parameters, lightgbm.Dataset(x, y, params={"verbose": -1, "num_threads": 1}), trees)
    return lambda asked: model.predict(asked, num_threads=1)


def with_xgboost(x, y):
    parameters = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "grow_policy": "lossguide",
        "max_leaves": LEAVES,
        "max_depth": 0,
        "learning_rate": RATE,
        # Its leaves are limited by their second derivatives, of which a row of even chances has a quarter.
        "min_child_weight": ROWS_IN_LEAF / 4,
        "lambda": 0,
        "nthread": 1,
    }
    model = xgboost.train(parameters, xgboost.QuantileDMatrix(x, y, nthread=1), trees)
    return lambda asked: model.predict(xgboost.DMatrix(asked, nthread=1))


def with_scikit_learn(x, y):
    model = HistGradientBoostingClassifier(
        max_iter=trees, max_leaf_nodes=LEAVES, learning_rate=RATE, min_samples_leaf=ROWS_IN_LEAF, early_stopping=False
    ).fit(x, y)
    return lambda asked: model.predict_proba(asked)[:, 1]


def memory(name):
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(name))


def forget_peak():
    with open("/proc/self/clear_refs", "w", encoding="ascii") as refs:
        refs.write("5")


peers = {"lightgbm": with_lightgbm, "xgboost": with_xgboost, "scikitLearn": with_scikit_learn}
(x, y), (x_test, y_test) = read("training"), read("test")
for line in sys.stdin:
    forget_peak()
    before = memory("VmRSS:")
    wall, cpu = time.perf_counter(), time.process_time()
    predict = peers[line.strip()](x, y)
    figures = {"cpuSeconds": time.process_time() - cpu, "seconds": time.perf_counter() - wall}
    figures["megabytes"] = memory("VmHWM:") - before
    print(json.dumps({**figures, "auc": roc_auc_score(y_test, predict(x_test))}), flush=True)
