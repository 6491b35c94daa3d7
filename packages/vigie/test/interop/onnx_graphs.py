"""ONNX graphs that are no trees, as skl2onnx writes them, with rows and what scikit-learn answers for them.

Reads {"rows": [[...]], "label": [...]} with null for null to fit on rows of somebody else, or null for rows of its own.
"""

import base64
import json
import sys
import warnings

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

warnings.filterwarnings("ignore")
question = json.load(sys.stdin)


def plain(rows):
    return [[None if x is None or x != x else x for x in row] for row in rows]


def case(name, target, model, types, rows, answers, columns=None):
    options = {} if target == "number" else {"options": {id(model): {"zipmap": False}}}
    data = to_onnx(model, initial_types=types, **options).SerializeToString()
    answer = np.asarray(answers, dtype=float)
    if target == "binary":
        answer = answer[:, 1]
    return {
        "name": name,
        "target": target,
        "model": base64.b64encode(data).decode(),
        "rows": rows,
        "expected": answer.reshape(len(rows), -1).tolist(),
        "features": columns,
    }


def matrix(name, target, model, label, fit, asked):
    model.fit(fit, label)
    answers = model.predict(asked) if target == "number" else model.predict_proba(asked)
    if target == "classes":
        # scikit-learn orders them by their texts
        answers = answers[:, [list(model.classes_).index(name) for name in ("low", "middle", "high")]]
    types = [("X", FloatTensorType([None, fit.shape[1]]))]
    return case(name, target, model, types, plain(asked.astype(float).tolist()), answers)


def scaled(model):
    return make_pipeline(SimpleImputer(), StandardScaler(), clone(model))


logistic = LogisticRegression(max_iter=500)
network = MLPClassifier(hidden_layer_sizes=(16, 8), max_iter=80, random_state=1)

if question:
    rows = np.array(question["rows"], dtype=float).astype(np.float32)
    label = np.array(question["label"], dtype=int)
    cases = [
        matrix("logistic", "binary", scaled(logistic), label, rows, rows),
        matrix("network", "binary", scaled(network), label, rows, rows),
    ]
else:
    random = np.random.default_rng(5)
    rows = random.normal(size=(900, 4)).astype(np.float32)
    signal = rows[:, 0] - rows[:, 1] ** 2 + random.normal(size=len(rows))
    rows[random.random(rows.shape) < 0.1] = np.nan
    binary = (signal > 0).astype(int)
    named = np.array(["low", "middle", "high"])[np.digitize(signal, [-1.5, 0.2])]
    asked = rows[:200]
    forest = RandomForestClassifier(10, max_depth=4, random_state=1)
    plans = random.choice(["family", "student", "basic", "premium"], len(rows)).astype(object)
    visits = random.integers(0, 9, len(rows))
    import pandas as pd

    table = pd.DataFrame({"age": rows[:, 0], "visits": visits, "plan": plans})
    mixed = make_pipeline(
        ColumnTransformer(
            [
                ("number", make_pipeline(SimpleImputer(), StandardScaler()), ["age"]),
                ("count", "passthrough", ["visits"]),
                ("text", OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["plan"]),
            ]
        ),
        clone(logistic),
    ).fit(table, binary)
    table = table[:200]
    cases = [
        matrix("logistic", "binary", scaled(logistic), binary, rows, asked),
        matrix("network", "binary", scaled(network), binary, rows, asked),
        matrix("network", "classes", scaled(network), named, rows, asked),
        matrix("network", "number", scaled(MLPRegressor(hidden_layer_sizes=(8,), random_state=1)), signal, rows, asked),
        matrix("line", "number", scaled(LinearRegression()), signal, rows, asked),
        matrix("calibrated", "binary", scaled(CalibratedClassifierCV(forest, cv=2)), binary, rows, asked),
        case(
            "columns",
            "binary",
            mixed,
            [
                ("age", FloatTensorType([None, 1])),
                ("visits", Int64TensorType([None, 1])),
                ("plan", StringTensorType([None, 1])),
            ],
            plain(table.values.tolist()),
            mixed.predict_proba(table),
            ["age", "visits", "plan"],
        ),
    ]
json.dump(cases, sys.stdout)
