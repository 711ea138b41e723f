/** Builds what a loss looks at, for tests: a batch from plain numbers, activated like the net's output. */
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import type { AnyLoss, LossInput, Tensor4D } from '../contract.ts';
import type { ParamValue } from '#lib/core/params.ts';
import { activate } from './activation.ts';
import type { Activation } from './activation.ts';

/** The layout of a batch in plain numbers, channels last. */
export interface PlainBatch {
	readonly shape: readonly [batch: number, height: number, width: number, channels: number];
	readonly yTrue: readonly number[];
	/** What the gradient is taken of. */
	readonly yPred: readonly number[];
	/** One entry a pixel; all ones when absent. */
	readonly valid?: readonly number[];
	readonly activation?: Activation;
	/** True when `yPred` holds probabilities whose logits the loss should see. */
	readonly inverseLogits?: boolean;
	readonly targets?: Readonly<Record<string, readonly number[]>>;
	readonly progress?: number;
	/** Values of the loss' variables; their first ones when absent. */
	readonly variables?: Readonly<Record<string, number>>;
	/** What the loss remembers; what it knows before the first step when absent. */
	readonly state?: Readonly<Record<string, number>>;
}

/** Pixels of each class of a batch, background first. */
function classPixels({ shape, yTrue, valid }: PlainBatch): number[] {
	const channels = shape[3];
	const counts = new Array<number>(Math.max(2, channels)).fill(0);
	for (let pixel = 0; pixel < yTrue.length / channels; pixel++) {
		if (valid?.[pixel] === 0) continue;
		if (channels === 1) counts[yTrue[pixel]! > 0.5 ? 1 : 0]!++;
		else yTrue.slice(pixel * channels, (pixel + 1) * channels).forEach((share, index) => (counts[index]! += share));
	}
	return counts;
}

/** The logits that stand behind probabilities strictly between 0 and 1. */
function logitsBehind(x: Tensor4D): Tensor4D {
	return x.shape[3] === 1 ? tf.sub(tf.log(x), tf.log(tf.sub(1, x))) : tf.log(x);
}

/** What the loss looks at, at `yPred` or at another tensor in its place; inside a `tidy`. */
export function lossInput(
	loss: AnyLoss,
	batch: PlainBatch,
	values: Readonly<Record<string, ParamValue>>,
	yPred: Tensor4D = tf.tensor4d([...batch.yPred], [...batch.shape]),
): LossInput {
	const [b, h, w, c] = batch.shape;
	const tensor = (data: readonly number[], channels: number): Tensor4D => tf.tensor4d([...data], [b, h, w, channels], 'float32');
	return {
		yTrue: tensor(batch.yTrue, c),
		valid: batch.valid === undefined ? tf.ones<tf.Rank.R4>([b, h, w, 1]) : tensor(batch.valid, 1),
		targets: Object.fromEntries(Object.entries(batch.targets ?? {}).map(([name, data]) => [name, tensor(data, c)])),
		variables: Object.fromEntries(
			Object.entries(batch.variables ?? loss.variables(values)).map(([name, value]) => [name, tf.scalar(value)]),
		),
		state: batch.state ?? loss.firstState(values, { classPixels: classPixels(batch) }),
		progress: batch.progress ?? 0,
		logits: batch.inverseLogits === true ? logitsBehind(yPred) : yPred,
		yPred: activate(yPred, batch.activation ?? (c === 1 ? 'sigmoid' : 'softmax')),
	};
}

/** Value of a loss, at a third of the work of its gradient. */
export async function valueOf(loss: AnyLoss, batch: PlainBatch, values: Readonly<Record<string, ParamValue>> = {}): Promise<number> {
	const result = tf.tidy(() => loss.compute(tf, lossInput(loss, batch, values), values));
	const [value] = await result.data();
	result.dispose();
	return value ?? Number.NaN;
}

/** Value and gradient of a loss with respect to `yPred` as given. */
export async function evaluate(
	loss: AnyLoss,
	batch: PlainBatch,
	values: Readonly<Record<string, ParamValue>> = {},
): Promise<{ value: number; gradient: Float32Array }> {
	const result = tf.tidy(() => {
		const forward = (x: tf.Tensor): tf.Scalar => loss.compute(tf, lossInput(loss, batch, values, x as Tensor4D), values);
		return tf.valueAndGrad(forward)(tf.tensor4d([...batch.yPred], [...batch.shape]));
	});
	const [value] = await result.value.data();
	const gradient = Float32Array.from(await result.grad.data());
	result.value.dispose();
	result.grad.dispose();
	return { value: value ?? Number.NaN, gradient };
}
