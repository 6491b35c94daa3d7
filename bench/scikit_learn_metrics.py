"""The other side of evaluate.ts: reads the same file and makes the same metrics, without intervals."""

import json
import sys

import numpy as np
import pandas as pd
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    f1_score,
    log_loss,
    roc_auc_score,
    roc_curve,
)

frame = pd.read_csv(sys.argv[1])
y, p = frame.y.to_numpy(), frame.p.to_numpy()
fpr, tpr, _ = roc_curve(y, p)
bins = np.minimum(np.floor(p * 10).astype(int), 9)
print(
    json.dumps(
        {
            "auc": roc_auc_score(y, p),
            "averagePrecision": average_precision_score(y, p),
            "f1": f1_score(y, p > 0.5),
            "accuracy": accuracy_score(y, p > 0.5),
            "logLoss": log_loss(y, p),
            "brier": brier_score_loss(y, p),
            "ece": np.abs(np.bincount(bins, y - p, 10)).sum() / len(y),
            "ks": np.abs(tpr - fpr).max(),
        }
    )
)
