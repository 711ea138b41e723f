/** A Python file that trains the runs of an experiment with PyTorch, from the arrays beside it. */
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import type { ExportedRuns } from '#lib/core/exported-runs.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import { variableName } from '#lib/graphs/python.ts';
import { numberText } from '#lib/graphs/read-back.ts';
import type { ExperimentLoss } from './experiment-losses.ts';
import { torchNet } from './torch-net.ts';
import { torchOptimizer } from './torch-optimizer.ts';

export interface ScriptFacts {
	readonly spec: ExperimentSpec;
	readonly runs: Pick<ExportedRuns, 'inputs' | 'outputs' | 'stepsPerEpoch' | 'totalSteps' | 'heldSteps' | 'shared'>;
	readonly losses: readonly ExperimentLoss[];
}

const head = ({ spec, runs }: ScriptFacts): string => `"""Trains the runs of an experiment as Overlap did: see README.txt."""
import argparse
import csv
import inspect
import math
from pathlib import Path
from typing import Callable, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

HERE = Path(__file__).resolve().parent
SEEDS = [${spec.seeds.join(', ')}]
TOTAL_STEPS = ${runs.totalSteps}
HELD_STEPS = ${runs.heldSteps}  # whose batches are in this folder
STEPS_PER_EPOCH = ${runs.stepsPerEpoch}
IGNORED = ${ignoredClass}  # the class of pixels that count nowhere
`;

const weights = `# Parts of a layer of TensorFlow.js as PyTorch calls them.
PARTS = {
    "kernel": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


@torch.no_grad()
def load_weights(net, folder):
    loaded = set()
    for file in sorted(folder.glob("*/*.npy")):
        values = torch.from_numpy(np.load(file))
        if values.ndim == 4:
            # [height, width, in, out] -> [out, in, height, width]; where transposed, out and in are the other way round in both.
            values = values.permute(3, 2, 0, 1)
        name = f"{file.parent.name}.{PARTS[file.stem]}"
        target = net.state_dict()[name]
        if target.shape != values.shape:
            raise ValueError(f"{file} has the shape {tuple(values.shape)}, and {name} is {tuple(target.shape)}.")
        target.copy_(values)
        loaded.add(name)
    missing = {name for name in net.state_dict() if not name.endswith("num_batches_tracked")} - loaded
    if missing:
        raise ValueError(f"{folder} lacks {', '.join(sorted(missing))}.")
`;

const laidBatches = `def laid(square, symmetry):
    """[H, W, ...], turned by quarters, then flipped."""
    turned = np.rot90(square, -(symmetry % 4))
    return turned[:, ::-1] if symmetry >= 4 else turned


class Batches:
    """Images [B, H, W, C] and class indices [B, H, W] of a step, as the net was shown them."""

    def __init__(self, folder):
        self.images, self.classes = np.load(HERE / "data/images.npy"), np.load(HERE / "data/classes.npy")
        self.order, self.symmetries = np.load(folder / "batches.npy"), np.load(folder / "symmetries.npy")

    def __getitem__(self, step):
        places = list(zip(self.order[step].tolist(), self.symmetries[step].tolist()))
        images = np.stack([laid(self.images[index], symmetry) for index, symmetry in places])
        return images, np.stack([laid(self.classes[index], symmetry) for index, symmetry in places])
`;

const wholeBatches = `class Batches:
    """Images [B, H, W, C] and class indices [B, H, W] of a step, as the net was shown them."""

    def __init__(self, folder):
        self.images = np.load(folder / "images.npy", mmap_mode="r")
        self.classes = np.load(folder / "classes.npy", mmap_mode="r")

    def __getitem__(self, step):
        return np.array(self.images[step]), np.array(self.classes[step])
`;

function encoding(outputs: number): string {
	const oneHot =
		outputs === 1 ? 'np.where(counts, classes, 0)[..., None]' : `np.eye(${outputs})[np.where(counts, classes, 0)] * counts[..., None]`;
	return `def encode(classes):
    """Class indices [B, H, W] -> y_true [B, H, W, ${outputs}] and valid [B, H, W, 1]; 0 at ignored pixels in both."""
    counts = classes != IGNORED
    y_true = ${oneHot}
    return torch.from_numpy(y_true.astype(np.float32)), torch.from_numpy(counts[..., None].astype(np.float32))
`;
}

/** As `losses/own-loss.ts` does it. */
function ownInputs(outputs: number): string {
	const background = Array.from({ length: outputs }, (_, channel) => (outputs > 1 && channel === 0 ? 1 : 0));
	return `def without_ignored(y_true, y_pred, valid):
    """For losses of one's own: ignored pixels as background that is predicted right."""
    background = torch.tensor([${background.map((value) => value.toFixed(1)).join(', ')}])
    predicted = torch.clamp(background, 1e-7, 1 - 1e-7)
    return y_true * valid + (1 - valid) * background, y_pred * valid + (1 - valid) * predicted
`;
}

function entry({ choice, name, variables }: ExperimentLoss): string {
	const learned = Object.entries(variables).map(([key, value]) => `"${variableName(key)}": ${numberText(value)}`);
	const rest = [
		...(learned.length > 0 ? [`variables={${learned.join(', ')}}`] : []),
		...(choice.learningRateFactor === 1 ? [] : [`rate=${numberText(choice.learningRateFactor)}`]),
		...(choice.own ? ['own=True'] : []),
	];
	return `    "${choice.key}": Loss(${[name, ...rest].join(', ')}),`;
}

function lossTable(losses: readonly ExperimentLoss[]): string {
	const lines = losses.map((loss) =>
		loss.code === '' ? `    # "${loss.choice.key}" is left out: ${loss.reason.replace(/\s+/gu, ' ')}` : entry(loss),
	);
	return `class Loss(NamedTuple):
    function: Callable
    variables: dict = {}  # first values of numbers that are trained beside the net
    rate: float = 1.0  # multiplies the learning rate
    own: bool = False


LOSSES = {
${lines.join('\n')}
}
`;
}

function valueOf(outputs: number, hasOwn: boolean): string {
	return `def value_of(loss, variables, y_true, valid, logits, progress):
    y_pred = ${outputs === 1 ? 'torch.sigmoid(logits)' : 'torch.softmax(logits, dim=-1)'}
${hasOwn ? '    if loss.own:\n        y_true, y_pred = without_ignored(y_true, y_pred, valid)\n' : ''}    given = {"y_true": y_true, "y_pred": y_pred, "logits": logits, "valid": valid, "progress": torch.tensor(progress)}
    given.update(variables)
    return loss.function(**{name: given[name] for name in inspect.signature(loss.function).parameters})
`;
}

const training = (weightDecay: number): string => `def train(key, seed, steps):
    """Yields the net and the loss of each step."""
    loss, folder = LOSSES[key], HERE / f"seed-{seed}"
    net, batches = UNet(), Batches(folder)
    load_weights(net, folder / "weights")
    net.train()
    variables = {name: torch.tensor(float(value), requires_grad=True) for name, value in loss.variables.items()}
    optimizers = [make_optimizer(net.parameters(), weight_decay=${numberText(weightDecay)})]
    if variables:
        # Clipped apart from the weights, and without decay.
        optimizers.append(make_optimizer(variables.values(), weight_decay=0.0))
    for step in range(steps):
        images, classes = batches[step]
        y_true, valid = encode(classes)
        logits = net(torch.from_numpy(images))
        # As in Overlap: slopes that move nothing become 0, so that products of them stay normal numbers.
        logits.register_hook(lambda slopes: slopes * (slopes.abs() > 1e-20))
        value = value_of(loss, variables, y_true, valid, logits, step / max(1, TOTAL_STEPS - 1))
        for optimizer in optimizers:
            optimizer.zero_grad()
        value.backward()
        for optimizer in optimizers:
            update(optimizer, learning_rate(step) * loss.rate)
        yield net, value.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--losses", nargs="*", default=list(LOSSES), choices=list(LOSSES))
    parser.add_argument("--steps", type=int, default=HELD_STEPS, help="train no more than these")
    options = parser.parse_args()
    steps = min(options.steps, HELD_STEPS)
    with open(HERE / "losses-torch.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["run", "step", "loss"])
        for seed in SEEDS:
            for key in options.losses:
                run, net, epoch = f"{key}-s{seed}", None, []
                for step, (net, value) in enumerate(train(key, seed, steps)):
                    table.writerow([run, step + 1, repr(value)])
                    epoch.append(value)
                    if (step + 1) % STEPS_PER_EPOCH == 0 or step + 1 == steps:
                        print(f"{run}: step {step + 1} of {steps}, mean loss {sum(epoch) / len(epoch):.6g}", flush=True)
                        epoch = []
                if net is not None:
                    torch.save(net.state_dict(), HERE / f"{run}.pt")


if __name__ == "__main__":
    main()
`;

/** The whole file. */
export function torchScript(facts: ScriptFacts): string {
	const { spec, runs, losses } = facts;
	const hasOwn = losses.some(({ choice, code }) => choice.own && code !== '');
	return [
		head(facts),
		torchNet(spec.net, runs.inputs, runs.outputs),
		weights,
		runs.shared ? laidBatches : wholeBatches,
		encoding(runs.outputs),
		...losses.flatMap(({ code }) => (code === '' ? [] : [code])),
		lossTable(losses),
		...(hasOwn ? [ownInputs(runs.outputs)] : []),
		valueOf(runs.outputs, hasOwn),
		torchOptimizer(spec.optimizer),
		training(spec.optimizer.weightDecay),
	].join('\n\n');
}
