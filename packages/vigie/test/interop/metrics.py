"""Metrics of scikit-learn. Class 1 is a probability above the threshold."""

import json
import sys

import numpy as np
from scipy.stats import ks_2samp
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    f1_score,
    log_loss,
    roc_auc_score,
)

asked = json.load(sys.stdin)
y, p = np.array(asked["y"]), np.array(asked["p"])
predicted = p > asked["threshold"]
bins = np.minimum(np.floor(p * 10).astype(int), 9)
answer = {
    "averagePrecision": average_precision_score(y, p),
    "ece": np.abs(np.bincount(bins, y - p, 10)).sum() / len(y),
    "ks": ks_2samp(p[y == 1], p[y == 0]).statistic,
    "auc": roc_auc_score(y, p),
    "f1": f1_score(y, predicted),
    "accuracy": accuracy_score(y, predicted),
    "logLoss": log_loss(y, p),
    "brier": brier_score_loss(y, p),
}
json.dump({name: float(value) for name, value in answer.items()}, sys.stdout)
