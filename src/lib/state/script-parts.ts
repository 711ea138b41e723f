/** What the Python files of an experiment have in common, whichever library they train with. */
import type { ExperimentSpec, OptimizerSpec } from '#lib/core/experiment.ts';
import type { ExportedRuns } from '#lib/core/exported-runs.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import { variableName, type PythonLibrary } from '#lib/graphs/python.ts';
import { numberText } from '#lib/graphs/read-back.ts';
import type { ExperimentLoss } from './experiment-losses.ts';

export interface ScriptFacts {
	readonly spec: ExperimentSpec;
	/** From 1, of the one whose runs these are; undefined without folds. */
	readonly fold: number | undefined;
	readonly runs: Pick<ExportedRuns, 'inputs' | 'outputs' | 'stepsPerEpoch' | 'totalSteps' | 'heldSteps' | 'shared'>;
	readonly losses: readonly ExperimentLoss[];
}

/** The head of the file. @param imports lines beside those of Python itself */
export const head = (
	{ spec, runs }: ScriptFacts,
	imports: readonly string[],
): string => `"""Trains the runs of an experiment as Overlap did: see README.txt."""
import argparse
import csv
import inspect
import math
from pathlib import Path
from typing import Callable, NamedTuple

${imports.join('\n')}

HERE = Path(__file__).resolve().parent
SEEDS = [${spec.seeds.join(', ')}]
TOTAL_STEPS = ${runs.totalSteps}
HELD_STEPS = ${runs.heldSteps}  # whose batches are in this folder
STEPS_PER_EPOCH = ${runs.stepsPerEpoch}
IGNORED = ${ignoredClass}  # the class of pixels that count nowhere
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

/** `Batches`. */
export const batches = ({ shared }: ScriptFacts['runs']): string => (shared ? laidBatches : wholeBatches);

/** `encode`. */
export function encoding(outputs: number): string {
	const oneHot =
		outputs === 1 ? 'np.where(counts, classes, 0)[..., None]' : `np.eye(${outputs})[np.where(counts, classes, 0)] * counts[..., None]`;
	return `def encode(classes):
    """Class indices [B, H, W] -> y_true [B, H, W, ${outputs}] and valid [B, H, W, 1]; 0 at ignored pixels in both."""
    counts = classes != IGNORED
    y_true = ${oneHot}
    return y_true.astype(np.float32), counts[..., None].astype(np.float32)
`;
}

/** As `losses/own-loss.ts` does it. */
function ownInputs(outputs: number, { tensor, clip }: TensorWords): string {
	const background = Array.from({ length: outputs }, (_, channel) => (outputs > 1 && channel === 0 ? 1 : 0));
	return `def without_ignored(y_true, y_pred, valid):
    """For losses of one's own: ignored pixels as background that is predicted right."""
    background = ${tensor}([${background.map((value) => value.toFixed(1)).join(', ')}])
    predicted = ${clip}(background, 1e-7, 1 - 1e-7)
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

/** `Loss` and `LOSSES`. */
export function lossTable(losses: readonly ExperimentLoss[]): string {
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

/** Functions of the library, by their names in Python. */
interface TensorWords {
	readonly tensor: string;
	readonly clip: string;
	/** Of the logits. */
	readonly activation: string;
}

/** `value_of`: a loss is given those of its arguments that it asks for. */
export function valueOf({ runs, losses }: ScriptFacts, words: TensorWords): string {
	const hasOwn = losses.some(({ choice, code }) => choice.own && code !== '');
	return `${hasOwn ? `${ownInputs(runs.outputs, words)}\n\n` : ''}def value_of(loss, variables, y_true, valid, logits, progress):
    y_pred = ${words.activation}
${hasOwn ? '    if loss.own:\n        y_true, y_pred = without_ignored(y_true, y_pred, valid)\n' : ''}    given = {"y_true": y_true, "y_pred": y_pred, "logits": logits, "valid": valid, "progress": progress}
    given.update(variables)
    return loss.function(**{name: given[name] for name in inspect.signature(loss.function).parameters})
`;
}

/** `learning_rate`. */
export function learningRate({ learningRate: most, schedule, warmUpSteps }: OptimizerSpec): string {
	const rate = numberText(most);
	const lines = [
		...(warmUpSteps > 0 ? [`if step < ${warmUpSteps}:`, `    return ${rate} * (step + 1) / ${warmUpSteps}`] : []),
		...(schedule === 'constant'
			? [`return ${rate}`]
			: [
					`share = (step - ${warmUpSteps}) / max(1, TOTAL_STEPS - ${warmUpSteps})`,
					`return ${rate} * 0.5 * (1 + math.cos(math.pi * share))`,
				]),
	];
	return `def learning_rate(step):
${lines.map((line) => `    ${line}`).join('\n')}
`;
}

/** `main`, which trains every run with `train`. @param saveNet a statement that writes `net` to a file named after `run` */
export const mainOf = (library: PythonLibrary, { fold }: ScriptFacts, saveNet: string): string => `def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--losses", nargs="*", default=list(LOSSES), choices=list(LOSSES))
    parser.add_argument("--steps", type=int, default=HELD_STEPS, help="train no more than these")
    options = parser.parse_args()
    steps = min(options.steps, HELD_STEPS)
    with open(HERE / "losses-${library}.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["run", "step", "loss"])
        for seed in SEEDS:
            for key in options.losses:
                run, net, epoch = f"{key}-s{seed}${fold === undefined ? '' : `-f${fold}`}", None, []
                for step, (net, value) in enumerate(train(key, seed, steps)):
                    table.writerow([run, step + 1, repr(value)])
                    epoch.append(value)
                    if (step + 1) % STEPS_PER_EPOCH == 0 or step + 1 == steps:
                        print(f"{run}: step {step + 1} of {steps}, mean loss {sum(epoch) / len(epoch):.6g}", flush=True)
                        epoch = []
                if net is not None:
                    ${saveNet}


if __name__ == "__main__":
    main()
`;
