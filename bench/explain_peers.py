"""What contributions to one row cost with shap and LightGBM, in one thread. Data as bench/explain.ts wrote it."""

import json
import sys
import time

import lightgbm
import numpy as np
import shap
from sklearn.ensemble import RandomForestClassifier

data = np.fromfile(sys.argv[1]).reshape(15, -1)
x, y = data[:14].T.copy(), data[14].astype(int)


def cpu_ms_a_row(explain, rows):
    explain(rows[:2])
    start = time.process_time()
    explain(rows)
    return (time.process_time() - start) * 1e3 / len(rows)


forest = RandomForestClassifier(300, class_weight="balanced", random_state=1, n_jobs=1).fit(x, y)
explainer = shap.TreeExplainer(forest)
boosted = lightgbm.LGBMClassifier(n_estimators=200, num_leaves=8, num_threads=1, verbose=-1).fit(x, y)
print(
    json.dumps(
        {
            "forest": cpu_ms_a_row(lambda rows: explainer.shap_values(rows, check_additivity=False), x[:20]),
            "boosting": cpu_ms_a_row(lambda rows: boosted.predict(rows, pred_contrib=True, num_threads=1), x),
        }
    )
)
