"""ONNX files that the usual converters make, with rows of float32 and what onnxruntime answers for them."""

import base64
import json
import os
import sys
import warnings

os.environ["OMP_NUM_THREADS"] = "1"
warnings.filterwarnings("ignore")

import lightgbm as lgb
import numpy as np
import onnxmltools
import onnxruntime
import xgboost as xgb
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.tree import DecisionTreeClassifier
from skl2onnx import to_onnx

random = np.random.default_rng(5)
width = 4
train = random.normal(size=(1200, width)).astype(np.float32)
train[:, 1] = random.integers(0, 6, len(train))
asked = random.normal(size=(300, width)).astype(np.float32)
asked[:, 1] = random.integers(0, 6, len(asked))
signal = train[:, 0] + (train[:, 1] == 2) + random.normal(size=len(train))
binary = (signal > 0).astype(int)
classes = np.digitize(signal, [-0.5, 0.7])
number = signal * 50

holed = np.where(random.random(asked.shape) < 0.1, np.nan, asked).astype(np.float32)


def case(name, target, model, rows):
    data = model.SerializeToString()
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    answers = session.run(None, {session.get_inputs()[0].name: rows})
    answer = np.asarray(answers[-1])
    if target == "binary":
        answer = answer[:, 1]
    return {
        "name": name,
        "target": target,
        "model": base64.b64encode(data).decode(),
        "rows": [[None if np.isnan(x) else float(x) for x in row] for row in rows],
        "expected": answer.reshape(len(rows), -1).astype(float).tolist(),
    }


def sklearn(name, target, label, model):
    model.fit(train, label)
    options = {} if target == "number" else {"options": {id(model): {"zipmap": False}}}
    return case(f"scikit-learn {name}", target, to_onnx(model, train[:1], **options), asked)


def boosted(name, target, label, model, convert, rows):
    model.fit(train, label)
    types = [("X", FloatTensorType([None, width]))]
    options = {"zipmap": False} if convert is onnxmltools.convert_lightgbm and target != "number" else {}
    return case(name, target, convert(model, initial_types=types, **options), rows)


small = {"n_estimators": 30, "random_state": 1}
light = {"n_estimators": 30, "verbose": -1, "n_jobs": 1}
lightgbm, xgboost = onnxmltools.convert_lightgbm, onnxmltools.convert_xgboost
json.dump(
    [
        sklearn("forest", "binary", binary, RandomForestClassifier(**small)),
        sklearn("forest", "classes", classes, RandomForestClassifier(**small)),
        sklearn("forest", "number", number, RandomForestRegressor(**small)),
        sklearn("extra trees", "binary", binary, ExtraTreesClassifier(**small)),
        sklearn("tree", "binary", binary, DecisionTreeClassifier(max_depth=4)),
        sklearn("boosting", "binary", binary, GradientBoostingClassifier(**small)),
        sklearn("boosting", "classes", classes, GradientBoostingClassifier(**small)),
        sklearn("boosting", "number", number, GradientBoostingRegressor(**small)),
        boosted("LightGBM", "binary", binary, lgb.LGBMClassifier(**light), lightgbm, holed),
        boosted("LightGBM", "classes", classes, lgb.LGBMClassifier(**light), lightgbm, holed),
        boosted("LightGBM", "number", number, lgb.LGBMRegressor(**light), lightgbm, holed),
        boosted("XGBoost", "binary", binary, xgb.XGBClassifier(n_estimators=30), xgboost, holed),
        boosted("XGBoost", "classes", classes, xgb.XGBClassifier(n_estimators=30), xgboost, holed),
        boosted("XGBoost", "number", number, xgb.XGBRegressor(n_estimators=30), xgboost, holed),
    ],
    sys.stdout,
)
