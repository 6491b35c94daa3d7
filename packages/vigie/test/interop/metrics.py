"""Metrics of scikit-learn. Class 1 is a probability above the threshold."""

import json
import sys

import numpy as np
from sklearn.metrics import accuracy_score, brier_score_loss, f1_score, log_loss, roc_auc_score

asked = json.load(sys.stdin)
y, p = np.array(asked["y"]), np.array(asked["p"])
predicted = p > asked["threshold"]
answer = {
    "auc": roc_auc_score(y, p),
    "f1": f1_score(y, predicted),
    "accuracy": accuracy_score(y, predicted),
    "logLoss": log_loss(y, p),
    "brier": brier_score_loss(y, p),
}
json.dump({name: float(value) for name, value in answer.items()}, sys.stdout)
