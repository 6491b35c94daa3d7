"""Two correlated AUCs, from the papers: DeLong, DeLong and Clarke-Pearson 1988; Obuchowski 1997 for clusters.

Written with the kernel over all pairs and with covariance matrices, unlike the program that it checks.
"""

import json
import sys

import numpy as np
from scipy import stats

asked = json.load(sys.stdin)
y = np.array(asked["y"], dtype=bool)
scores = [np.array(asked[name]) for name in ("champion", "challenger")]
cluster = np.array(asked["entities"])
m, n = int(y.sum()), int((~y).sum())


def components(score):
    """V10 over the positives and V01 over the negatives (DeLong's equations 3 and 4)."""
    x, z = score[y][:, None], score[~y][None, :]
    psi = (x > z) + 0.5 * (x == z)
    return psi.mean(axis=1), psi.mean(axis=0)


v10, v01 = (np.array(v) for v in zip(*(components(score) for score in scores)))
auc = v10.mean(axis=1)
contrast = np.array([-1, 1])

plain = np.cov(v10) / m + np.cov(v01) / n
se = float(np.sqrt(contrast @ plain @ contrast))
z = float((auc[1] - auc[0]) / se)


def cluster_sums(values, of):
    sums = np.zeros((2, cluster.max() + 1))
    for row, c in zip((values - auc[:, None]).T, of):
        sums[:, c] += row
    return sums


t10, t01 = cluster_sums(v10, cluster[y]), cluster_sums(v01, cluster[~y])
i10, i01, i = len(set(cluster[y])), len(set(cluster[~y])), cluster.max() + 1
s10 = i10 / ((i10 - 1) * m) * t10 @ t10.T
s01 = i01 / ((i01 - 1) * n) * t01 @ t01.T
s11 = i / (i - 1) * t10 @ t01.T
clustered = s10 / m + s01 / n + (s11 + s11.T) / (m * n)

json.dump(
    {
        "champion": float(auc[0]),
        "challenger": float(auc[1]),
        "se": se,
        "z": z,
        "p": float(2 * stats.norm.sf(abs(z))),
        "clusteredSe": float(np.sqrt(contrast @ clustered @ contrast)),
    },
    sys.stdout,
)
