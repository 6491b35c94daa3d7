"""Reads a page of metrics as Prometheus' own Python client does."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

json.dump(
    [
        {
            "name": family.name,
            "type": family.type,
            "help": family.documentation,
            "samples": [{"name": s.name, "labels": s.labels, "value": str(s.value)} for s in family.samples],
        }
        for family in text_string_to_metric_families(json.load(sys.stdin))
    ],
    sys.stdout,
)
