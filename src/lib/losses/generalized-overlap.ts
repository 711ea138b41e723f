/** Generalised Dice: overlap summed over classes, each weighted against its size. */
import type { BooleanParam, ChoiceParam, NumberParam } from '#lib/core/params.ts';
import type { LossInput, Tensor, Tf } from './contract.ts';
import { numeratorParams, sumParams } from './region-params.ts';
import { regionCounts, smoothingGap } from './region.ts';
import type { RegionSums, Smoothing } from './region.ts';

export interface GeneralizedValues extends RegionSums, Smoothing {
	readonly weighting: string;
	readonly absentWeight: string;
}

/** 1/(Σ g)², 1/Σ g or 1 for each class [B, C'] or [C']; absent classes take the largest finite weight beside them, or 0. */
function classWeights(tf: Tf, area: Tensor, values: GeneralizedValues): Tensor {
	if (values.weighting === 'uniform') return tf.onesLike(area);
	const present = tf.step(area);
	const absent = tf.sub(1, present);
	const size = tf.add(area, absent);
	const weights = tf.div(present, values.weighting === 'square' ? tf.square(size) : size);
	return values.absentWeight === 'zero' ? weights : tf.add(weights, tf.mul(absent, tf.max(weights, -1, true)));
}

/** Keeps 0/0 away; its square, by which the slope divides, is still a float32. */
const smallestDenominator = 1e-15;

/** 1 − score for each image [B], or for the batch []. */
export function generalizedDiceLosses(tf: Tf, input: LossInput, values: GeneralizedValues): Tensor {
	const { truePositives, falsePositives, falseNegatives } = regionCounts(tf, input, values);
	const weights = classWeights(tf, tf.add(truePositives, falseNegatives), values);
	const errors = tf.sum(tf.mul(weights, tf.add(falsePositives, falseNegatives)), -1);
	const hits = tf.sum(tf.mul(weights, truePositives), -1);
	const denominator = tf.add(tf.add(tf.mul(hits, 2), errors), values.smoothing);
	const gap = smoothingGap(values);
	return tf.div(gap === 0 ? errors : tf.add(errors, gap), tf.maximum(denominator, smallestDenominator));
}

export const generalizedParams = {
	weighting: {
		kind: 'choice',
		label: 'Weight of a class',
		help: 'One over its squared size favours small classes most.',
		options: [
			{ value: 'square', label: 'one over its squared size' },
			{ value: 'simple', label: 'one over its size' },
			{ value: 'uniform', label: 'equal' },
		],
		default: 'square',
	},
	absentWeight: {
		kind: 'choice',
		label: 'Weight of an absent class',
		help: 'The largest of the other weights punishes false positives of absent classes; 0 never does.',
		options: [
			{ value: 'max', label: 'the largest of the others' },
			{ value: 'zero', label: '0' },
		],
		default: 'max',
	},
	smoothing: {
		kind: 'number',
		label: 'Smoothing (s)',
		help: 'Added to the numerator and the denominator; weights are far below 1, so small values matter. The paper has none; 10⁻⁵ as in MONAI.',
		min: 0,
		max: 1,
		step: 0.00001,
		default: 0.00001,
	},
	...numeratorParams({ max: 1, step: 0.00001 }),
	...sumParams,
	includeBackground: { ...sumParams.includeBackground, default: true },
} as const satisfies Readonly<Record<string, BooleanParam | ChoiceParam | NumberParam>>;
