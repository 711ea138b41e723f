/** The two halves of the unified focal loss: cross-entropy and Tversky, each with one weight δ and one focus γ. */
import type { BooleanParam, NumberParam } from '#lib/core/params.ts';
import type { LossInput, Scalar, Tensor, Tensor4D, Tf } from './contract.ts';
import { classMaps, isBinary, meanOverValid } from './pixelwise.ts';
import { power } from './power.ts';
import { sumParams } from './region-params.ts';
import { regionSum } from './region.ts';

/** Probabilities are clipped to [ε, 1 − ε], and Tversky is smoothed by ε, as in the published code. */
const epsilon = 1e-7;

export interface UnifiedValues {
	readonly delta: number;
	readonly gamma: number;
	readonly symmetric: boolean;
}

interface ClippedMaps {
	/** [B, H, W, K], background first, K ≥ 2 */
	readonly truth: Tensor4D;
	readonly probability: Tensor4D;
	/** 1 − probability, clipped by itself: float32 has no 1 − 10⁻⁷. */
	readonly doubt: Tensor4D;
}

/** Both classes of a sigmoid come straight from the logit: 1 − p has no digits left where p is near 1. */
function clippedMaps(tf: Tf, input: LossInput): ClippedMaps {
	const { truth } = classMaps(tf, input);
	const clipped = (map: Tensor4D): Tensor4D => tf.clipByValue(map, epsilon, 1 - epsilon);
	if (!isBinary(input)) return { truth, probability: clipped(input.yPred), doubt: clipped(tf.sub(1, input.yPred)) };
	const [foreground, background] = [tf.sigmoid(input.logits), tf.sigmoid(tf.neg(input.logits))];
	return {
		truth,
		probability: clipped(tf.concat([background, foreground], 3)),
		doubt: clipped(tf.concat([foreground, background], 3)),
	};
}

/** The background, and all classes after it, along the last axis. */
function split(tf: Tf, map: Tensor): { background: Tensor; foreground: Tensor } {
	const last = map.rank - 1;
	const [background, foreground] = tf.split(map, [1, (map.shape[last] ?? 1) - 1], last);
	if (background === undefined || foreground === undefined) throw new RangeError('a map needs two classes');
	return { background, foreground };
}

/** mean( (1 − δ)·(1 − p₀)^γ·CE₀ + δ·Σ CE_c ); symmetric focuses the foreground too. */
export function focalTerm(tf: Tf, input: LossInput, { delta, gamma, symmetric }: UnifiedValues): Scalar {
	const { truth, probability, doubt } = clippedMaps(tf, input);
	const entropy = split(tf, tf.neg(tf.mul(truth, tf.log(probability))));
	const focus = split(tf, power(tf, doubt, gamma));
	const missed = tf.sum(symmetric ? tf.mul(focus.foreground, entropy.foreground) : entropy.foreground, 3, true);
	const marked = tf.mul(focus.background, entropy.background);
	return meanOverValid(tf, tf.add(tf.mul(marked, 1 - delta), tf.mul(missed, delta)), input.valid);
}

/** mean over classes of 1 − TI₀ and (1 − TI_c)^(1 − γ); symmetric gives the background the exponent too. */
export function tverskyTerm(tf: Tf, input: LossInput, values: UnifiedValues & { readonly batchSums: boolean }): Scalar {
	const { truth, probability, doubt } = clippedMaps(tf, input);
	const inside = tf.mul(truth, input.valid);
	const total = (map: Tensor): Tensor => regionSum(tf, map, values.batchSums);
	const hits = total(tf.mul(probability, inside));
	const missed = tf.mul(total(tf.mul(doubt, inside)), values.delta);
	const marked = tf.mul(total(tf.mul(probability, tf.sub(input.valid, inside))), 1 - values.delta);
	const errors = tf.add(missed, marked);
	const losses = split(tf, tf.div(errors, tf.add(tf.add(hits, errors), epsilon)));
	const exponent = 1 - values.gamma;
	const background = values.symmetric ? power(tf, losses.background, exponent) : losses.background;
	return tf.mean(tf.concat([background, power(tf, losses.foreground, exponent)], -1));
}

export const unifiedParams = {
	delta: {
		kind: 'number',
		label: 'Weight of missed foreground (δ)',
		help: 'Larger values miss less and mark more by mistake; errors of the other kind have 1 − δ.',
		min: 0,
		max: 1,
		step: 0.05,
		default: 0.6,
	},
	gamma: {
		kind: 'number',
		label: 'Focusing (γ)',
		help: 'Larger values turn easy background down more and keep pushing rare classes.',
		min: 0,
		max: 0.9,
		step: 0.05,
		default: 0.5,
	},
	symmetric: {
		kind: 'boolean',
		label: 'Same for foreground and background',
		help: 'Off focuses the background in the focal term and the foreground in the Tversky term only.',
		default: false,
	},
} as const satisfies Readonly<Record<string, BooleanParam | NumberParam>>;

export const unifiedSumParam = { batchSums: sumParams.batchSums };

export const unifiedSource = {
	authors: 'Yeung, Sala, Schönlieb, Rundo',
	year: 2022,
	title: 'Unified Focal loss: Generalising Dice and cross entropy-based losses to handle class imbalanced medical image segmentation',
	venue: 'Computerized Medical Imaging and Graphics',
	link: 'https://arxiv.org/abs/2102.04525',
} as const;
