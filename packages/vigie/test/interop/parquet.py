"""Reads a Parquet table with pyarrow, and the CSV that it was made from with Python's own reader."""

import csv
import datetime
import json
import sys

import pyarrow.parquet as pq

READ = {
    "string": str,
    "bool": {"True": True, "False": False}.__getitem__,
    "int64": int,
    "double": float,
    "date32[day]": datetime.date.fromisoformat,
}

asked = json.load(sys.stdin)
table = pq.read_table(asked["table"])
types = {field.name: str(field.type) for field in table.schema}
with open(asked["csv"], newline="", encoding="utf-8") as file:
    delivered = [
        {name: None if text == "" else READ[types[name]](text) for name, text in row.items()}
        for row in csv.DictReader(file)
    ]
delivered.sort(key=lambda row: row[asked["key"]])
stored = table.to_pylist()
json.dump(
    {
        "types": types,
        "rows": table.num_rows,
        "different": [str((a, b)) for a, b in zip(delivered, stored) if a != b] + [""] * abs(len(delivered) - len(stored)),
    },
    sys.stdout,
)
