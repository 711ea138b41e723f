/** What each convention of the golden files allows, as far as ours and the oracle speak of it. */
import { range } from './problem.ts';
import type { Shape } from './problem.ts';
import type { Convention, Draw } from './draws.ts';

const hard = ['hard'] as const;
const anyTruth = ['hard', 'soft'] as const;
const logits = ['logits'] as const;
const logitsOrProbabilities = ['logits', 'probabilities'] as const;
const reductions = [undefined, 'mean', 'sum', 'none'] as const;
const flags = [undefined, true, false] as const;

const smoothing = { smoothNum: [1e-5, 1, 0, 0.5], smoothDen: [1e-5, 1e-5, 1, 2] } as const;
const sums = { batchDice: flags, includeBackground: flags } as const;

/** Weights of the channels that count. */
function weights(shape: Shape, params: { readonly includeBackground?: unknown }, draw: Draw): number[] {
	const counted = params.includeBackground === false && shape[3] > 1 ? shape[3] - 1 : shape[3];
	return range(counted).map(() => draw.pick([0.5, 1, 2, 0]));
}

/** yPred is logits under an activation, or what the loss looks at. */
const activation = (shape: Shape, draw: Draw): Readonly<Record<string, unknown>> => ({
	predKind: 'logits',
	activation: shape[3] === 1 ? 'sigmoid' : draw.pick(['softmax', 'sigmoid']),
});

const area = (keys: Convention['keys'], shaped?: Convention['shaped']): Convention => ({
	channels: [1, 2, 3],
	inputs: logits,
	truths: anyTruth,
	keys: { ...keys },
	unless: topHeavy,
	shaped: (shape, draw) => ({ ...activation(shape, draw), ...shaped?.(shape, draw) }),
});

/** A numerator smoothed far more than its denominator, which nobody does and float32 cannot. */
const topHeavy = ({ smoothNum, smoothDen }: Readonly<Record<string, unknown>>): boolean => Number(smoothNum) > 10 * Number(smoothDen);

/** Constants that something not linear follows: equal, or only in the denominator. */
const unequal = ({ smoothNum, smoothDen }: Readonly<Record<string, unknown>>): boolean => smoothNum !== 0 && smoothNum !== smoothDen;

const binary = (convention: Partial<Convention>): Convention => ({ channels: [1], inputs: logits, truths: anyTruth, ...convention });
const several = (convention: Partial<Convention>): Convention => ({ channels: [2, 3, 4], inputs: logits, truths: anyTruth, ...convention });

const residual = (keys: Convention['keys'] = {}): Convention => ({
	channels: [1, 3],
	inputs: ['values'],
	truths: ['values'],
	keys: { reduction: reductions, ...keys },
});

const unified = { delta: [0.6, 0.3], gamma: [0.5, 0.1, 0.75], symmetric: flags } as const;

function instances([batch, height, width]: Shape, draw: Draw): number[][][] {
	return range(batch).map(() => range(height).map(() => range(width).map(() => draw.pick([0, 0, 1, 2, 3]))));
}

export const conventions: Readonly<Record<string, Convention>> = {
	binaryCrossEntropy: {
		channels: [1, 3],
		inputs: logitsOrProbabilities,
		truths: anyTruth,
		keys: {
			reduction: reductions,
			posWeight: [undefined, 3, 0.5],
			axisMean: flags,
			labelSmoothing: [undefined, 0.1],
			labelFlipSmoothing: [undefined, 0.2],
		},
		unless: ({ labelSmoothing, labelFlipSmoothing }) => labelSmoothing !== undefined && labelFlipSmoothing !== undefined,
	},
	balancedBCE: binary({ keys: { beta: [0.7, 0.25], reduction: reductions } }),
	binaryFocal: {
		channels: [1, 3],
		inputs: logitsOrProbabilities,
		truths: hard,
		keys: {
			gamma: [0, 0.5, 1, 2, 3],
			alpha: [undefined, null, 0.25, 0.75],
			reduction: [...reductions, 'monaiSum'],
			normalized: [undefined, undefined, true],
			includeBackground: flags,
			axisMean: flags,
		},
		unless: ({ normalized, reduction, axisMean }) =>
			(normalized === true && (reduction === 'none' || reduction === 'monaiSum' || axisMean === true)) ||
			(reduction === 'monaiSum' && axisMean === true),
	},
	categoricalCrossEntropy: several({
		inputs: logitsOrProbabilities,
		keys: { reduction: [undefined, 'mean', 'sum'], labelSmoothing: [undefined, 0.1], weightedMean: [undefined, true], renormalize: flags },
		shaped: (shape, draw) => draw.pick([{}, { classWeights: range(shape[3]).map(() => draw.pick([0.5, 1, 4])) }]),
		unless: ({ weightedMean, predKind, reduction, labelSmoothing }) =>
			weightedMean === true && (predKind === 'probabilities' || reduction !== undefined || labelSmoothing !== undefined),
	}),
	categoricalFocal: several({
		inputs: logitsOrProbabilities,
		keys: { gamma: [0, 0.5, 2], labelSmoothing: [undefined, 0.1], sumClasses: flags, reduction: reductions },
		shaped: (shape, draw) => draw.pick([{}, { alpha: 0.25 }, { alpha: range(shape[3]).map(() => draw.pick([0.2, 0.8])) }]),
		unless: ({ predKind, reduction }) => predKind === 'probabilities' && reduction === 'none',
	}),
	topK: { channels: [1, 2, 3], inputs: logits, truths: hard, keys: { kPercent: [10, 25, 50, 100] } },
	poly1CE: { channels: [1, 2, 3], inputs: logits, truths: anyTruth, keys: { epsilon: [1, -1, 0, 2.5], reduction: reductions } },
	generalizedCE: { channels: [1, 2, 3], inputs: logits, truths: hard, keys: { q: [0.7, 0.5, 1, 0.01], reduction: reductions } },
	symmetricCE: several({ keys: { alpha: [0.1, 1], beta: [1, 0.5], A: [-4, -1], reduction: reductions } }),
	klDivergence: several({ channels: [1, 2, 3], inputs: ['probabilities'], keys: { reduction: reductions } }),
	jsDivergence: several({ channels: [1, 2, 3], inputs: ['probabilities'], keys: { reduction: reductions } }),
	hinge: { channels: [1, 2], inputs: ['values'], truths: hard, keys: { reduction: reductions, axisMean: flags } },
	squaredHinge: { channels: [1, 2], inputs: ['values'], truths: hard, keys: { reduction: reductions, axisMean: flags } },
	categoricalHinge: { channels: [1, 2, 3], inputs: ['values'], truths: hard, keys: { reduction: reductions } },
	classBalancedCE: several({
		keys: { betaCB: [0, 0.9, 0.999], normalizeToC: flags, reduction: reductions },
		shaped: (shape, draw) => ({ samplesPerClass: range(shape[3]).map(() => draw.pick([5, 20, 500, 10000])) }),
	}),
	nacl: several({ truths: hard, keys: { alpha: [0.1, 0.5], kernelSize: [3, 5], distance: ['l1', 'l2'] } }),
	asymmetricFocal: binary({ truths: hard, keys: unified, shaped: () => ({ activation: 'sigmoid' }) }),
	asymmetricFocalTversky: binary({ truths: hard, keys: unified, shaped: () => ({ activation: 'sigmoid' }) }),
	unifiedFocal: binary({ truths: hard, keys: { ...unified, lambda: [0.5, 0.2, 1] }, shaped: () => ({ activation: 'sigmoid' }) }),
	dice: {
		...area(
			{ ...smoothing, ...sums, reduction: reductions, emptyClass: [undefined, 'zeroLoss'], negate: [undefined, undefined, true] },
			(_shape, draw) =>
				draw.pick([{}, { squared: true }, { softLabel: true }, { jaccard: true }, { jaccard: true, jaccardDoubled: true }, { log: true }]),
		),
		unless: (params) =>
			topHeavy(params) ||
			(params.log === true && (unequal(params) || params.negate === true)) ||
			(params.negate === true && params.emptyClass !== undefined),
	},
	jaccard: { ...area({ ...smoothing, ...sums, reduction: reductions, squared: flags }) },
	tversky: area(
		{
			...smoothing,
			...sums,
			reduction: reductions,
			alpha: [0.3, 0.5, 1],
			beta: [0.7, 0.5, 1],
			softLabel: flags,
			emptyClass: [undefined, 'zeroLoss'],
		},
		(shape, draw) => draw.pick([{}, { classWeights: weights(shape, { includeBackground: true }, draw), includeBackground: true }]),
	),
	focalTversky: {
		...area({ ...smoothing, ...sums, reduction: reductions, alpha: [0.3, 0.5], beta: [0.7, 0.5], exponent: [0.75, 1, 4 / 3] }),
		unless: unequal,
	},
	asymmetricSimilarity: area({ ...smoothing, ...sums, reduction: reductions, betaF: [1.5, 0.5, 2] }),
	logCoshDice: { ...area({ ...smoothing, ...sums }), unless: unequal },
	maskedDice: area({ ...smoothing, ...sums, reduction: reductions, maskStage: ['afterActivation', 'beforeActivation'] }, (shape, draw) => ({
		mask: range(shape[0] * shape[1] * shape[2]).flatMap(() => {
			const kept = Number(draw.uniform() < 0.7);
			return range(shape[3]).map(() => kept);
		}),
	})),
	kerasDice: {
		channels: [1, 2],
		inputs: ['probabilities'],
		truths: anyTruth,
		keys: { axis: [null, [1, 2, 3], [1, 2], [0, 1, 2], [-1]], reduction: [undefined, 'none', 'sum'] },
	},
	kerasTversky: {
		channels: [1, 2],
		inputs: ['probabilities'],
		truths: anyTruth,
		keys: { axis: [null, [1, 2, 3], [1, 2], [0, 1, 2]], reduction: [undefined, 'none', 'sum'], alpha: [0.3, 0.5], beta: [0.7, 0.5] },
	},
	generalizedDice: area({
		...smoothing,
		...sums,
		smoothDen: [1e-5, 1],
		reduction: reductions,
		weightType: ['square', 'simple', 'uniform'],
		emptyClassWeight: ['max', 'zero'],
	}),
	penaltyGeneralizedDice: {
		...area({
			...smoothing,
			...sums,
			smoothDen: [1e-5, 1],
			reduction: reductions,
			weightType: ['square', 'simple', 'uniform'],
			k: [2.5, 0, 1],
		}),
		unless: unequal,
	},
	generalizedWassersteinDice: several({
		truths: hard,
		keys: { weightingMode: ['default', 'GDL'], reduction: reductions },
		shaped: (shape, draw) => ({
			smoothNum: 1e-5,
			smoothDen: 1e-5,
			activation: 'softmax',
			distMatrix: range(shape[3]).map((c) => range(shape[3]).map((d) => (c === d ? 0 : draw.pick([0.5, 1, 2])))),
		}),
	}),
	lovaszHinge: binary({ truths: hard, keys: { perImage: [undefined, true, false] } }),
	lovaszSoftmax: { ...area({ classes: ['present', 'all'], perImage: flags }) },
	sensitivitySpecificity: area({ ...sums, reduction: reductions, r: [0.05, 0.5], smooth: [1e-5, 1] }),
	mcc: { ...area({ ...sums, reduction: reductions, smoothNum: [0], smoothDen: [1e-5, 1], perfectIsZero: flags }), truths: hard },
	noiseRobustDice: area({ ...sums, reduction: reductions, gamma: [1.5, 2, 1.2], smoothDen: [1e-5, 1] }),
	dicePlusPlus: area({ ...sums, reduction: reductions, gamma: [2, 1, 3], smooth: [1e-7, 1] }),
	diceCE: {
		...area({ ...smoothing, ...sums, lambdaDice: [undefined, 0.25], lambdaCE: [undefined, 2] }, (shape, draw) => ({
			activation: shape[3] === 1 ? 'sigmoid' : 'softmax',
			...(shape[3] > 1
				? draw.pick([{}, { ceClassWeights: range(shape[3]).map(() => draw.pick([0.5, 1, 4])) }])
				: draw.pick([{}, { posWeight: 3 }])),
			...draw.pick([{}, { squared: true }, { jaccard: true }]),
		})),
		truths: hard,
	},
	diceFocal: {
		...area(
			{ ...smoothing, ...sums, gamma: [0, 2, 1], alpha: [undefined, 0.25], lambdaDice: [undefined, 0.5], lambdaFocal: [undefined, 2] },
			(shape, draw) => ({
				activation: shape[3] === 1 ? 'sigmoid' : 'softmax',
				focalKind: draw.pick(['sigmoid', 'softmax']),
			}),
		),
		truths: hard,
		unless: (params, shape) => topHeavy(params) || (params.focalKind === 'softmax' && params.includeBackground === false && shape[3] > 1),
	},
	diceTopK: {
		...area({ ...smoothing, ...sums, kPercent: [10, 50], lambdaDice: [undefined, 0.5], lambdaTopK: [undefined, 2] }, (shape) => ({
			activation: shape[3] === 1 ? 'sigmoid' : 'softmax',
		})),
		truths: hard,
	},
	combo: binary({ keys: { alpha: [0.5, 0.8], beta: [0.5, 0.3], smooth: [1, 0.1] }, shaped: () => ({ activation: 'sigmoid' }) }),
	exponentialLogarithmic: several({
		truths: hard,
		keys: { gamma: [0.3, 1], gammaCross: [undefined, 0.5], wDice: [0.8, 0.5], wCross: [0.2, 0.5], smooth: [1, 0.5] },
	}),
	boundary: {
		...area({ innerOffset: [undefined, 1, 0] }, (shape, draw) => (shape[3] > 1 ? draw.pick([{}, { classes: [1] }]) : {})),
		truths: hard,
	},
	hausdorffDT: { ...area({ alpha: [2, 1], logHD: flags, reduction: reductions, includeBackground: flags }), truths: hard },
	distancePenalizedCE: binary({ truths: hard }),
	boundaryDoU: { ...area({}), truths: hard },
	softClDice: { ...area({ iterations: [1, 3], smooth: [1, 0.1], alpha: [undefined, 0.5] }), truths: hard },
	totalVariation: { channels: [1, 3], inputs: ['values'], truths: hard, keys: { reduction: reductions } },
	unetWeightedCE: binary({
		truths: hard,
		keys: {
			w0: [10, 3],
			sigma: [5, 1],
			classWeights: [
				[1, 1],
				[0.5, 2],
			],
		},
		shaped: (shape, draw) => ({ instances: instances(shape, draw) }),
	}),
	meanSquaredError: residual(),
	meanAbsoluteError: residual(),
	huber: residual({ delta: [1, 0.4] }),
	smoothL1: residual({ beta: [1, 0.4] }),
	logCosh: residual(),
	charbonnier: residual({ c: [1, 0.5] }),
	cauchy: residual({ c: [1, 0.5] }),
	gemanMcClure: residual({ c: [1, 0.5] }),
	welsch: residual({ c: [1, 0.5] }),
	tukey: residual({ c: [4.685, 1] }),
	generalRobust: {
		...residual({ c: [1, 0.25], alpha: ['-inf', -2, -1, 0, 0.5, 1, 1.5, 2], nll: [undefined, true] }),
		unless: ({ nll, alpha }) => nll === true && alpha !== 0 && alpha !== 2,
	},
};
