/** Golden keys of losses that look at one pixel at a time. */
import { elements, flag, fromLogits, fromProbabilities, list, number, sumScale, unifiedValues } from './plan.ts';
import type { Params, Plan, Plans } from './plan.ts';

/** Hinge losses see the values as logits; rows of values are pixels. */
const hingePlan = (loss: string, params: Params, shape: readonly number[]): Plan => ({
	loss,
	values: {},
	activation: 'none',
	logits: 'given',
	rowsAsPixels: true,
	slices: params.reduction === 'none' ? 'sample' : 'whole',
	...sumScale(params, shape[0] ?? 1),
});

export const distributionPlans: Plans = {
	binaryCrossEntropy(params, shape, id) {
		if (id.endsWith('prob-perfect01')) return { skip: 'probabilities of exactly 0 and 1 have no logits' };
		return {
			loss: 'crossEntropy',
			values: { positiveWeight: number(params, 'posWeight', 1), labelSmoothing: number(params, 'labelSmoothing', 0) },
			...fromLogits(params, 1),
			rowsAsPixels: true,
			// Ignored pixels stay in SMP's divisor: 24 of 32 are valid.
			...(params.ignoreReduction === 'meanAll' ? { scale: 24 / 32 } : {}),
		};
	},
	categoricalCrossEntropy(params, shape) {
		return {
			loss: 'crossEntropy',
			values: {
				labelSmoothing: number(params, 'labelSmoothing', 0),
				classWeights: list(params, 'classWeights'),
				divideByWeights: flag(params, 'weightedMean', false),
			},
			...fromLogits(params, 3),
			...sumScale(params, elements(shape) / (shape.at(-1) ?? 1)),
		};
	},
	binaryFocal(params, shape, id) {
		if (id === 'monai/focal/none') return { skip: 'one value per pixel; our losses are scalars' };
		return {
			loss: 'focal',
			values: {
				gamma: number(params, 'gamma', 2),
				classBalancing: typeof params.alpha === 'number',
				alpha: number(params, 'alpha', 0.25),
				normalized: flag(params, 'normalized', false),
			},
			...fromLogits(params, 1),
			rowsAsPixels: true,
			dropFirstChannel: params.includeBackground === false,
			// SMP takes the mean of the terms after it has divided them by their sum of factors.
			...(params.normalized === true ? { scale: 1 / elements(shape) } : sumScale(params, elements(shape))),
		};
	},
	categoricalFocal(params, shape) {
		return {
			loss: 'focal',
			values: { gamma: number(params, 'gamma', 2), classBalancing: typeof params.alpha === 'number', alpha: number(params, 'alpha', 0.25) },
			...fromLogits(params, 3),
			...(params.sumClasses === false ? { scale: 1 / (shape.at(-1) ?? 1) } : {}),
		};
	},
	balancedBCE: (params) => ({
		loss: 'balancedCrossEntropy',
		values: { balance: 'fixed', beta: number(params, 'beta', 0.5) },
		...fromLogits(params, 1),
	}),
	classBalancedCE: (params) => ({
		loss: 'classBalancedCrossEntropy',
		values: { beta: number(params, 'betaCB', 0), pixelsPerClass: list(params, 'samplesPerClass') },
		...fromLogits(params, 3),
	}),
	topK: (params, shape) => ({
		loss: 'topKCrossEntropy',
		values: { percent: number(params, 'kPercent', 10) },
		...fromLogits(params, shape.at(-1) ?? 1),
	}),
	poly1CE: (params) => ({ loss: 'poly1', values: { epsilon: number(params, 'epsilon', 1) }, ...fromLogits(params, 3) }),
	generalizedCE: (params) => ({ loss: 'generalizedCrossEntropy', values: { q: number(params, 'q', 0.7) }, ...fromLogits(params, 3) }),
	symmetricCE: (params) => ({
		loss: 'symmetricCrossEntropy',
		values: { alpha: number(params, 'alpha', 0.1), beta: number(params, 'beta', 1), logOfZero: number(params, 'A', -4) },
		...fromLogits(params, 3),
	}),
	klDivergence: (params) => ({ loss: 'klDivergence', values: {}, ...fromProbabilities(params) }),
	jsDivergence: (params) => ({ loss: 'jsDivergence', values: {}, ...fromProbabilities(params) }),
	hinge: (params, shape) => hingePlan('hinge', params, shape),
	squaredHinge: (params, shape) => hingePlan('squaredHinge', params, shape),
	categoricalHinge: (params, shape) => ({ ...hingePlan('categoricalHinge', params, shape), rowsAsPixels: false }),
	nacl: (params) => ({
		loss: 'nacl',
		values: {
			alpha: number(params, 'alpha', 0.1),
			kernel: params.kernel === 'gaussian' ? 'gaussian' : 'mean',
			kernelSize: number(params, 'kernelSize', 3),
			sigma: number(params, 'sigma', 1),
			distance: params.distance === 'l2' ? 'l2' : 'l1',
		},
		...fromLogits(params, 3),
	}),
	asymmetricFocal: (params) => ({ loss: 'asymmetricFocal', values: unifiedValues(params), ...fromProbabilities(params) }),
};
