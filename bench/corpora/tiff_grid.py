"""Writes a TIFF of every variant that tifffile writes, and the SHA-256 of its samples: tiff_grid.py FOLDER."""
import hashlib
import itertools
import json
import os
import sys
import warnings

import numpy as np
import tifffile

warnings.filterwarnings("ignore")
folder = sys.argv[1]
random = np.random.default_rng(7)
types = "uint8 int8 uint16 int16 uint32 int32 uint64 int64 float16 float32 float64".split()
grid = itertools.product(
    types, [False, True], "<>", [None, "lzw", "zlib", "packbits"], [1, 2, 3], ["contig", "separate"], [None, (16, 32)], [1, 3, 4]
)
expected = {}
for type_name, big, order, compression, predictor, planar, tile, channels in grid:
    if channels == 1 and planar == "separate":
        continue
    if compression in (None, "packbits") and predictor != 1:
        continue
    size = (21, 35)
    shape = size if channels == 1 else (*size, channels) if planar == "contig" else (channels, *size)
    dtype = np.dtype(type_name)
    if dtype.kind == "f":
        samples = (random.normal(size=shape) * random.choice([1, 1000, 1e-3])).astype(dtype)
    else:
        # Whole numbers that a float64 holds.
        low, high = max(np.iinfo(dtype).min, -(2**50)), min(np.iinfo(dtype).max, 2**50)
        samples = random.integers(low, high, size=shape, endpoint=True).astype(dtype)
    name = f"{type_name}-{big}-{'le' if order == '<' else 'be'}-{compression}-{predictor}-{planar}-{'tile' if tile else 'strip'}-{channels}.tif"
    options = {"bigtiff": big, "byteorder": order, "compression": compression, "metadata": None}
    options["photometric"] = "minisblack" if channels == 1 else "rgb"
    if predictor != 1:
        options["predictor"] = predictor
    if channels > 1:
        options["planarconfig"] = planar
    if channels == 4:
        options["extrasamples"] = ["unassalpha"]
    options |= {"tile": tile} if tile else {"rowsperstrip": 8}
    path = os.path.join(folder, name)
    try:
        tifffile.imwrite(path, samples, **options)
    except ValueError:
        # A predictor that tifffile does not write for this type.
        if os.path.exists(path):
            os.remove(path)
        continue
    if not np.array_equal(tifffile.imread(path), samples):
        raise RuntimeError(f"tifffile does not read back {name}")
    last = samples if channels == 1 or planar == "contig" else np.moveaxis(samples, 0, -1)
    expected[name] = hashlib.sha256(np.ascontiguousarray(last, dtype="<f8").tobytes()).hexdigest()
with open(os.path.join(folder, "expected.json"), "w") as file:
    json.dump(expected, file)
print(f"tifffile {tifffile.__version__}")
