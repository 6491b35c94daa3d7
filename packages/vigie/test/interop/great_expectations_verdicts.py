"""For each file of each case on stdin: does it meet the suite, and how many rows meet each expectation not?"""

import io
import json
import logging
import os
import sys

os.environ["GX_ANALYTICS_ENABLED"] = "false"
logging.disable(logging.CRITICAL)

import great_expectations as gx  # noqa: E402
import pandas as pd  # noqa: E402

context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
asset = context.data_sources.add_pandas("files").add_dataframe_asset("file")
batches = asset.add_batch_definition_whole_dataframe("whole")


def verdict(case, text):
    frame = pd.read_csv(io.StringIO(text), keep_default_na=False, na_values=[""])
    suite = gx.ExpectationSuite(name="suite", expectations=case["expectations"])
    found = batches.get_batch({"dataframe": frame}).validate(suite).to_json_dict()
    unexpected = [result["result"].get("unexpected_count") for result in found["results"]]
    return bool(found["success"]), unexpected


cases = json.load(sys.stdin)
answers = [[verdict(case, text) for text in case["files"]] for case in cases]
json.dump(
    {
        "great_expectations": gx.__version__,
        "verdicts": [[success for success, _ in files] for files in answers],
        "unexpected": [[unexpected for _, unexpected in files] for files in answers],
    },
    sys.stdout,
)
