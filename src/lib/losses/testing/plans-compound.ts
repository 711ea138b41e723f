/** Golden keys of sums of losses. */
import { fromLogits, fromProbabilities, list, number, regionValues, unifiedValues } from './plan.ts';
import type { Plans } from './plan.ts';

export const compoundPlans: Plans = {
	diceCE: (params) => ({
		loss: 'diceCrossEntropy',
		values: {
			...regionValues(params, 0.5),
			diceWeight: number(params, 'lambdaDice', 1),
			crossEntropyWeight: number(params, 'lambdaCE', 1),
			classWeights: list(params, 'ceClassWeights'),
			divideByWeights: Array.isArray(params.ceClassWeights),
		},
		...fromProbabilities(params),
	}),
	diceFocal: (params) => ({
		loss: 'diceFocal',
		values: { ...regionValues(params, 0.5), gamma: number(params, 'gamma', 2) },
		...fromProbabilities(params),
	}),
	diceTopK: (params) => ({
		loss: 'diceTopK',
		values: { ...regionValues(params, 0.5), percent: number(params, 'kPercent', 10) },
		...fromProbabilities(params),
	}),
	combo: (params) => ({
		loss: 'combo',
		values: {
			alpha: number(params, 'alpha', 0.5),
			beta: number(params, 'beta', 0.5),
			smoothing: number(params, 'smooth', 1) / 2,
			batchSums: true,
		},
		...fromProbabilities(params),
	}),
	exponentialLogarithmic: (params, shape) => ({
		loss: 'exponentialLogarithmic',
		values: {
			diceWeight: number(params, 'wDice', 0.8),
			crossWeight: number(params, 'wCross', 0.2),
			gamma: number(params, 'gamma', 0.3),
			crossGamma: number(params, 'gamma', 0.3),
			smoothing: number(params, 'smooth', 1) / 2,
		},
		...fromLogits(params, shape.at(-1) ?? 1),
	}),
	unifiedFocal: (params) => ({
		loss: 'unifiedFocal',
		values: { ...unifiedValues(params), lambda: number(params, 'lambda', 0.5), batchSums: false },
		...fromProbabilities(params),
	}),
};
