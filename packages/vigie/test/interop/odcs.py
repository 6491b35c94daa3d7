"""Reads contracts as other tools do (YAML 1.1) and holds them against the official schema of ODCS 3.1.0."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import yaml

# The package is not imported: its schema is all that is needed, and its dependencies are not here.
package = Path(find_spec("datacontract").submodule_search_locations[0])
schema = json.loads((package / "schemas" / "odcs-3.1.0.schema.json").read_text())
validator = jsonschema.validators.validator_for(schema)(schema)


def held(text):
    contract = yaml.safe_load(text)
    errors = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(contract)]
    return {"errors": errors, "contract": json.loads(json.dumps(contract, default=repr))}


json.dump([held(text) for text in json.load(sys.stdin)], sys.stdout)
