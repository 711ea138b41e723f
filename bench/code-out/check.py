"""Runs losses that were written out as Python and compares their values. Reads cases as JSON from stdin, one result a line."""
import inspect
import json
import sys

library = sys.argv[1]
if library == "torch":
    import torch

    def tensor(values, shape):
        return torch.tensor(values, dtype=torch.float32).reshape(shape)

else:
    from keras import ops

    def tensor(values, shape):
        return ops.reshape(ops.array(values, dtype="float32"), shape)


for case in json.load(sys.stdin):
    result = {"loss": case["loss"], "channels": case["channels"]}
    try:
        scope = {}
        exec(case["code"], scope)
        function = [value for value in scope.values() if inspect.isfunction(value) and value.__module__ != "keras"][-1]
        pixels = case["shape"][:3]
        inputs = {
            name: tensor(values, [*pixels, 1] if name == "valid" else case["shape"]) for name, values in case["given"].items()
        }
        inputs.update({name: tensor([value], []) for name, value in case["variables"].items()})
        arguments = {name: value for name, value in inputs.items() if name in inspect.signature(function).parameters}
        result["value"] = float(function(**arguments))
    except Exception as error:  # Each case is told by itself.
        result["error"] = f"{type(error).__name__}: {error}"[:200]
    print(json.dumps(result))
