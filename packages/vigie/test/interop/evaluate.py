"""Writes files of predictions into a folder, and answers with the metrics that scikit-learn and scipy find in them."""

import json
import sys

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    f1_score,
    log_loss,
    mean_absolute_error,
    r2_score,
    roc_auc_score,
    roc_curve,
    root_mean_squared_error,
)

folder = json.load(sys.stdin)["folder"]
random = np.random.default_rng(20240131)


def calibration_error(right, p, w):
    bins = np.minimum(np.floor(p * 10).astype(int), 9)
    weight = np.bincount(bins, w, 10)
    off = np.bincount(bins, w * (right - p), 10)
    return np.abs(off).sum() / weight.sum()


def binary(y, p, threshold, w=None):
    ones = np.ones(len(y)) if w is None else w
    fpr, tpr, _ = roc_curve(y, p, sample_weight=w, drop_intermediate=False)
    flagged = p > threshold
    return {
        "auc": roc_auc_score(y, p, sample_weight=w),
        "averagePrecision": average_precision_score(y, p, sample_weight=w),
        "f1": f1_score(y, flagged, sample_weight=w),
        "accuracy": accuracy_score(y, flagged, sample_weight=w),
        "logLoss": log_loss(y, p, sample_weight=w),
        "brier": brier_score_loss(y, p, sample_weight=w),
        "ece": calibration_error(y, p, ones),
        "ks": np.abs(tpr - fpr).max(),
    }


def several(y, p, w=None):
    ones = np.ones(len(y)) if w is None else w
    answered = p.argmax(1)
    return {
        "auc": roc_auc_score(y, p, multi_class="ovr", average="macro", sample_weight=w),
        "f1": f1_score(y, answered, average="macro", sample_weight=w),
        "accuracy": accuracy_score(y, answered, sample_weight=w),
        "logLoss": log_loss(y, p, sample_weight=w),
        "brier": brier_score_loss(y, p, sample_weight=w, scale_by_half=False),
        "ece": calibration_error((answered == y).astype(float), p.max(1), ones),
    }


def numbers(y, p, w=None):
    return {
        "rmse": root_mean_squared_error(y, p, sample_weight=w),
        "mae": mean_absolute_error(y, p, sample_weight=w),
        "r2": r2_score(y, p, sample_weight=w),
    }


def mean_interval(x):
    low, high = stats.t.interval(0.95, len(x) - 1, x.mean(), stats.sem(x))
    return {"value": x.mean(), "low": low, "high": high}


n = 5000
y = (random.random(n) < 0.2).astype(int)
logit = 2.0 * y - 2.0 + random.normal(size=n)
new = 1 / (1 + np.exp(-logit))
old = np.round(1 / (1 + np.exp(-(1.2 * y - 1.5 + random.normal(size=n)))), 2)
w = random.choice([0.0, 0.5, 1.0, 3.25], n)
plan = random.choice(["basic", "family", "pro"], n)
frame = pd.DataFrame({"churned": y, "new": new, "old": old, "w": w, "plan": plan})
frame.to_csv(f"{folder}/churn.csv.gz", index=False)
frame.assign(churned=frame.churned == 1, new32=new.astype(np.float32)).to_parquet(f"{folder}/churn.parquet")
frame.assign(churned=np.where(y == 1, "leaves", "stays")).to_csv(f"{folder}/churn-texts.csv", index=False)

k = 4
kinds = np.array(["ant", "bee", "cat", "dog"])
kind = random.choice(k, 3000, p=[0.5, 0.3, 0.15, 0.05])
raw = random.normal(size=(3000, k)) + 1.5 * np.eye(k)[kind]
probability = np.exp(raw) / np.exp(raw).sum(1, keepdims=True)
weights = random.uniform(0.1, 4, 3000)
animals = pd.DataFrame(probability, columns=[f"p_{name}" for name in kinds]).assign(kind=kinds[kind], w=weights)
animals.to_csv(f"{folder}/animals.csv", index=False)

rent = 1e6 + random.normal(size=2000) * 300
predicted = rent + random.normal(size=2000) * 100
size = random.uniform(0.5, 2, 2000)
pd.DataFrame({"rent": rent, "predicted": predicted, "w": size}).to_parquet(f"{folder}/rents.parquet")

losses = [-(y * np.log(p) + (1 - y) * np.log(1 - p)) for p in (np.clip(old, 1e-15, 1 - 1e-15), new)]
top = np.argsort(-new, kind="stable")[: n // 10]
json.dump(
    {
        "churn": binary(y, new, 0.3),
        "ties": binary(y, old, 0.3),
        "weighted": binary(y, old, 0.3, w),
        "float32": binary(y, new.astype(np.float32).astype(float), 0.3),
        "pro": binary(y[plan == "pro"], new[plan == "pro"], 0.3),
        "gainAtTenth": y[top].sum() / y.sum(),
        "brier": mean_interval((new - y) ** 2),
        "logLossGain": mean_interval(losses[0] - losses[1]),
        "animals": several(kind, probability),
        "weightedAnimals": several(kind, probability, weights),
        "rents": numbers(rent, predicted),
        "weightedRents": numbers(rent, predicted, size),
        "mae": mean_interval(np.abs(rent - predicted)),
    },
    sys.stdout,
)
