/** Golden keys of losses that look at borders and topology. */
import { flag, fromLogits, fromProbabilities, list, number, sumScale } from './plan.ts';
import type { Plans } from './plan.ts';

export const boundaryPlans: Plans = {
	boundary: (params) => ({
		loss: 'boundary',
		values: { companion: 'none', innerOffset: number(params, 'innerOffset', 1), includeBackground: true },
		...fromProbabilities(params),
		targets: ['signedDistance'],
	}),
	hausdorffDT(params, shape) {
		if (shape.length === 5) return { skip: 'three-dimensional' };
		return {
			loss: 'hausdorffDistance',
			values: {
				alpha: number(params, 'alpha', 2),
				logarithm: flag(params, 'logHD', false),
				hausdorffWeight: 1,
				diceWeight: 0,
				includeBackground: flag(params, 'includeBackground', true),
			},
			...fromProbabilities(params),
			targets: ['signedDistance'],
		};
	},
	hausdorffER: (params) => ({
		loss: 'hausdorffErosion',
		values: { alpha: number(params, 'alpha', 2), erosions: number(params, 'erosions', 10), squaredError: 0, includeBackground: true },
		...fromProbabilities(params),
	}),
	boundaryDoU: (params) => ({ loss: 'boundaryDou', values: { includeBackground: true }, ...fromProbabilities(params) }),
	softClDice: (params) => ({
		loss: 'clDice',
		values: {
			alpha: number(params, 'alpha', 1),
			iterations: number(params, 'iterations', 3),
			smoothing: number(params, 'smooth', 1),
			includeBackground: true,
		},
		...fromProbabilities(params),
	}),
	totalVariation: (params, shape) => ({
		loss: 'totalVariation',
		values: { crossEntropyWeight: 0, variationWeight: 1 },
		...fromProbabilities(params),
		...sumScale(params, (shape[0] ?? 1) * (shape.at(-1) ?? 1)),
	}),
	distancePenalizedCE: (params) => ({
		loss: 'distancePenalisedCrossEntropy',
		values: {},
		...fromLogits(params, 1),
		targets: ['signedDistance'],
	}),
	unetWeightedCE: (params) => ({
		loss: 'borderWeightedCrossEntropy',
		values: { borderWeight: number(params, 'w0', 10), sigma: number(params, 'sigma', 5), classWeights: list(params, 'classWeights') },
		...fromLogits(params, 1),
		targets: ['instanceGap'],
	}),
};
