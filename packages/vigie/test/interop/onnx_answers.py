"""What onnxruntime answers for the rows of each model of a list: every output by its name."""

import base64
import json
import sys

import numpy as np
import onnx
import onnxruntime

onnxruntime.set_default_logger_severity(3)


def answer(asked):
    data = base64.b64decode(asked["model"])
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = asked.get("threads", 1)
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    rows = np.array(asked["rows"], dtype=np.float32)
    values = session.run(None, {"features": rows})
    return {output.name: np.asarray(value).tolist() for output, value in zip(session.get_outputs(), values)}


json.dump([answer(asked) for asked in json.load(sys.stdin)], sys.stdout)
