/** Cross-entropy with class weights and label smoothing, alone or as part of another loss. */
import type { BooleanParam, NumberParam, NumbersParam } from '#lib/core/params.ts';
import type { LossInput, Scalar, Tf } from './contract.ts';
import {
	classWeights,
	classWeightsParam,
	labelSmoothingParam,
	meanOverValid,
	pixelCrossEntropy,
	smoothedTruth,
	weightOfTrueClass,
} from './pixelwise.ts';

/** Keeps 0/0 away when no pixel is valid. */
const smallestWeight = 1e-7;

export interface CrossEntropyValues {
	readonly positiveWeight: number;
	readonly labelSmoothing: number;
	readonly classWeights: string;
	readonly divideByWeights: boolean;
}

/** mean( −w·ln p_t ), over pixels or over their weights. */
export function crossEntropyLoss(tf: Tf, input: LossInput, values: CrossEntropyValues): Scalar {
	const weights = classWeights(values.classWeights, input).map((weight, index) => (index === 0 ? weight : weight * values.positiveWeight));
	const truth = smoothedTruth(tf, input.yTrue, values.labelSmoothing, weights.length);
	const map = pixelCrossEntropy(tf, input, truth, weights);
	if (!values.divideByWeights) return meanOverValid(tf, map, input.valid);
	const total = tf.sum(tf.mul(weightOfTrueClass(tf, input, weights), input.valid));
	return tf.div(tf.sum(tf.mul(map, input.valid)), tf.maximum(total, smallestWeight));
}

export const crossEntropyParams = {
	positiveWeight: {
		kind: 'number',
		label: 'Weight of foreground',
		help: 'Above 1, a missed foreground pixel costs more than a false one: higher recall, lower precision.',
		min: 0.01,
		max: 1000,
		step: 0.1,
		default: 1,
	},
	labelSmoothing: labelSmoothingParam,
	classWeights: classWeightsParam,
	divideByWeights: {
		kind: 'boolean',
		label: 'Divide by the sum of weights',
		help: 'On divides by the weights of the pixels (as PyTorch does), off by their number (as Keras does).',
		default: false,
	},
} as const satisfies Readonly<Record<string, BooleanParam | NumberParam | NumbersParam>>;
