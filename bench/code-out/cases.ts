/** Losses as Python, with an input and the value that this app's own maths gives for it on tfjs' plain cpu backend. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { defaultValues } from '#lib/core/params.ts';
import { RandomStream } from '#lib/core/random.ts';
import { pythonFile, type PythonLibrary } from '#lib/graphs/python.ts';
import { GraphError } from '#lib/graphs/shapes.ts';
import type { AnyLoss, LossInput } from '#lib/losses/contract.ts';
import { graphOfLoss } from '#lib/losses/graph-of-loss.ts';
import { lossShelf } from '#lib/losses/index.ts';

const shape: [number, number, number] = [2, 6, 5];
const facts = { classPixels: [40, 14, 6] };

export interface CodeCase {
	readonly loss: string;
	readonly library: PythonLibrary;
	readonly channels: number;
	/** The file; '' where the loss has no code, for `reason`. */
	readonly code: string;
	readonly reason: string;
	readonly name: string;
	/** [B, H, W, C] flat, by argument. */
	readonly given: Readonly<Record<string, readonly number[]>>;
	readonly variables: Readonly<Record<string, number>>;
	readonly shape: readonly number[];
	readonly expected: number;
}

/** Logits and a truth that has every class; some pixels are ignored. */
function draw(channels: number): { logits: number[]; yTrue: number[]; valid: number[] } {
	const random = new RandomStream(7, 'sample', channels);
	const pixels = shape[0] * shape[1] * shape[2];
	const valid = Array.from({ length: pixels }, (_, at) => (random.uniform(9000 + at) < 0.1 ? 0 : 1));
	const truth = Array.from({ length: pixels }, (_, at) => Math.floor(random.uniform(5000 + at) * Math.max(2, channels)));
	const yTrue = valid.flatMap((counts, at) =>
		channels === 1
			? [counts * (truth[at] ?? 0)]
			: Array.from({ length: channels }, (_, channel) => (counts && truth[at] === channel ? 1 : 0)),
	);
	return { logits: Array.from({ length: pixels * channels }, (_, at) => 2 * random.normal(at)), yTrue, valid };
}

function valueOf(loss: AnyLoss, channels: number, drawn: ReturnType<typeof draw>): { value: number; yPred: number[] } {
	const sides: [number, number, number, number] = [...shape, channels];
	const values = defaultValues(loss.params);
	const logits = tf.tensor4d(drawn.logits, sides);
	const yPred = channels === 1 ? tf.sigmoid(logits) : tf.softmax(logits);
	const input: LossInput = {
		yTrue: tf.tensor4d(drawn.yTrue, sides),
		logits,
		yPred,
		valid: tf.tensor4d(drawn.valid, [...shape, 1]),
		targets: {},
		variables: Object.fromEntries(Object.entries(loss.variables(values)).map(([name, value]) => [name, tf.scalar(value)])),
		state: loss.firstState(values, facts),
		progress: 0,
	};
	return { value: loss.compute(tf, input, values).dataSync()[0] ?? Number.NaN, yPred: [...yPred.dataSync()] };
}

function caseOf(loss: AnyLoss, library: PythonLibrary, channels: number): CodeCase {
	const drawn = draw(channels);
	const base = { loss: loss.id, library, channels, name: loss.id, shape: [...shape, channels] };
	try {
		const graph = graphOfLoss(loss, defaultValues(loss.params), [...shape, channels], facts);
		const code = pythonFile(graph, library, { name: loss.id, about: loss.summary });
		const { value, yPred } = valueOf(loss, channels, drawn);
		const { logits, yTrue, valid } = drawn;
		const given = { y_true: yTrue, y_pred: yPred, logits, valid };
		return { ...base, code, reason: '', given, variables: graph.variables, expected: value };
	} catch (error) {
		if (!(error instanceof GraphError)) throw error;
		return { ...base, code: '', reason: error.message.slice(0, 90), given: {}, variables: {}, expected: Number.NaN };
	}
}

/** Every loss of the shelf with its published values, with one channel and with three. */
export async function codeCases(library: PythonLibrary): Promise<CodeCase[]> {
	await tf.setBackend('cpu');
	return [1, 3].flatMap((channels) => lossShelf.map((loss) => caseOf(loss, library, channels)));
}
