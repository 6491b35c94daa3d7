"""The other side of large-forest.ts: reads columns from files once, then fits in one thread with each seed of a line."""

import json
import sys
import time

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

folder, features, trees, rows_in_leaf = sys.argv[1], *(int(number) for number in sys.argv[2:5])


def read(name):
    columns = np.fromfile(f"{folder}/{name}").reshape(features + 1, -1)
    return np.ascontiguousarray(columns[:features].T), columns[features]


(x, y), (x_test, y_test) = read("training"), read("test")
for line in sys.stdin:
    model = RandomForestClassifier(
        n_estimators=trees, min_samples_leaf=rows_in_leaf, random_state=int(line), n_jobs=1
    )
    wall, cpu = time.perf_counter(), time.process_time()
    model.fit(x, y)
    figures = {"cpuSeconds": time.process_time() - cpu, "seconds": time.perf_counter() - wall}
    print(json.dumps({**figures, "auc": roc_auc_score(y_test, model.predict_proba(x_test)[:, 1])}), flush=True)
