/** How each golden key is expressed with the shelf: which loss, which values, and how the numbers are laid out. */
import type { ParamValue } from '#lib/core/params.ts';
import type { Activation } from './inputs.ts';

export interface Plan {
	/** Id on the shelf. */
	readonly loss: string;
	readonly values: Readonly<Record<string, ParamValue>>;
	/** How `yPred` of the case becomes our probabilities. */
	readonly activation: Activation;
	/** `given`: yPred of the case are the logits. `inverse`: it holds probabilities, the logits are found from them. */
	readonly logits: 'given' | 'inverse';
	/** The case's value = our value · scale + offset; a sum is a mean times a count, a score is a loss less one. */
	readonly scale?: number;
	readonly offset?: number;
	/** `sample` and `class`: the case lists one value per image, or per image and channel. */
	readonly slices?: 'whole' | 'sample' | 'class';
	/** Which of the slices holds the expected value. */
	readonly pick?: number;
	/** Rows of values are laid out as single pixels of one channel instead of channels. */
	readonly rowsAsPixels?: boolean;
	/** Leaves the first channel out, which a sigmoid per channel allows. */
	readonly dropFirstChannel?: boolean;
	readonly targets?: readonly string[];
}

/** Why a golden key or case is not one of ours. */
export interface Skip {
	readonly skip: string;
}

type Params = Readonly<Record<string, unknown>>;

const number = (params: Params, key: string, otherwise: number): number => (typeof params[key] === 'number' ? params[key] : otherwise);
const flag = (params: Params, key: string, otherwise: boolean): boolean => (typeof params[key] === 'boolean' ? params[key] : otherwise);
const list = (params: Params, key: string): string => (Array.isArray(params[key]) ? params[key].flat(3).join(',') : '');

const activations: readonly Activation[] = ['sigmoid', 'softmax', 'tanh', 'logSoftmax', 'none'];
const activationOf = (params: Params): Activation => activations.find((name) => name === params.activation) ?? 'none';

/** Losses that look at yPred only: the case's activation gives it. */
const fromProbabilities = (params: Params): Pick<Plan, 'activation' | 'logits' | 'slices'> => ({
	activation: activationOf(params),
	logits: 'given',
	slices: params.reduction === 'none' ? 'class' : 'whole',
});

/** Losses that look at logits: given as such, or found from probabilities. */
function fromLogits(params: Params, channels: number): Pick<Plan, 'activation' | 'logits'> {
	if (params.predKind === 'probabilities') return { activation: 'none', logits: 'inverse' };
	return { activation: channels === 1 ? 'sigmoid' : 'softmax', logits: 'given' };
}

/** Ours smooths Tversky's form; Dice as 2TP/(Σp + Σg) has twice its constant. */
function smoothing(params: Params, share: number): Record<string, ParamValue> {
	const numerator = number(params, 'smoothNum', 0);
	const denominator = number(params, 'smoothDen', number(params, 'denClamp', 0) > 0 ? 0 : 1e-5);
	if (numerator !== 0 && numerator !== denominator) throw new RangeError('no loss smooths both ends differently');
	return { smoothing: denominator * share, smoothNumerator: numerator !== 0 || denominator === 0 };
}

const regionValues = (params: Params, share: number): Record<string, ParamValue> => ({
	...smoothing(params, share),
	batchSums: flag(params, 'batchDice', false),
	includeBackground: flag(params, 'includeBackground', true),
});

const absent = (params: Params): Record<string, ParamValue> => ({ absentClasses: params.emptyClass === 'zeroLoss' ? 'zero' : 'count' });

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** A case's sum over entries or pixels, as a multiple of our mean. */
const sumScale = (params: Params, count: number): Pick<Plan, 'scale'> => (params.reduction === 'sum' ? { scale: count } : {});

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

const unifiedValues = (params: Params): Record<string, ParamValue> => ({
	delta: number(params, 'delta', 0.6),
	gamma: number(params, 'gamma', 0.5),
	symmetric: flag(params, 'symmetric', false),
});

/** Regression losses see the values as probabilities; every value is a pixel. */
function residualPlan(loss: string, params: Params, shape: readonly number[], values: Record<string, ParamValue>): Plan | Skip {
	if (params.sampleWeight !== undefined) return { skip: 'weights of samples; ours weigh pixels by the mask only' };
	return { loss, values, activation: 'none', logits: 'given', rowsAsPixels: true, ...sumScale(params, elements(shape)) };
}

type Planner = (params: Params, shape: readonly number[], id: string) => Plan | Skip;

export const plans: Readonly<Record<string, Planner>> = {
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
	asymmetricFocal: (params) => ({ loss: 'asymmetricFocal', values: unifiedValues(params), ...fromProbabilities(params) }),
	asymmetricFocalTversky: (params) => ({
		loss: 'asymmetricFocalTversky',
		values: { ...unifiedValues(params), batchSums: false },
		...fromProbabilities(params),
	}),
	unifiedFocal: (params) => ({
		loss: 'unifiedFocal',
		values: { ...unifiedValues(params), lambda: number(params, 'lambda', 0.5), batchSums: false },
		...fromProbabilities(params),
	}),
	meanSquaredError: (params, shape) => residualPlan('meanSquaredError', params, shape, {}),
	meanAbsoluteError: (params, shape) => residualPlan('meanAbsoluteError', params, shape, {}),
	huber: (params, shape) => residualPlan('huber', params, shape, { delta: number(params, 'delta', 1) }),
	smoothL1: (params, shape) => residualPlan('smoothL1', params, shape, { beta: number(params, 'beta', 1) }),
	logCosh: (params, shape) => residualPlan('logCosh', params, shape, {}),
	charbonnier: (params, shape) => residualPlan('charbonnier', params, shape, { scale: number(params, 'c', 1) }),
	cauchy: (params, shape) => residualPlan('cauchy', params, shape, { scale: number(params, 'c', 1) }),
	gemanMcClure: (params, shape) => residualPlan('gemanMcClure', params, shape, { scale: number(params, 'c', 1) }),
	welsch: (params, shape) => residualPlan('welsch', params, shape, { scale: number(params, 'c', 1) }),
	tukey: (params, shape) => residualPlan('tukey', params, shape, { scale: number(params, 'c', 4.685) }),
	generalRobust: (params, shape) =>
		residualPlan('generalRobust', params, shape, {
			alpha: params.alpha === '-inf' ? -100 : number(params, 'alpha', 1),
			scale: number(params, 'c', 1),
		}),
};
