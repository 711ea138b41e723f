/** Golden keys of losses that compare areas. */
import type { ParamValue } from '#lib/core/params.ts';
import { flag, fromProbabilities, list, number, regionValues, sumScale, unifiedValues } from './plan.ts';
import type { Params, Plan, Plans } from './plan.ts';

const absent = (params: Params): Record<string, ParamValue> => ({ absentClasses: params.emptyClass === 'zeroLoss' ? 'zero' : 'count' });

const perSample = (params: Params): Pick<Plan, 'activation' | 'logits' | 'slices'> => ({
	...fromProbabilities(params),
	slices: params.reduction === 'none' ? 'sample' : 'whole',
});

const generalizedValues = (params: Params): Record<string, ParamValue> => ({
	weighting: params.weightType === 'simple' || params.weightType === 'uniform' ? params.weightType : 'square',
	absentWeight: params.emptyClassWeight === 'zero' ? 'zero' : 'max',
	smoothing: number(params, 'smoothDen', 1e-5),
	batchSums: false,
	includeBackground: true,
});

/** Keras' `axis`: all pools everything, [1, 2, 3] keeps images apart, [1, 2] images and classes. */
function kerasPlan(loss: string, params: Params, values: Record<string, ParamValue>): Plan {
	const axes = Array.isArray(params.axis) ? params.axis.length : 4;
	return {
		loss: axes === 2 ? 'dice' : loss,
		values:
			axes === 2
				? { smoothing: 0.5e-7, smoothNumerator: false, batchSums: false, includeBackground: true }
				: { ...values, perImage: axes === 3 },
		...perSample(params),
	};
}

export const regionPlans: Plans = {
	dice(params) {
		if (params.jaccard === true)
			return { loss: 'tversky', values: { alpha: 1, beta: 1, ...regionValues(params, 0.5) }, ...fromProbabilities(params) };
		if (params.softLabel === true) return { loss: 'softLabelTversky', values: regionValues(params, 0.5), ...fromProbabilities(params) };
		return {
			loss: 'dice',
			values: { ...regionValues(params, 0.5), squared: flag(params, 'squared', false) },
			...fromProbabilities(params),
			offset: params.negate === true ? -1 : 0,
			pick: number(params, 'pickClass', 0),
		};
	},
	maskedDice(params) {
		if (params.maskStage === 'beforeActivation') return { skip: 'masking logits lets ignored pixels count as p = ½; ours are left out' };
		return { loss: 'dice', values: regionValues(params, 0.5), ...fromProbabilities(params) };
	},
	tversky(params) {
		return {
			loss: params.softLabel === true ? 'softLabelTversky' : 'tversky',
			values: { alpha: number(params, 'alpha', 0.5), beta: number(params, 'beta', 0.5), ...regionValues(params, 1), ...absent(params) },
			...fromProbabilities(params),
		};
	},
	jaccard: (params) => ({ loss: 'jaccard', values: regionValues(params, 1), ...fromProbabilities(params) }),
	focalTversky: (params) => ({
		loss: 'focalTversky',
		values: {
			alpha: number(params, 'alpha', 0.3),
			beta: number(params, 'beta', 0.7),
			exponent: number(params, 'exponent', 0.75),
			...regionValues(params, 1),
		},
		...fromProbabilities(params),
	}),
	asymmetricSimilarity: (params) => ({
		loss: 'asymmetricSimilarity',
		values: { beta: number(params, 'betaF', 1.5), ...regionValues(params, 1) },
		...fromProbabilities(params),
	}),
	logCoshDice: (params) => ({ loss: 'logCoshDice', values: regionValues(params, 0.5), ...fromProbabilities(params) }),
	generalizedDice: (params) => ({ loss: 'generalizedDice', values: generalizedValues(params), ...perSample(params) }),
	penaltyGeneralizedDice: (params) => ({
		loss: 'penaltyGeneralizedDice',
		values: { ...generalizedValues(params), penalty: number(params, 'k', 2.5) },
		...perSample(params),
	}),
	generalizedWassersteinDice: (params) => ({
		loss: 'wassersteinDice',
		values: {
			distances: list(params, 'distMatrix'),
			weighting: params.weightingMode === 'GDL' ? 'size' : 'foreground',
			smoothing: number(params, 'smoothNum', 1e-5),
			batchSums: false,
		},
		...fromProbabilities(params),
	}),
	lovaszHinge: (params) => ({
		loss: 'lovaszHinge',
		values: { perImage: flag(params, 'perImage', true) },
		activation: 'none',
		logits: 'given',
	}),
	lovaszSoftmax: (params) => ({
		loss: 'lovaszSoftmax',
		values: { classes: params.classes === 'all' ? 'all' : 'present', perImage: flag(params, 'perImage', false) },
		...fromProbabilities(params),
	}),
	mcc: (params, shape) => ({
		loss: 'mcc',
		values: { smoothing: number(params, 'smoothDen', 1e-5), batchSums: false, includeBackground: true },
		...fromProbabilities(params),
		...sumScale(params, (shape[0] ?? 1) * (shape.at(-1) ?? 1)),
	}),
	sensitivitySpecificity: (params) => ({
		loss: 'sensitivitySpecificity',
		values: {
			sensitivity: number(params, 'r', 0.05),
			smoothing: number(params, 'smooth', 1e-5),
			batchSums: false,
			includeBackground: true,
		},
		...fromProbabilities(params),
	}),
	noiseRobustDice: (params) => ({
		loss: 'noiseRobustDice',
		values: { gamma: number(params, 'gamma', 1.5), smoothing: number(params, 'smoothDen', 1e-5), batchSums: false },
		...fromProbabilities(params),
	}),
	dicePlusPlus: (params) => ({
		loss: 'dicePlusPlus',
		values: { gamma: number(params, 'gamma', 2), smoothing: number(params, 'smooth', 1e-7), batchSums: false },
		...fromProbabilities(params),
	}),
	kerasDice: (params) => kerasPlan('kerasDice', params, {}),
	kerasTversky: (params) => kerasPlan('kerasTversky', params, { alpha: number(params, 'alpha', 0.5), beta: number(params, 'beta', 0.5) }),
	asymmetricFocalTversky: (params) => ({
		loss: 'asymmetricFocalTversky',
		values: { ...unifiedValues(params), batchSums: false },
		...fromProbabilities(params),
	}),
};
