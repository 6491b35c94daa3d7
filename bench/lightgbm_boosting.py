"""The other side of boosting.ts: reads columns from files once, then bins and fits whenever a line asks for it."""

import json
import sys
import time

import lightgbm
import numpy as np
from sklearn.metrics import roc_auc_score

folder, features, trees = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def read(name):
    columns = np.fromfile(f"{folder}/{name}").reshape(features + 1, -1)
    return np.ascontiguousarray(columns[:features].T), columns[features]


(x, y), (x_test, y_test) = read("training"), read("test")
parameters = {"objective": "binary", "num_leaves": 31, "learning_rate": 0.1, "num_threads": 1, "verbose": -1}
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    model = lightgbm.train(parameters, lightgbm.Dataset(x, y, params={"verbose": -1, "num_threads": 1}), trees)
    fitted = {"cpuSeconds": time.process_time() - cpu, "seconds": time.perf_counter() - wall}
    print(json.dumps({**fitted, "auc": roc_auc_score(y_test, model.predict(x_test, num_threads=1))}), flush=True)
