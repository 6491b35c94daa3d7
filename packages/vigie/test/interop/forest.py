"""AUCs of scikit-learn's random forest on held-out rows, one a seed."""

import json
import sys

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

asked = json.load(sys.stdin)
x, y, x_test, y_test = (np.array(asked[name], dtype=float) for name in ("x", "y", "xTest", "yTest"))
aucs = []
for seed in asked["seeds"]:
    forest = RandomForestClassifier(asked["trees"], class_weight="balanced", random_state=seed, n_jobs=2)
    aucs.append(roc_auc_score(y_test, forest.fit(x, y).predict_proba(x_test)[:, 1]))
json.dump(aucs, sys.stdout)
