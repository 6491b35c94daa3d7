"""Drift tests of scipy on raw columns, with the bins and counts of numpy. Nulls are left out."""

import json
import math
import sys

import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon


def clean(column):
    return np.array([value for value in column if value is not None], dtype=float)


def scores(kind, reference, current):
    values = np.unique(np.concatenate([reference, current]))
    counts = [np.array([np.sum(side == value) for value in values]) for side in (reference, current)]
    if kind == "cat":
        expected = counts[0] / counts[0].sum() * counts[1].sum()
        answer = {"chisquare": stats.chisquare(counts[1], expected).pvalue, "jensenshannon": jensenshannon(*counts)}
        if len(values) == 2:
            (a, b), (n, m) = (count[0] for count in counts), (len(reference), len(current))
            pooled = (a + b) / (n + m)
            z = (a / n - b / m) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
            answer["z"] = 2 * stats.norm.sf(abs(z))
        return answer
    if len(np.unique(reference)) > 20:
        edges = np.histogram_bin_edges(np.concatenate([reference, current]), bins="sturges")
        counts = [np.histogram(side, edges)[0] for side in (reference, current)]
    return {
        "wasserstein": stats.wasserstein_distance(reference, current) / max(np.std(reference), 0.001),
        "ks": stats.ks_2samp(reference, current).pvalue,
        "jensenshannon": jensenshannon(*counts),
    }


json.dump(
    [
        {test: float(score) for test, score in scores(c["kind"], clean(c["reference"]), clean(c["current"])).items()}
        for c in json.load(sys.stdin)
    ],
    sys.stdout,
)
