"""The other side of training.ts: reads columns as JSON once, then fits or predicts whenever a line asks for it."""

import json
import sys
import time

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

data = json.loads(sys.stdin.readline())
x, y, x_test, y_test = (np.array(data[name], dtype=float) for name in ("x", "y", "xTest", "yTest"))
model = None
for line in sys.stdin:
    model = RandomForestClassifier(n_estimators=300, class_weight="balanced", random_state=int(line), n_jobs=1)
    wall, cpu = time.perf_counter(), time.process_time()
    model.fit(x, y)
    fitted = {"cpuSeconds": time.process_time() - cpu, "seconds": time.perf_counter() - wall}
    one = time.perf_counter()
    for row in x_test[:20]:
        model.predict_proba(row.reshape(1, -1))
    one = (time.perf_counter() - one) / 20
    auc = roc_auc_score(y_test, model.predict_proba(x_test)[:, 1])
    print(json.dumps({**fitted, "auc": auc, "oneRowMicros": one * 1e6}), flush=True)
