# What Feast's own client reads from and writes to our server, and what Feast's own point-in-time join gives: one JSON
# document in, one out. The feature repository is made of the views in the question.
import json
import os
import sys
import tempfile
from datetime import timedelta

os.environ["FEAST_USAGE"] = "False"

import pandas as pd
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource, PushSource, RepoConfig, ValueType
from feast.data_source import PushMode
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Value
from feast.types import Bool, Float64, Int64, String

TYPES = {"int": Int64, "float": Float64, "boolean": Bool, "category": String}


def repository(question, folder):
    """A store with the views of the question. Each view may have a CSV of its history."""
    entity = Entity(name=question["key"], join_keys=[question["key"]], value_type=ValueType.STRING)
    views = []
    for view in question["views"]:
        path = os.path.join(folder, view["name"] + ".parquet")
        if "csv" in view:
            frame = pd.read_csv(
                view["csv"],
                dtype={question["key"]: str},
                keep_default_na=False,
                na_values=[""],
                float_precision="round_trip",
            )
            for column in ("event_timestamp", "created"):
                if column in frame:
                    frame[column] = pd.to_datetime(frame[column], utc=True, format="ISO8601").astype("datetime64[us, UTC]")
            for feature in view["features"]:
                if feature["type"] == "int":
                    frame[feature["name"]] = frame[feature["name"]].astype("Int64")
            frame.to_parquet(path)
        source = FileSource(
            name=view["name"] + "_file",
            path=path,
            timestamp_field="event_timestamp",
            **({"created_timestamp_column": "created"} if view.get("created", False) else {}),
        )
        views.append(
            FeatureView(
                name=view["name"],
                entities=[entity],
                ttl=timedelta(seconds=view["ttl"]) if view["ttl"] else timedelta(0),
                schema=[Field(name=f["name"], dtype=TYPES[f["type"]]) for f in view["features"]],
                source=PushSource(name=view["name"], batch_source=source),
            )
        )
    config = RepoConfig(
        project=question["project"],
        provider="local",
        registry=os.path.join(folder, "registry.db"),
        online_store={"type": "remote", "path": question["url"]} if "url" in question else None,
        offline_store={"type": "dask"},
        entity_key_serialization_version=3,
    )
    store = FeatureStore(config=config)
    store.apply([entity, *views])
    return store


def read(store, call):
    """The client as its users call it."""
    # What is in a service is the server's to say: the client sends its name.
    service = call.get("service")
    features = FeatureService(name=service, features=[]) if service else call["features"]
    answer = store.get_online_features(
        features=features,
        entity_rows=[{call["key"]: key} for key in call["keys"]],
        full_feature_names=call.get("full", False),
    )
    names = list(answer.proto.metadata.feature_names.val)
    statuses = [[FIELD_STATUS[s] for s in result.statuses] for result in answer.proto.results]
    return {"values": answer.to_dict(), "statuses": dict(zip(names, statuses))}


FIELD_STATUS = {0: "INVALID", 1: "PRESENT", 2: "NULL_VALUE", 3: "NOT_FOUND", 4: "OUTSIDE_MAX_AGE"}


def read_view(store, call):
    """The remote store as the client's own joins and older clients call it: one view, with its types."""
    view = store.get_feature_view(call["view"])
    keys = [EntityKey(join_keys=[call["key"]], entity_values=[Value(string_val=key)]) for key in call["keys"]]
    online = store._get_provider().online_store
    rows = online.online_read(store.config, view, keys, call["features"])
    time = rows[0][0]
    return {
        "time": time and time.isoformat(),
        "rows": [{name: [v.WhichOneof("val"), plain(v)] for name, v in values.items()} for _, values in rows],
    }


def plain(value):
    which = value.WhichOneof("val")
    return None if which is None else getattr(value, which)


def frame_of(call):
    frame = pd.DataFrame(call["df"])
    for column in ("event_timestamp", "created"):
        if column in frame:
            frame[column] = pd.to_datetime(frame[column], utc=True, format="ISO8601")
    return frame


def push(store, call):
    store.push(call["source"], frame_of(call), to=PushMode.ONLINE)


def write(store, call):
    store.write_to_online_store(call["view"], frame_of(call))


def history(store, call):
    entities = pd.DataFrame({call["key"]: call["keys"], "row": range(len(call["keys"]))})
    at = pd.to_datetime(pd.Series(call["at"]), utc=True, format="ISO8601")
    entities["event_timestamp"] = at.astype("datetime64[us, UTC]")
    joined = store.get_historical_features(entity_df=entities, features=call["features"], full_feature_names=True)
    frame = joined.to_df().sort_values("row")
    names = [feature.replace(":", "__") for feature in call["features"]]
    return {"rows": frame["row"].tolist(), **{n: [None if pd.isna(v) else v for v in frame[n].tolist()] for n in names}}


ACTIONS = {"read": read, "read_view": read_view, "push": push, "write": write, "history": history}


def act(store, call):
    try:
        return {"answer": ACTIONS[call["do"]](store, call)}
    except Exception as error:
        return {"error": type(error).__name__, "text": str(error)[:2000]}


question = json.load(sys.stdin)
with tempfile.TemporaryDirectory() as folder:
    store = repository(question, folder)
    answers = [act(store, call) for call in question["calls"]]
json.dump(answers, sys.stdout, allow_nan=False)
