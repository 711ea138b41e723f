"""Milliseconds a step of the nets S, A, B and C in PyTorch on CUDA, by mode: one JSON object a line. Called by `run.mjs`.

python3 pytorch_gpu.py S,A,B,C STEPS

A step is forward, cross-entropy, backward, Adam, and reading back the loss, as one of ours is.
"""

import json
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

BATCH = 4
NETS = {
    "S": {"size": 128, "channels": 1, "base": 16, "depth": 3, "up": "nearest"},
    "A": {"size": 256, "channels": 1, "base": 8, "depth": 3, "up": "transposed"},
    "B": {"size": 256, "channels": 1, "base": 16, "depth": 4, "up": "nearest-conv"},
    "C": {"size": 256, "channels": 3, "base": 32, "depth": 4, "up": "nearest-conv"},
}


def twice(inputs, filters):
    layers = []
    for channels in (inputs, filters):
        layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    def __init__(self, channels, base, depth, up):
        super().__init__()
        filters = [base * 2**level for level in range(depth + 1)]
        self.down = nn.ModuleList(twice(channels if level == 0 else filters[level - 1], filters[level]) for level in range(depth))
        self.bottom = twice(filters[depth - 1], filters[depth])
        self.enlarge = nn.ModuleList()
        self.up = nn.ModuleList()
        for level in range(depth):
            here, below = filters[level], filters[level + 1]
            if up == "transposed":
                self.enlarge.append(nn.ConvTranspose2d(below, here, 2, stride=2))
            elif up == "nearest-conv":
                self.enlarge.append(nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(below, here, 3, padding=1), nn.ReLU(inplace=True)))
            else:
                self.enlarge.append(nn.Upsample(scale_factor=2))
            self.up.append(twice(here + (below if up == "nearest" else here), here))
        self.head = nn.Conv2d(base, channels, 1)

    def forward(self, x):
        skips = []
        for level in self.down:
            x = level(x)
            skips.append(x)
            x = functional.max_pool2d(x, 2)
        x = self.bottom(x)
        for enlarge, level, skip in reversed(list(zip(self.enlarge, self.up, skips))):
            x = level(torch.cat([skip, enlarge(x)], 1))
        return self.head(x)


def measure(shape, steps, tf32, channels_last, compiled):
    torch.backends.cudnn.allow_tf32 = tf32
    torch.backends.cuda.matmul.allow_tf32 = tf32
    torch.manual_seed(1)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    size, channels = shape["size"], shape["channels"]
    net = UNet(channels, shape["base"], shape["depth"], shape["up"]).cuda().to(memory_format=layout)
    run = torch.compile(net, mode="max-autotune") if compiled else net
    image = torch.rand(BATCH, channels, size, size, device="cuda").to(memory_format=layout)
    classes = torch.zeros(BATCH, size, size, dtype=torch.long, device="cuda")
    classes[:, size // 4 : 3 * size // 4, size // 4 : 3 * size // 4] = 1
    mask = classes.float().unsqueeze(1)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001, eps=1e-8)
    times = []
    for _ in range(steps + 20):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        logits = run(image)
        loss = functional.binary_cross_entropy_with_logits(logits, mask) if channels == 1 else functional.cross_entropy(logits, classes)
        loss.backward()
        optimizer.step()
        loss.item()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[20:])


def main():
    if not torch.cuda.is_available():
        sys.exit("no CUDA")
    names, steps = sys.argv[1].split(","), int(sys.argv[2])
    modes = {
        "eager fp32, cudnn.allow_tf32=False": (False, False, False),
        "eager TF32": (True, False, False),
        "eager TF32, channels_last": (True, True, False),
        "compiled TF32, channels_last": (True, True, True),
    }
    for name in names:
        for mode, (tf32, channels_last, compiled) in modes.items():
            median = measure(NETS[name], steps, tf32, channels_last, compiled)
            print(json.dumps({"net": name, "mode": mode, "medianMs": median, "version": torch.__version__}), flush=True)


main()
