/** Reductions of losses that are a mean over entries or pixels: sums, lists, sample weights, by the rules of Keras and of tf.losses. */
import * as tf from '@tensorflow/tfjs-core';
import type { LossInput, Scalar, Tensor } from '../../contract.ts';
import { reduceLoss } from '../../reduction.ts';
import type { Reduction } from '../../reduction.ts';
import { Unsupported } from './param-reader.ts';
import type { ParamReader } from './param-reader.ts';
import { times } from './recipe.ts';
import type { Call, Layout } from './recipe.ts';
import { pixels } from './slices.ts';
import { numbersOf, shapeOf } from './types.ts';
import type { Nested } from './types.ts';

const names = {
	mean: 'sum_over_batch_size',
	sum_over_batch_size: 'sum_over_batch_size',
	mean_with_sample_weight: 'mean_with_sample_weight',
	meanBySampleWeight: 'mean_with_sample_weight',
	sum: 'sum',
	none: 'none',
} as const satisfies Readonly<Record<string, Reduction>>;

const tfjsNames = ['meanByNonzeroWeights', 'sumByNonzeroWeights', 'sum_by_nonzero_weights'] as const;
const ownNames = ['mean', 'sum_over_batch_size', 'mean_with_sample_weight', 'meanBySampleWeight', 'sum', 'none'] as const;

export interface PointwiseReduction {
	readonly reduction: (typeof ownNames)[number] | (typeof tfjsNames)[number] | 'monaiSum';
	/** Keras: the mean over the last axis comes first. */
	readonly axisMean: boolean;
	readonly sampleWeight: Nested | undefined;
	/** Whether ignored entries stay in the divisor. */
	readonly meanAll: boolean;
}

export function readPointwise(read: ParamReader): PointwiseReduction {
	const monaiSum = read.flag('monaiSum');
	const reduction = read.choice('reduction', [...ownNames, ...tfjsNames, 'monaiSum'], 'mean');
	return {
		reduction: monaiSum ? 'monaiSum' : reduction,
		axisMean: read.flag('axisMean'),
		sampleWeight: read.nested('sampleWeight'),
		meanAll: read.choice('ignoreReduction', ['meanValid', 'meanAll'], 'meanValid') === 'meanAll',
	};
}

interface Points {
	/** `elements` when the view has a pixel for every entry of the case, `pixels` when it has one for all channels. */
	readonly unit: 'elements' | 'pixels';
	readonly view: LossInput;
	readonly loss: Call;
}

/** The values of the loss at single points, in the shape of the case. */
function pointValues(layout: Layout, { unit, view, loss }: Points): Tensor {
	const shape = unit === 'pixels' ? layout.shape.slice(0, -1) : layout.shape;
	return tf.reshape(tf.stack(pixels(view).map(loss)), [...shape]);
}

function weightTensor(weights: Nested): Tensor {
	return tf.tensor(numbersOf(weights), shapeOf(weights), 'float32');
}

/** tf.losses: the sum over the number of weights that are not 0. */
function byNonzeroWeights(values: Tensor, weights: Tensor | undefined): Tensor {
	if (weights === undefined) return tf.mean(values);
	const all = tf.mul(weights, tf.onesLike(values));
	return tf.div(tf.sum(tf.mul(values, weights)), tf.sum(tf.step(tf.abs(all))));
}

/** How the mean over the points that count becomes the reduced value. */
function factor(layout: Layout, points: Points, { reduction, axisMean, meanAll }: PointwiseReduction): number {
	const { validPixels, pixels: allPixels, validElements, elements } = layout.counts;
	const [valid, all] = points.unit === 'pixels' ? [validPixels, allPixels] : [validElements, elements];
	const [batch, , , channels] = layout.x.shape;
	if (reduction === 'monaiSum') return points.unit === 'pixels' ? batch : batch * channels;
	if (reduction === 'sum') return valid / (axisMean && points.unit === 'elements' ? (layout.shape.at(-1) ?? 1) : 1);
	return meanAll ? valid / all : 1;
}

/** One output, or one per point. A list of scalars, so that each has a place in the case's `expected`. */
export function reducePoints(layout: Layout, points: Points, rules: PointwiseReduction): Scalar[] {
	const { reduction, axisMean, sampleWeight } = rules;
	const isWhole = sampleWeight === undefined && reduction !== 'none';
	if (isWhole) return [times(points.loss(points.view), factor(layout, points, rules))];
	const single = pointValues(layout, points);
	const values = axisMean && points.unit === 'elements' ? tf.mean(single, -1) : single;
	const weights = sampleWeight === undefined ? undefined : weightTensor(sampleWeight);
	if (reduction === 'monaiSum') throw new Unsupported('monaiSum with weights');
	const isNonzero = tfjsNames.some((name) => name === reduction);
	const reduced = isNonzero
		? byNonzeroWeights(values, weights)
		: reduceLoss(tf, values, { reduction: kerasName(reduction), ...(weights === undefined ? {} : { sampleWeight: weights }) });
	return reduced.rank === 0 ? [tf.reshape(reduced, [])] : scalarsOf(reduced);
}

function kerasName(reduction: PointwiseReduction['reduction']): Reduction {
	return Object.entries(names).find(([name]) => name === reduction)?.[1] ?? 'sum_over_batch_size';
}

function scalarsOf(values: Tensor): Scalar[] {
	const flat = tf.reshape(values, [-1]);
	return Array.from({ length: flat.size }, (_, i) => tf.reshape(tf.slice(flat, [i], [1]), []));
}
