"""Milliseconds a step of one net in PyTorch, in one mode. Called by `run.mjs`; the answer goes to file descriptor 3 as JSON.

python3 pytorch_gpu.py '{"net", "file", "protocol", "device": "cuda" | "cpu", "tf32", "channelsLast", "compiled"}'

`net` and `protocol` are those of `measure.mjs`, `file` holds the kernels that all begin with. A step is forward, cross-entropy, backward
and Adam. Rounds end with one wait for the GPU; losses are read while warming up only.
"""

import json
import math
import os
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional


def twice(inputs, filters):
    layers = []
    for channels in (inputs, filters):
        layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """Its convolutions are registered in the order of the forward pass, which is that of the kernels in the file."""

    def __init__(self, channels, base, depth, up):
        super().__init__()
        filters = [base * 2**level for level in range(depth + 1)]
        self.down = nn.ModuleList(twice(channels if level == 0 else filters[level - 1], filters[level]) for level in range(depth))
        self.bottom = twice(filters[depth - 1], filters[depth])
        self.up = nn.ModuleList()
        for level in reversed(range(depth)):
            here, below = filters[level], filters[level + 1]
            if up == "transposed":
                enlarge = nn.ConvTranspose2d(below, here, 2, stride=2)
            elif up == "nearest-conv":
                enlarge = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(below, here, 3, padding=1), nn.ReLU(inplace=True))
            else:
                enlarge = nn.Upsample(scale_factor=2)
            self.up.append(nn.ModuleList([enlarge, twice(here + (below if up == "nearest" else here), here)]))
        self.head = nn.Conv2d(base, channels, 1)

    def forward(self, x):
        skips = []
        for level in self.down:
            x = level(x)
            skips.append(x)
            x = functional.max_pool2d(x, 2)
        x = self.bottom(x)
        for (enlarge, level), skip in zip(self.up, reversed(skips)):
            x = level(torch.cat([skip, enlarge(x)], 1))
        return self.head(x)


def read_weights(net, file):
    with open(file, "rb") as opened:
        values = torch.frombuffer(bytearray(opened.read()), dtype=torch.float32)
    at = 0
    with torch.no_grad():
        for parameter in net.parameters():
            if parameter.dim() == 1:
                parameter.zero_()
                continue
            parameter.copy_(values[at : at + parameter.numel()].reshape(parameter.shape))
            at += parameter.numel()
    if at != values.numel():
        raise ValueError(f"The net has {at} weights, not {values.numel()}.")


def data_of(shape):
    """Images [B, C, H, W], truth of the same shape, classes [B, H, W], as `discs` and `images` of `nets.mjs` make them."""
    size, batch, channels = shape["size"], shape["batch"], shape["channels"]
    middle = size / 2
    rows = [[int(math.hypot(x - middle, y - middle) < size / 4) for x in range(size)] for y in range(size)]
    classes = torch.tensor(rows).expand(batch, size, size).contiguous()
    truth = (classes.unsqueeze(3) if channels == 1 else functional.one_hot(classes, channels)).float()
    large = 43758.5453 * torch.sin(torch.arange(truth.numel(), dtype=torch.float64))
    noise = (large - large.floor()).reshape(truth.shape).float()
    images = 0.5 * truth + 0.3 * noise
    return images.permute(0, 3, 1, 2).contiguous(), truth.permute(0, 3, 1, 2).contiguous(), classes


def steps_of(request):
    """A function that takes one step and returns its loss, and the number of parameters."""
    torch.backends.cudnn.allow_tf32 = request["tf32"]
    torch.backends.cuda.matmul.allow_tf32 = request["tf32"]
    layout = torch.channels_last if request["channelsLast"] else torch.contiguous_format
    shape, device = request["net"], request["device"]
    channels = shape["channels"]
    net = UNet(channels, shape["base"], shape["depth"], shape["up"])
    read_weights(net, request["file"])
    net = net.to(device).to(memory_format=layout)
    run = torch.compile(net, mode="max-autotune") if request["compiled"] else net
    image, mask, classes = (part.to(device) for part in data_of(shape))
    image = image.to(memory_format=layout)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001, eps=1e-8)

    def step():
        optimizer.zero_grad(set_to_none=True)
        logits = run(image)
        loss = functional.binary_cross_entropy_with_logits(logits, mask) if channels == 1 else functional.cross_entropy(logits, classes)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step, sum(parameter.numel() for parameter in net.parameters())


def measure(request):
    cuda = request["device"] == "cuda"
    wait = torch.cuda.synchronize if cuda else lambda: None
    step, parameters = steps_of(request)
    protocol = request["protocol"]
    losses, each = [], []
    for _ in range(protocol["warm"]):
        start = time.perf_counter()
        losses.append(step().item())
        each.append(1000 * (time.perf_counter() - start))
    rounds, host, began = [], [], time.perf_counter()
    while len(rounds) == 0 or (len(rounds) < protocol["rounds"] and 1000 * (time.perf_counter() - began) < protocol["mostMs"]):
        start = time.perf_counter()
        for _ in range(protocol["steps"]):
            step()
        host.append(1000 * (time.perf_counter() - start) / protocol["steps"])
        wait()
        rounds.append(1000 * (time.perf_counter() - start) / protocol["steps"])
    return {
        "version": f"PyTorch {torch.__version__}" + (f", {torch.cuda.get_device_name()}" if cuda else ""),
        "parameters": parameters,
        "losses": losses,
        "rounds": rounds,
        "msPerStep": statistics.median(rounds),
        "hostMs": statistics.median(host) if cuda else None,
        "eachReadMs": statistics.median(each[len(each) // 2 :]),
    }


def main():
    request = json.loads(sys.argv[1])
    if request["device"] == "cuda" and not torch.cuda.is_available():
        sys.exit("PyTorch is here, but without CUDA")
    with os.fdopen(3, "w") as answer:
        json.dump(measure(request), answer)


main()
