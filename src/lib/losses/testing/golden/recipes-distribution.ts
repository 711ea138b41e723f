/** Golden keys of losses that look at one pixel at a time. */
import * as tf from '@tensorflow/tfjs-core';
import type { ParamValue } from '#lib/core/params.ts';
import type { LossInput, Tensor4D } from '../../contract.ts';
import { classView, elementView, readPredKind } from './inputs.ts';
import { Unsupported } from './param-reader.ts';
import type { ParamReader } from './param-reader.ts';
import { ours, spelled, times } from './recipe.ts';
import type { Layout, Recipe } from './recipe.ts';
import { readPointwise, reducePoints } from './reductions.ts';
import { numbersOf } from './types.ts';

type Values = Readonly<Record<string, ParamValue>>;

/** A loss of single entries: every channel is a sigmoid of its own. */
function ofElements(read: ParamReader, id: string, values: Values): Recipe {
	const predKind = readPredKind(read);
	const rules = readPointwise(read);
	const loss = ours(id, values);
	return {
		losses: [id],
		outputs: (layout) => reducePoints(layout, { unit: 'elements', view: elementView(layout, predKind), loss }, rules),
	};
}

/** A loss of single pixels with all their channels: one softmax, or one sigmoid. */
function ofPixels(read: ParamReader, id: string, values: Values, prepare: (view: LossInput) => LossInput = (view) => view): Recipe {
	const predKind = readPredKind(read);
	const rules = readPointwise(read);
	const loss = ours(id, values);
	return {
		losses: [id],
		outputs: (layout) => reducePoints(layout, { unit: 'pixels', view: prepare(classView(layout, predKind)), loss }, rules),
	};
}

function binaryCrossEntropy(read: ParamReader): Recipe {
	read.fixed('eps', 1e-7);
	// Flipping a share e of the labels is moving 2e of the truth evenly to both classes.
	const moved = read.number('labelSmoothing', 0) + 2 * read.number('labelFlipSmoothing', 0);
	return ofElements(read, 'crossEntropy', { positiveWeight: read.number('posWeight', 1), labelSmoothing: moved });
}

/** p / Σp of each pixel. */
const renormalised = (p: Tensor4D): Tensor4D => tf.div(p, tf.sum(p, 3, true));

function smoothed(truth: Tensor4D, share: number): Tensor4D {
	if (share === 0) return truth;
	return tf.add(tf.mul(truth, 1 - share), share / truth.shape[3]);
}

/** Each channel of the truth times its weight. */
const weighed = (truth: Tensor4D, weights: readonly number[] | undefined): Tensor4D =>
	weights === undefined ? truth : tf.mul(truth, tf.tensor1d([...weights]));

function severalClasses(plain: { readonly shape: readonly number[] }): string | undefined {
	return plain.shape[3] === 1 ? 'one channel has no softmax' : undefined;
}

/**
 * Categorical cross-entropy of probabilities, −Σ w·y·ln p without another softmax: the foreground half of a binary one on
 * every entry, times the number of classes.
 */
function crossEntropyOfProbabilities(read: ParamReader): Recipe {
	const weights = read.nested('classWeights');
	const share = read.number('labelSmoothing', 0);
	const renormalise = read.flag('renormalize', true);
	const rules = readPointwise(read);
	if (read.flag('weightedMean')) throw new Unsupported('probabilities with a weighted mean');
	if (rules.reduction !== 'mean' && rules.reduction !== 'sum') throw new Unsupported('probabilities with one value a pixel');
	const loss = ours('crossEntropy', { classWeights: '0,1' });
	return {
		losses: ['crossEntropy'],
		refuses: severalClasses,
		outputs(layout) {
			const x = renormalise ? renormalised(layout.x) : layout.x;
			const truth = weighed(smoothed(layout.yTrue, share), weights === undefined ? undefined : numbersOf(weights));
			const view = elementView({ ...layout, x }, 'probabilities', truth);
			const mean = times(loss(view), layout.x.shape[3]);
			return [times(mean, rules.reduction === 'sum' ? layout.counts.validPixels : 1)];
		},
	};
}

function categoricalCrossEntropy(read: ParamReader): Recipe {
	read.fixed('eps', 1e-7);
	if (read.value('predKind') === 'probabilities') return crossEntropyOfProbabilities(read);
	read.flag('renormalize');
	const weights = read.nested('classWeights');
	const values = {
		labelSmoothing: read.number('labelSmoothing', 0),
		classWeights: spelled(weights === undefined ? undefined : numbersOf(weights)),
		divideByWeights: read.flag('weightedMean'),
	};
	return { ...ofPixels(read, 'crossEntropy', values), refuses: severalClasses };
}

/** Values of hinge losses are logits; labels may be −1 and 1. */
function hinge(id: string) {
	return (read: ParamReader): Recipe => {
		readPredKind(read, 'values');
		const labels = read.choice('labels', ['zeroOne', 'plusMinusOne'], 'zeroOne');
		const rules = readPointwise(read);
		const loss = ours(id);
		return {
			losses: [id],
			outputs(layout) {
				const truth = labels === 'zeroOne' ? layout.yTrue : tf.div<Tensor4D>(tf.add(layout.yTrue, 1), 2);
				return reducePoints(layout, { unit: 'elements', view: elementView(layout, 'values', truth), loss }, rules);
			},
		};
	};
}

/** Beside a single channel, one more that takes no part: with these entries in its truth, logits and probabilities. */
function withIdleChannel(view: LossInput, truth: number, logit: number, probability: number): LossInput {
	if (view.yTrue.shape[3] !== 1) return view;
	const beside = (map: Tensor4D, value: number): Tensor4D => tf.concat([tf.fill<tf.Rank.R4>(map.shape, value), map], 3);
	return { ...view, yTrue: beside(view.yTrue, truth), logits: beside(view.logits, logit), yPred: beside(view.yPred, probability) };
}

function categoricalHinge(read: ParamReader): Recipe {
	readPredKind(read, 'values');
	const labels = read.choice('labels', ['zeroOne', 'plusMinusOne'], 'zeroOne');
	const rules = readPointwise(read);
	const loss = ours('categoricalHinge');
	return {
		losses: ['categoricalHinge'],
		outputs(layout) {
			const yTrue = labels === 'zeroOne' ? layout.yTrue : tf.div<Tensor4D>(tf.add(layout.yTrue, 1), 2);
			const view = withIdleChannel(classView({ ...layout, yTrue }, 'values'), 0, -1e6, 0);
			return reducePoints(layout, { unit: 'pixels', view, loss }, rules);
		},
	};
}

/** Divergences take probabilities as they are; a single channel is one term of the sum, not one of two classes. */
function divergence(id: string) {
	return (read: ParamReader): Recipe => {
		read.fixed('eps', 1e-7);
		read.choice('predKind', ['probabilities', 'values'], 'probabilities');
		const rules = readPointwise(read);
		const loss = ours(id);
		return {
			losses: [id],
			outputs(layout) {
				const view = withIdleChannel(classView(layout, 'values'), 1, 0, 1);
				return reducePoints(layout, { unit: 'pixels', view, loss }, rules);
			},
		};
	};
}

/** w_c = (1 − β)/(1 − β^n_c) of all classes together, over their number: what ours divides by. */
function meanWeight(counts: readonly number[], beta: number): number {
	const weights = counts.map((n) => (1 - beta) / (1 - beta ** n));
	return weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
}

function classBalanced(read: ParamReader): Recipe {
	const counts = read.nested('samplesPerClass');
	if (counts === undefined) throw new Unsupported('no samplesPerClass');
	const beta = read.number('betaCB', 0);
	const pixels = numbersOf(counts);
	const scale = read.flag('normalizeToC', true) ? 1 : meanWeight(pixels, beta);
	const recipe = ofPixels(read, 'classBalancedCrossEntropy', { beta, pixelsPerClass: spelled(pixels) });
	return { ...recipe, outputs: (layout: Layout) => recipe.outputs(layout).map((output) => times(output, scale)) };
}

function nacl(read: ParamReader): Recipe {
	const size = read.number('kernelSize', 3);
	if (size % 2 !== 1) throw new Unsupported('an even kernel has no middle');
	const predKind = readPredKind(read);
	const loss = ours('nacl', {
		alpha: read.number('alpha', 0.1),
		kernel: read.choice('kernel', ['mean', 'gaussian'], 'mean'),
		kernelSize: size,
		sigma: read.number('sigma', 1),
		distance: read.choice('distance', ['l1', 'l2'], 'l1'),
	});
	return { losses: ['nacl'], space: 'images', outputs: (layout) => [loss(classView(layout, predKind))] };
}

export const distributionRecipes = {
	binaryCrossEntropy,
	categoricalCrossEntropy,
	balancedBCE: (read) => ofElements(read, 'balancedCrossEntropy', { balance: 'fixed', beta: read.number('beta', 0.5) }),
	classBalancedCE: classBalanced,
	topK(read) {
		const loss = ours('topKCrossEntropy', { percent: read.number('kPercent', 10) });
		const predKind = readPredKind(read);
		return { losses: ['topKCrossEntropy'], outputs: (layout) => [loss(classView(layout, predKind))] };
	},
	poly1CE: (read) => ofPixels(read, 'poly1', { epsilon: read.number('epsilon', 1) }),
	generalizedCE: (read) => ofPixels(read, 'generalizedCrossEntropy', { q: read.number('q', 0.7) }),
	symmetricCE: (read) =>
		ofPixels(read, 'symmetricCrossEntropy', {
			alpha: read.number('alpha', 0.1),
			beta: read.number('beta', 1),
			logOfZero: read.number('A', -4),
		}),
	klDivergence: divergence('klDivergence'),
	jsDivergence: divergence('jsDivergence'),
	hinge: hinge('hinge'),
	squaredHinge: hinge('squaredHinge'),
	categoricalHinge,
	nacl,
} as const satisfies Readonly<Record<string, (read: ParamReader) => Recipe>>;
