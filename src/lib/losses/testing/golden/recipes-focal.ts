/** Golden keys of the focal losses. */
import * as tf from '@tensorflow/tfjs-core';
import type { LossInput, Scalar, Tensor4D } from '../../contract.ts';
import { classView, elementView, focalLogitsOf, readPredKind } from './inputs.ts';
import type { PredKind } from './inputs.ts';
import { Unsupported } from './param-reader.ts';
import type { ParamReader } from './param-reader.ts';
import { ours, times, total } from './recipe.ts';
import type { Layout, PlainTruth, Recipe } from './recipe.ts';
import { readPointwise, reducePoints } from './reductions.ts';
import type { PointwiseReduction } from './reductions.ts';
import { asElements, withoutFirstChannel } from './slices.ts';
import { numbersOf } from './types.ts';

const hardOnly = ({ yTrue }: PlainTruth): string | undefined =>
	yTrue.every((label) => label === 0 || label === 1) ? undefined : 'the factor of Keras is not linear in soft labels, as ours is';

function smoothed(truth: Tensor4D, share: number, classes: number): Tensor4D {
	return share === 0 ? truth : tf.add(tf.mul(truth, 1 - share), share / classes);
}

/** The view of single entries, with the logits of a focal loss where probabilities are given. */
function focalView(layout: Layout, predKind: PredKind, gamma: number, truth: Tensor4D): LossInput {
	const view = elementView(layout, predKind, truth);
	return predKind === 'probabilities' ? { ...view, logits: focalLogitsOf(asElements(layout.x), gamma) } : view;
}

function binaryFocal(read: ParamReader): Recipe {
	read.fixed('eps', 1e-7);
	const gamma = read.number('gamma', 2);
	const alpha = read.optionalNumber('alpha');
	const share = read.number('labelSmoothing', 0);
	const predKind = readPredKind(read);
	const normalized = read.flag('normalized');
	const includeBackground = read.flag('includeBackground', true);
	const classWeights = read.nested('classWeights');
	const given = readPointwise(read);
	// A weight per channel multiplies every entry of that channel.
	const rules: PointwiseReduction = classWeights === undefined ? given : { ...given, sampleWeight: classWeights };
	if (normalized && rules.reduction !== 'mean' && rules.reduction !== 'sum') throw new Unsupported('normalized with one value an entry');
	if (predKind === 'probabilities' && share > 0)
		throw new Unsupported('probabilities with smoothed labels: the factor is not linear in them');
	const loss = ours('focal', { gamma, classBalancing: alpha !== null, alpha: alpha ?? 0.25, normalized });
	return {
		losses: ['focal'],
		...(predKind === 'probabilities' ? { refuses: hardOnly } : {}),
		outputs(whole) {
			const layout = includeBackground ? whole : withoutFirstChannel(whole);
			const view = focalView(layout, predKind, gamma, smoothed(layout.yTrue, share, 2));
			if (!normalized) return reducePoints(layout, { unit: 'elements', view, loss }, rules);
			// SMP takes the mean of the terms after it has divided them by their sum of factors.
			return [times(loss(view), rules.reduction === 'sum' ? 1 : 1 / layout.counts.validElements)];
		},
	};
}

/** α as one number for all classes, as one per class, or 1. */
function readAlpha(read: ParamReader): { readonly scalar: number; readonly vector: readonly number[] | undefined } {
	const alpha = read.nested('alpha');
	const weights = read.nested('classWeights');
	const vectors = [alpha, weights].flatMap((list) => (Array.isArray(list) ? [numbersOf(list)] : []));
	const [first, second] = vectors;
	const vector = first === undefined || second === undefined ? first : first.map((value, c) => value * (second[c] ?? 1));
	return { scalar: typeof alpha === 'number' ? alpha : 1, vector };
}

/** The truth of one class alone: a focal loss sums one term for each class of the truth. */
function onlyClass(truth: Tensor4D, c: number): Tensor4D {
	const classes = truth.shape[3];
	return tf.mul(truth, tf.tensor1d(Array.from({ length: classes }, (_, other) => (other === c ? 1 : 0))));
}

interface CategoricalFocal {
	readonly gamma: number;
	readonly share: number;
	readonly predKind: PredKind;
	readonly rules: PointwiseReduction;
	readonly alpha: { readonly scalar: number; readonly vector: readonly number[] | undefined };
}

/** Mean over pixels, or its reductions, of the terms of all classes. */
function softmaxTerms(layout: Layout, { gamma, share, rules, alpha }: CategoricalFocal): readonly Scalar[] {
	const { scalar, vector } = alpha;
	const native = scalar >= 0 && scalar <= 1;
	const loss = ours('focal', { gamma, classBalancing: native, alpha: native ? scalar : 1 });
	const scale = native ? 1 : scalar;
	const truth = smoothed(layout.yTrue, share, layout.x.shape[3]);
	const at = (yTrue: Tensor4D): Scalar[] =>
		reducePoints(layout, { unit: 'pixels', view: classView({ ...layout, yTrue }, 'logits'), loss }, rules);
	if (vector === undefined) return at(truth).map((output) => times(output, scale));
	const perClass = vector.map((weight, c) => at(onlyClass(truth, c)).map((output) => times(output, weight * scale)));
	return (perClass[0] ?? []).map((_, i) => total(perClass.map((outputs) => outputs[i]!)));
}

/** One value an entry: the terms of each class at each pixel. */
function softmaxEntries(layout: Layout, focal: CategoricalFocal): readonly Scalar[] {
	const classes = layout.x.shape[3];
	const perClass = Array.from({ length: classes }, (_, c) => {
		const vector = Array.from({ length: classes }, (_entry, other) => (other === c ? (focal.alpha.vector?.[c] ?? 1) : 0));
		return softmaxTerms(layout, { ...focal, alpha: { ...focal.alpha, vector } });
	});
	return (perClass[0] ?? []).flatMap((_, pixel) => perClass.map((outputs) => outputs[pixel]!));
}

/** Of probabilities, each entry's −α·y·(1 − p)^γ·ln p is the foreground half of a binary focal loss with α = 1. */
function probabilityTerms(layout: Layout, { gamma, share, rules, alpha }: CategoricalFocal): readonly Scalar[] {
	if (rules.reduction !== 'mean' && rules.reduction !== 'sum') throw new Unsupported('probabilities with one value a pixel');
	const classes = layout.x.shape[3];
	const truth = tf.mul<Tensor4D>(
		smoothed(layout.yTrue, share, classes),
		tf.tensor1d([...(alpha.vector ?? Array<number>(classes).fill(1))]),
	);
	const x = tf.div<Tensor4D>(layout.x, tf.sum(layout.x, 3, true));
	const loss = ours('focal', { gamma, classBalancing: true, alpha: 1 });
	const mean = times(loss(elementView({ ...layout, x }, 'probabilities', truth)), classes * alpha.scalar);
	return [times(mean, rules.reduction === 'sum' ? layout.counts.validPixels : 1)];
}

function categoricalFocal(read: ParamReader): Recipe {
	read.fixed('eps', 1e-7);
	const focal: CategoricalFocal = {
		gamma: read.number('gamma', 2),
		share: read.number('labelSmoothing', 0),
		predKind: readPredKind(read),
		rules: readPointwise(read),
		alpha: readAlpha(read),
	};
	const sumClasses = read.flag('sumClasses', true);
	read.flag('renormalize', true);
	const { reduction } = focal.rules;
	const isList = reduction === 'none' && !sumClasses;
	return {
		losses: ['focal'],
		refuses: ({ shape }) => (shape[3] === 1 ? 'one channel has no softmax' : undefined),
		outputs(layout) {
			if (isList && focal.predKind === 'logits') return softmaxEntries(layout, focal);
			const outputs = focal.predKind === 'probabilities' ? probabilityTerms(layout, focal) : softmaxTerms(layout, focal);
			const share = sumClasses || reduction === 'sum' || reduction === 'monaiSum' ? 1 : 1 / layout.x.shape[3];
			return outputs.map((output) => times(output, share));
		},
	};
}

export const focalRecipes = { binaryFocal, categoricalFocal } as const satisfies Readonly<Record<string, (read: ParamReader) => Recipe>>;
