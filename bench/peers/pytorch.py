"""The reference nets in PyTorch, trained on request: one JSON object a line in, one out. Driven by `pytorch.mjs`.

{"op": "open", "id", "size", "batch", "base", "depth", "norm": "none" | "batch", "threads", "layout": "nchw" | "nhwc"}
    -> {"parameters"}
{"op": "steps", "id", "count"} -> {"msPerStep", "loss"}
{"op": "close", "id"} -> {}

A step is what one of ours is: forward, Dice loss, backward, Adam, and reading back the loss.
"""

import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional


class Level(nn.Sequential):
    """2 x (3x3 convolution, norm, ReLU); no bias under batch norm."""

    def __init__(self, inputs, filters, norm):
        layers = []
        for channels in (inputs, filters):
            layers.append(nn.Conv2d(channels, filters, 3, padding=1, bias=norm == "none"))
            if norm == "batch":
                layers.append(nn.BatchNorm2d(filters, eps=1e-5, momentum=0.1))
            layers.append(nn.ReLU(inplace=True))
        super().__init__(*layers)


class UNet(nn.Module):
    def __init__(self, base, depth, norm):
        super().__init__()
        filters = [base * 2**level for level in range(depth + 1)]
        self.down = nn.ModuleList(Level(1 if level == 0 else filters[level - 1], filters[level], norm) for level in range(depth))
        self.bottom = Level(filters[depth - 1], filters[depth], norm)
        self.up = nn.ModuleList(Level(filters[level] + filters[level + 1], filters[level], norm) for level in range(depth))
        self.head = nn.Conv2d(base, 1, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x):
        skips = []
        for level in self.down:
            x = level(x)
            skips.append(x)
            x = functional.max_pool2d(x, 2)
        x = self.bottom(x)
        for level, skip in zip(reversed(self.up), reversed(skips)):
            x = level(torch.cat([skip, functional.interpolate(x, scale_factor=2.0, mode="nearest")], 1))
        return self.head(x)


def dice_loss(logits, truth, smoothing=1.0):
    """1 - (TP + s) / (TP + FP / 2 + FN / 2 + s), sums over the batch."""
    prediction = torch.sigmoid(logits)
    overlap = (prediction * truth).sum()
    return 1 - (overlap + smoothing) / ((prediction.sum() + truth.sum()) / 2 + smoothing)


def discs(count, size):
    """A disc of random place and size on noise, per image: [count, 1, size, size] and its mask."""
    rows, columns = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    masks = []
    for _ in range(count):
        row, column, radius = (torch.rand(3) * torch.tensor([0.4, 0.4, 0.2]) + torch.tensor([0.3, 0.3, 0.1])) * size
        masks.append((torch.hypot(rows - row, columns - column) < radius).float())
    mask = torch.stack(masks).unsqueeze(1)
    return mask * 0.5 + 0.3 * torch.rand(count, 1, size, size), mask


class Run:
    def __init__(self, request):
        torch.manual_seed(1)
        self.threads = request["threads"]
        memory_format = torch.channels_last if request["layout"] == "nhwc" else torch.contiguous_format
        net = UNet(request["base"], request["depth"], request["norm"])
        self.net = net.to(memory_format=memory_format).train()
        image, mask = discs(request["batch"], request["size"])
        self.image = image.to(memory_format=memory_format)
        self.mask = mask.to(memory_format=memory_format)
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=0.001, eps=1e-8)

    def steps(self, count):
        torch.set_num_threads(self.threads)
        loss = math.nan
        start = time.perf_counter()
        for _ in range(count):
            self.optimizer.zero_grad(set_to_none=True)
            value = dice_loss(self.net(self.image), self.mask)
            value.backward()
            self.optimizer.step()
            loss = value.item()
        return {"msPerStep": 1000 * (time.perf_counter() - start) / count, "loss": loss}


def main():
    runs = {}
    print(json.dumps({"version": torch.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        answer = {}
        if request["op"] == "open":
            run = runs[request["id"]] = Run(request)
            answer = {"parameters": sum(parameter.numel() for parameter in run.net.parameters())}
        elif request["op"] == "steps":
            answer = runs[request["id"]].steps(request["count"])
        elif request["op"] == "close":
            del runs[request["id"]]
        print(json.dumps(answer), flush=True)


main()
