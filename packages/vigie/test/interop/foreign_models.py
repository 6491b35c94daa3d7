"""Models of LightGBM and XGBoost as files, with rows and what the tool itself answers for them."""

import json
import os
import sys
import tempfile

os.environ["OMP_NUM_THREADS"] = "1"

import lightgbm as lgb
import numpy as np
import pandas as pd
import xgboost as xgb

random = np.random.default_rng(7)
PLANS = ["basic", "family", "premium", "student"]


def rows(n):
    frame = pd.DataFrame(
        {
            "v.age": random.normal(size=n) * 20,
            "v.visits": random.integers(0, 6, n).astype(float),
            "v.fee": np.round(random.lognormal(size=n), 2),
            "v.plan": pd.Categorical(random.choice(PLANS, n), categories=sorted(PLANS, reverse=True)),
            "v.active": random.integers(0, 2, n).astype(float),
        }
    )
    for name, share in (("v.age", 0.1), ("v.visits", 0.2), ("v.plan", 0.1)):
        frame.loc[random.random(n) < share, name] = np.nan
    return frame


def signal(frame):
    plan = frame["v.plan"].map({"basic": -1.0, "family": 0.4, "premium": 1.2, "student": 0.1}).astype(float)
    visits = frame["v.visits"].fillna(9) * 0.2
    return frame["v.age"].fillna(0) / 20 + plan.fillna(0.7) + visits - (frame["v.visits"] == 0) - frame["v.active"]


train, asked = rows(1500), rows(400)
noise = random.logistic(size=len(train))
binary = (signal(train) + noise > 0.5).astype(int)
number = signal(train) * 100 + noise
classes = np.digitize(signal(train) + noise, [-0.3, 1.2])


def at_thresholds(frame, values):
    """Rows whose numbers are exactly those of splits: where `<` and `<=` differ."""
    for name, found in values.items():
        if found:
            column = frame[name].to_numpy().copy()
            at = random.random(len(frame)) < 0.3
            column[at] = random.choice(found, at.sum())
            frame[name] = column
    return frame


def case(name, kind, text, frame, expected):
    columns = {
        feature: [None if pd.isna(value) else value for value in frame[feature].astype(object)] for feature in frame
    }
    return {"name": name, "target": kind, "text": text, "rows": columns, "expected": np.asarray(expected).tolist()}


def lightgbm(name, kind, label, parameters, rounds=30, **dataset):
    data = lgb.Dataset(train, label, **dataset)
    booster = lgb.train({"verbose": -1, "min_data_per_group": 5, "num_threads": 1, "seed": 3, **parameters}, data, rounds)
    thresholds = {feature: [] for feature in train}
    for tree in booster.dump_model()["tree_info"]:
        stack = [tree["tree_structure"]]
        while stack:
            node = stack.pop()
            if "threshold" in node and not isinstance(node["threshold"], str):
                thresholds[train.columns[node["split_feature"]]].append(node["threshold"])
                stack += [node["left_child"], node["right_child"]]
            elif "threshold" in node:
                stack += [node["left_child"], node["right_child"]]
    frame = at_thresholds(asked.copy(), {**thresholds, "v.plan": [], "v.active": []})
    return case(f"LightGBM {name}", kind, booster.model_to_string(), frame, booster.predict(frame))


def xgboost(name, kind, label, parameters, rounds=30):
    data = xgb.DMatrix(train, label, enable_categorical=True)
    booster = xgb.train({"nthread": 1, "seed": 3, **parameters}, data, rounds)
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "model.json")
        booster.save_model(file)
        with open(file) as opened:
            text = opened.read()
    thresholds = {feature: [] for feature in train}
    for tree in json.loads(text)["learner"]["gradient_booster"]["model"]["trees"]:
        types = tree["split_type"]
        for feature, split, left, kind_of in zip(tree["split_indices"], tree["split_conditions"], tree["left_children"], types):
            if left >= 0 and kind_of == 0:
                thresholds[train.columns[feature]].append(float(np.float32(split)))
    frame = at_thresholds(asked.copy(), {**thresholds, "v.plan": [], "v.active": []})
    answer = booster.predict(xgb.DMatrix(frame, enable_categorical=True))
    return case(f"XGBoost {name}", kind, text, frame, answer)


softprob = {"objective": "multi:softprob", "num_class": 3}
json.dump(
    [
        lightgbm("binary", "binary", binary, {"objective": "binary"}),
        lightgbm("binary, its own sigmoid", "binary", binary, {"objective": "binary", "sigmoid": 0.7}),
        lightgbm("binary, zero is missing", "binary", binary, {"objective": "binary", "zero_as_missing": True}),
        lightgbm("binary, nothing is missing", "binary", binary, {"objective": "binary", "use_missing": False}),
        lightgbm("binary, categories one by one", "binary", binary, {"objective": "binary", "max_cat_to_onehot": 10}),
        lightgbm("cross entropy", "binary", binary, {"objective": "cross_entropy"}),
        lightgbm("dart", "binary", binary, {"objective": "binary", "boosting": "dart"}),
        lightgbm(
            "random forest",
            "binary",
            binary,
            {"objective": "binary", "boosting": "rf", "bagging_fraction": 0.6, "bagging_freq": 1},
        ),
        lightgbm("several classes", "classes", classes, {"objective": "multiclass", "num_class": 3}),
        lightgbm("number", "number", number, {"objective": "regression"}),
        lightgbm("median", "number", number, {"objective": "regression_l1"}),
        lightgbm("a single leaf", "number", number, {"objective": "regression", "min_data_in_leaf": 2000}, 2),
        xgboost("binary", "binary", binary, {"objective": "binary:logistic"}),
        xgboost("binary, base score", "binary", binary, {"objective": "binary:logistic", "base_score": 0.2}),
        xgboost("binary, categories as sets", "binary", binary, {"objective": "binary:logistic", "max_cat_to_onehot": 1}),
        xgboost("several classes", "classes", classes, softprob),
        xgboost("several classes, forest", "classes", classes, {**softprob, "num_parallel_tree": 3, "subsample": 0.7}, 4),
        xgboost("number", "number", number, {"objective": "reg:squarederror"}),
        xgboost("random forest", "binary", binary, {"objective": "binary:logistic", "num_parallel_tree": 20, "subsample": 0.6, "eta": 1}, 1),
        xgboost("median", "number", number, {"objective": "reg:absoluteerror"}),
    ],
    sys.stdout,
)
