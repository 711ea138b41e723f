/** What a loss of ours looks at, made from a layout: logits and probabilities by the case's convention. */
import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../../constant.ts';
import type { LossInput, Tensor, Tensor4D } from '../../contract.ts';
import { activate } from '../activation.ts';
import type { Activation } from '../activation.ts';
import type { ParamReader } from './param-reader.ts';
import type { Layout } from './recipe.ts';
import { asElements } from './slices.ts';

const rest = { variables: {}, state: {}, progress: 0 } as const;

const predKinds = ['logits', 'probabilities', 'values'] as const;
export type PredKind = (typeof predKinds)[number];

export const readPredKind = (read: ParamReader, otherwise: PredKind = 'logits'): PredKind => read.choice('predKind', predKinds, otherwise);

/** Where Keras clips probabilities. */
const smallest = 1e-7;

/** The tensor with its values outside [low, high] set to the nearer end, where the gradient is 0. */
function clippedFlat(x: Tensor, low: number, high: number, inside: Tensor): Tensor {
	const clipped = constant(tf, x, () => tf.clipByValue(x, low, high));
	return tf.add(tf.mul(x, inside), tf.mul(clipped, tf.sub(1, inside)));
}

/**
 * ln p − ln(1 − p) of probabilities clipped to [10⁻⁷, 1 − 10⁻⁷]. Both sides are clipped apart, because 1 − 10⁻⁷ has no
 * digits left in float32; the gradient is 0 where either is.
 */
function logitsOf(p: Tensor4D): Tensor4D {
	const q = tf.sub(1, p);
	const inside = tf.mul(tf.step(tf.sub(p, smallest)), tf.step(tf.sub(q, smallest)));
	return tf.sub(tf.log(clippedFlat(p, smallest, 1, inside)), tf.log(clippedFlat(q, smallest, 1, inside)));
}

/** Logits whose softmax, or sigmoid, these probabilities are. */
function logitsBehind(p: Tensor4D): Tensor4D {
	if (p.shape[3] === 1) return logitsOf(p);
	const inside = tf.step(tf.sub(p, smallest));
	return tf.log(clippedFlat(p, smallest, 1, inside)) as Tensor4D;
}

/** A loss' view of the case where the activation is named: [B, H, W, C] with the case's own channels. */
export function activated(layout: Layout, activation: Activation, predKind: PredKind): LossInput {
	const { x, yTrue, valid, targets } = layout;
	const logits = activation === 'none' && predKind === 'probabilities' ? logitsBehind(x) : x;
	return { ...rest, yTrue, valid, targets, logits, yPred: activate(x, activation) };
}

const activations = ['none', 'sigmoid', 'softmax', 'tanh', 'logSoftmax'] as const satisfies readonly Activation[];

/**
 * Reads `activation` and `predKind` of a loss that compares areas.
 * @param without what yPred holds when there is no activation
 */
export function readActivated(read: ParamReader, without: PredKind = 'values'): (layout: Layout) => LossInput {
	const activation = read.choice('activation', activations, 'none');
	const predKind = readPredKind(read, activation === 'none' ? without : 'logits');
	return (layout) => activated(layout, activation, predKind);
}

/** A loss' view of the case for losses that take logits: one sigmoid, or one softmax a pixel; or the probabilities themselves. */
export function classView(layout: Layout, predKind: PredKind): LossInput {
	if (predKind !== 'logits') return activated(layout, 'none', predKind);
	return activated(layout, layout.x.shape[3] === 1 ? 'sigmoid' : 'softmax', predKind);
}

/**
 * Logits for a focal loss of probabilities, whose factor (1 − p_t)^γ is of the unclipped ones: where the logarithm is
 * clipped, and so constant, the factor still has a slope. There the focal loss has slope ∓1 in its logit, so the logit
 * gets the slope γ·(−ln ε).
 */
export function focalLogitsOf(p: Tensor4D, gamma: number): Tensor4D {
	const clipped = tf.sub(1, tf.mul(tf.step(tf.sub(p, smallest)), tf.step(tf.sub(1 - smallest, p))));
	const moved = tf.sub(
		p,
		constant(tf, p, () => tf.clone(p)),
	);
	return tf.add(logitsOf(p), tf.mul(tf.mul(moved, clipped), -gamma * Math.log(smallest)));
}

/** A loss' view with every entry as a pixel of one sigmoid. */
export function elementView(layout: Layout, predKind: PredKind, truth: Tensor4D = layout.yTrue): LossInput {
	const x = asElements(layout.x);
	const targets = Object.fromEntries(Object.entries(layout.targets).map(([name, map]) => [name, asElements(map)]));
	const logits = predKind === 'probabilities' ? logitsOf(x) : x;
	const yPred = predKind === 'logits' ? tf.sigmoid(x) : x;
	return { ...rest, yTrue: asElements(truth), valid: asElements(layout.validElements), targets, logits, yPred };
}
