/** What the losses that look at one pixel at a time share: stable logarithms, class weights, and the mean over valid pixels. */
import { AppError } from '#lib/core/errors.ts';
import { parseNumbers } from '#lib/core/params.ts';
import type { NumberParam, NumbersParam } from '#lib/core/params.ts';
import { constant } from './constant.ts';
import type { LossInput, Scalar, Tensor, Tensor4D, Tf } from './contract.ts';

/** Number of channels: 1 means one sigmoid, more mean one softmax. */
export function isBinary(input: LossInput): boolean {
	return input.logits.shape[3] === 1;
}

/** −ln p and −ln(1 − p) of a sigmoid, straight from the logits: softplus(−z) and softplus(z), exact for any logit. */
export interface NegativeLogs {
	readonly ofForeground: Tensor4D;
	readonly ofBackground: Tensor4D;
}

export function negativeLogs(tf: Tf, logits: Tensor4D): NegativeLogs {
	return { ofForeground: tf.softplus(tf.neg(logits)), ofBackground: tf.softplus(logits) };
}

/** One weight per class, background first. */
export type ClassWeights = readonly number[];

const isOne = (weight: number): boolean => weight === 1;

/**
 * Cross-entropy of each pixel [B, H, W, 1]: −Σ_c w_c·g_c·ln p_c.
 * @param truth one-hot, soft or smoothed [B, H, W, C]
 */
export function pixelCrossEntropy(tf: Tf, input: LossInput, truth: Tensor4D = input.yTrue, weights: ClassWeights = []): Tensor4D {
	if (!isBinary(input)) {
		const weighted = weights.every(isOne) ? truth : tf.mul(truth, tf.tensor1d([...weights]));
		return tf.neg(tf.sum(tf.mul(weighted, tf.logSoftmax(input.logits)), 3, true));
	}
	const { ofForeground, ofBackground } = negativeLogs(tf, input.logits);
	const [background = 1, foreground = 1] = weights;
	const missed = tf.mul(foreground === 1 ? truth : tf.mul(truth, foreground), ofForeground);
	return tf.add(missed, tf.mul(tf.mul(tf.sub(1, truth), background), ofBackground));
}

/** The truth with a share of it spread evenly over this many classes. */
export function smoothedTruth(tf: Tf, truth: Tensor4D, share: number, classes: number): Tensor4D {
	return share === 0 ? truth : tf.add(tf.mul(truth, 1 - share), share / classes);
}

export const labelSmoothingParam = {
	kind: 'number',
	label: 'Label smoothing',
	help: 'Moves this share of the truth evenly to all classes, so that the net grows less certain. Where labels are flipped instead, as in segmentation_models.pytorch with two classes, a share is worth twice as much.',
	min: 0,
	max: 0.5,
	step: 0.01,
	default: 0,
} as const satisfies NumberParam;

/** Probability of the true class of each pixel [B, H, W, 1]. */
export function trueProbability(tf: Tf, input: LossInput): Tensor4D {
	const { yTrue, yPred } = input;
	const hit = tf.sum<Tensor4D>(tf.mul(yTrue, yPred), 3, true);
	return isBinary(input) ? tf.add(hit, tf.mul(tf.sub(1, yTrue), tf.sub(1, yPred))) : hit;
}

/** Takes classes without a share of the truth out of a maximum or sum of logarithms; above any logit. */
const far = 1e6;

/** Keeps the logarithm finite at pixels of no class, which are ignored ones. */
const smallestShare = 1e-30;

/** ln p of each class [B, H, W, K], background first, straight from the logits. */
export function logProbabilities(tf: Tf, input: LossInput): Tensor4D {
	if (!isBinary(input)) return tf.logSoftmax(input.logits);
	const { ofForeground, ofBackground } = negativeLogs(tf, input.logits);
	return tf.neg(tf.concat([ofBackground, ofForeground], 3));
}

/** ln Σ_c g_c·p_c of each pixel [B, H, W, 1]: the logarithm of `trueProbability`, which has no digits near 0. */
export function logTrueProbability(tf: Tf, input: LossInput): Tensor4D {
	const { truth } = classMaps(tf, input);
	const logs = tf.sub<Tensor4D>(logProbabilities(tf, input), tf.mul(tf.sub(1, tf.step(truth)), far));
	const largest = constant(tf, logs, () => tf.max<Tensor4D>(logs, 3, true));
	const shares = tf.sum(tf.mul(truth, tf.exp(tf.sub(logs, largest))), 3, true);
	return tf.add(largest, tf.log(tf.maximum(shares, smallestShare)));
}

/** Mean of a map [B, H, W, K] over valid pixels and its channels; 0 without a valid pixel. */
export function meanOverValid(tf: Tf, map: Tensor, valid: Tensor4D): Scalar {
	const channels = map.shape[3] ?? 1;
	const count = tf.maximum(tf.sum(valid), 1);
	return tf.div(tf.sum(tf.mul(map, valid)), tf.mul(count, channels));
}

/** The weight of each pixel's true class: [B, H, W, 1]. */
export function weightOfTrueClass(tf: Tf, input: LossInput, weights: ClassWeights): Tensor {
	if (!isBinary(input)) return tf.sum(tf.mul(input.yTrue, tf.tensor1d([...weights])), 3, true);
	const [background = 1, foreground = 1] = weights;
	return tf.add(tf.mul(input.yTrue, foreground - background), background);
}

/**
 * The weights that a `numbers` parameter spells out, or ones.
 * @throws AppError `spec-invalid` when their count is not that of the classes.
 */
export function classWeights(text: string, input: LossInput, parameter = 'classWeights'): number[] {
	const classes = isBinary(input) ? 2 : input.logits.shape[3];
	const weights = parseNumbers(text);
	if (weights.length === 0) return Array.from({ length: classes }, () => 1);
	if (weights.length !== classes) throw new AppError('spec-invalid', { parameter, given: weights.length, classes });
	return weights;
}

export const classWeightsParam = {
	kind: 'numbers',
	label: 'Weight of each class',
	help: 'Background first, separated by commas; a class with a larger weight is missed less. Empty means 1 for all.',
	min: 0,
	max: 10000,
	default: '',
} as const satisfies NumbersParam;

/** Truth and probabilities with a channel for every class: a sigmoid's background becomes the first of two. */
export interface ClassMaps {
	readonly truth: Tensor4D;
	readonly probability: Tensor4D;
}

export function classMaps(tf: Tf, input: LossInput): ClassMaps {
	if (!isBinary(input)) return { truth: input.yTrue, probability: input.yPred };
	const withBackground = (foreground: Tensor4D): Tensor4D => tf.concat([tf.sub<Tensor4D>(1, foreground), foreground], 3);
	return { truth: withBackground(input.yTrue), probability: withBackground(input.yPred) };
}
