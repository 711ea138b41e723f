/** A Python file that trains the runs of an experiment with PyTorch, from the arrays beside it. */
import { numberText } from '#lib/graphs/read-back.ts';
import { batches, encoding, head, learningRate, lossTable, mainOf, valueOf, type ScriptFacts } from './script-parts.ts';
import { torchNet } from './torch-net.ts';
import { torchOptimizer } from './torch-optimizer.ts';

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
        y_true, valid = map(torch.from_numpy, encode(classes))
        logits = net(torch.from_numpy(images))
        # As in Overlap: slopes that move nothing become 0, so that products of them stay normal numbers.
        logits.register_hook(lambda slopes: slopes * (slopes.abs() > 1e-20))
        value = value_of(loss, variables, y_true, valid, logits, torch.tensor(step / max(1, TOTAL_STEPS - 1)))
        for optimizer in optimizers:
            optimizer.zero_grad()
        value.backward()
        for optimizer in optimizers:
            update(optimizer, learning_rate(step) * loss.rate)
        yield net, value.item()
`;

/** The whole file. */
export function torchScript(facts: ScriptFacts): string {
	const { spec, runs, losses } = facts;
	const activation = runs.outputs === 1 ? 'torch.sigmoid(logits)' : 'torch.softmax(logits, dim=-1)';
	return [
		head(facts, ['import numpy as np', 'import torch', 'import torch.nn.functional as F', 'from torch import nn']),
		torchNet(spec.net, runs.inputs, runs.outputs),
		weights,
		batches(runs),
		encoding(runs.outputs),
		...losses.flatMap(({ code }) => (code === '' ? [] : [code])),
		lossTable(losses),
		valueOf(facts, { tensor: 'torch.tensor', clip: 'torch.clamp', activation }),
		learningRate(spec.optimizer),
		torchOptimizer(spec.optimizer),
		training(spec.optimizer.weightDecay),
		mainOf('torch', facts, 'torch.save(net.state_dict(), HERE / f"{run}.pt")'),
	].join('\n\n');
}
