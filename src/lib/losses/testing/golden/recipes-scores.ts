/** Golden keys of the other losses that compare areas, each with a formula of its own. */
import * as tf from '@tensorflow/tfjs-core';
import type { ParamValue } from '#lib/core/params.ts';
import type { LossInput, Tensor4D } from '../../contract.ts';
import { activated, readActivated, readPredKind } from './inputs.ts';
import { readAreaReduction, readSmoothing, readSums, reduceAreas, reduceImages, smoothedCall } from './overlap.ts';
import { Unsupported } from './param-reader.ts';
import type { ParamReader } from './param-reader.ts';
import { ours, spelled } from './recipe.ts';
import type { Call, Layout, Recipe } from './recipe.ts';
import { images } from './slices.ts';
import { numbersOf } from './types.ts';

type Values = Readonly<Record<string, ParamValue>>;

/** One value for each image and class, or for each class of the batch. */
function perArea(read: ParamReader, id: string, values: Values): Recipe {
	const sums = readSums(read);
	const reduction = readAreaReduction(read);
	const view = readActivated(read);
	const loss = ours(id, { ...values, ...sums });
	return { losses: [id], outputs: (layout) => reduceAreas(view(layout), loss, sums, reduction) };
}

/** One value for each image. */
function generalized(read: ParamReader, id: string, values: Values, linear: boolean): Recipe {
	const sums = readSums(read);
	const reduction = readAreaReduction(read);
	const view = readActivated(read);
	const smoothing = readSmoothing(read);
	if (!linear && smoothing.numerator !== smoothing.denominator && smoothing.numerator !== 0) {
		throw new Unsupported('both ends smoothed, but differently, inside a quotient');
	}
	const weighting = {
		weighting: read.choice('weightType', ['square', 'simple', 'uniform'], 'square'),
		absentWeight: read.choice('emptyClassWeight', ['max', 'zero'], 'max'),
	};
	const loss = smoothedCall(id, { ...values, ...weighting, ...sums }, smoothing, 1);
	return { losses: [id], outputs: (layout) => reduceImages(view(layout), loss, sums, reduction) };
}

function wasserstein(read: ParamReader): Recipe {
	const matrix = read.nested('distMatrix');
	const { numerator, denominator } = readSmoothing(read);
	const smooth = read.number('smooth', denominator);
	if (numerator !== denominator) throw new Unsupported('both ends smoothed differently');
	const sums = { batchSums: read.flag('batchDice') };
	const reduction = readAreaReduction(read);
	const view = readActivated(read);
	const loss = ours('wassersteinDice', {
		distances: spelled(matrix === undefined ? undefined : numbersOf(matrix)),
		weighting: read.choice('weightingMode', ['default', 'GDL'], 'default') === 'GDL' ? 'size' : 'foreground',
		smoothing: smooth,
		...sums,
	});
	return { losses: ['wassersteinDice'], outputs: (layout) => reduceImages(view(layout), loss, sums, reduction) };
}

function lovaszHinge(read: ParamReader): Recipe {
	const predKind = readPredKind(read);
	const perImage = read.flag('perImage', true);
	const reduction = readAreaReduction(read);
	const loss = ours('lovaszHinge', { perImage });
	return {
		losses: ['lovaszHinge'],
		outputs: (layout) =>
			reduceAreas(activated(layout, 'none', predKind), loss, { batchSums: !perImage, includeBackground: true }, reduction),
	};
}

function lovaszSoftmax(read: ParamReader): Recipe {
	const view = readActivated(read);
	const perImage = read.flag('perImage', false);
	const loss = ours('lovaszSoftmax', { classes: read.choice('classes', ['present', 'all'], 'present'), perImage });
	const reduction = readAreaReduction(read);
	return { losses: ['lovaszSoftmax'], outputs: (layout) => reduceImages(view(layout), loss, { batchSums: !perImage }, reduction) };
}

/** The whole batch as one image of one channel. */
const pooled = (map: Tensor4D): Tensor4D => tf.reshape(map, [1, 1, -1, 1]);

function pooledInput(input: LossInput): LossInput {
	const [, , , channelCount] = input.yTrue.shape;
	const valid = channelCount === 1 ? input.valid : tf.tile(input.valid, [1, 1, 1, channelCount]);
	return {
		...input,
		yTrue: pooled(input.yTrue),
		logits: pooled(input.logits),
		yPred: pooled(input.yPred),
		valid: pooled(valid),
		targets: {},
	};
}

/** SMP's form: one set of counts for everything, each with ε added. */
function countSmoothing(read: ParamReader): number {
	const given = read.value('epsInCounts');
	if (typeof given === 'number') return given;
	return given === true ? read.number('eps', read.number('smoothDen', 1e-5)) : 0;
}

function mcc(read: ParamReader): Recipe {
	const inCounts = countSmoothing(read);
	if (read.number('smoothNum', 0) !== 0) throw new Unsupported('a smoothed numerator of the correlation');
	const underRoot = read.number('smoothDen', 1e-5);
	const perfectIsZero = read.flag('perfectIsZero');
	if (inCounts === 0) return perArea(read, 'mcc', { smoothing: underRoot, perfectIsZero });
	const view = readActivated(read);
	const loss = ours('mcc', { smoothing: 0, countSmoothing: inCounts, perfectIsZero, batchSums: true });
	return { losses: ['mcc'], outputs: (layout) => [loss(pooledInput(view(layout)))] };
}

/** Axes that Keras sums over, counted from the front; null is all of them. */
function readAxes(read: ParamReader): readonly number[] | null {
	const axis = read.nested('axis');
	return axis === undefined ? null : numbersOf(axis);
}

/** The view that sums over these axes, as images of one channel: one for each place along the others. */
function summedOver(layout: Layout, input: LossInput, axes: readonly number[] | null): LossInput[] {
	const rank = layout.shape.length;
	const summed = new Set((axes ?? layout.shape.map((_, i) => i)).map((axis) => (axis < 0 ? axis + rank : axis)));
	const kept = layout.shape.flatMap((_, i) => (summed.has(i) ? [] : [i]));
	const order = [...kept, ...summed].sort((a, b) => Number(summed.has(a)) - Number(summed.has(b)) || a - b);
	const places = kept.reduce((count, axis) => count * (layout.shape[axis] ?? 1), 1);
	const [, , , channelCount] = input.yTrue.shape;
	const turn = (map: Tensor4D): Tensor4D => tf.reshape(tf.transpose(tf.reshape(map, [...layout.shape]), order), [places, 1, -1, 1]);
	const valid = channelCount === 1 ? input.valid : tf.tile(input.valid, [1, 1, 1, channelCount]);
	return images({
		...input,
		yTrue: turn(input.yTrue),
		logits: turn(input.logits),
		yPred: turn(input.yPred),
		valid: turn(valid),
		targets: {},
	});
}

function keras(id: string, readValues: (read: ParamReader) => Values) {
	return (read: ParamReader): Recipe => {
		const axes = readAxes(read);
		read.fixed('eps', 1e-7);
		const view = readActivated(read);
		const { reduction } = readAreaReduction(read);
		const values = readValues(read);
		const [pool, perImage] = [ours(id, { ...values, perImage: false }), ours(id, { ...values, perImage: true })];
		return {
			losses: [id],
			outputs(layout) {
				const input = view(layout);
				const isPerImage =
					axes?.join() ===
					layout.shape
						.slice(1)
						.map((_, i) => i + 1)
						.join();
				if (axes === null) return [pool(input)];
				if (isPerImage && reduction === 'mean') return [perImage(input)];
				const list = summedOver(layout, input, axes).map(pool);
				return reduction === 'none' ? list : [reduced(list, reduction)];
			},
		};
	};
}

function reduced(list: readonly ReturnType<Call>[], reduction: 'mean' | 'sum'): ReturnType<Call> {
	const sum = list.reduce((a, b) => tf.add(a, b));
	return reduction === 'sum' ? sum : tf.div(sum, list.length);
}

/** δ, γ and symmetry of the unified focal family. */
function readUnified(read: ParamReader): Values {
	read.fixed('eps', 1e-7);
	return { delta: read.number('delta', 0.6), gamma: read.number('gamma', 0.5), symmetric: read.flag('symmetric') };
}

/** A loss of the unified focal family: one value for the batch. */
function unified(read: ParamReader, id: string, values: Values): Recipe {
	const view = readActivated(read, 'probabilities');
	const loss = ours(id, values);
	return { losses: [id], outputs: (layout) => [loss(view(layout))] };
}

export const scoreRecipes = {
	generalizedDice: (read) => generalized(read, 'generalizedDice', {}, true),
	penaltyGeneralizedDice: (read) => generalized(read, 'penaltyGeneralizedDice', { penalty: read.number('k', 2.5) }, false),
	generalizedWassersteinDice: wasserstein,
	lovaszHinge,
	lovaszSoftmax,
	mcc,
	sensitivitySpecificity: (read) =>
		perArea(read, 'sensitivitySpecificity', { sensitivity: read.number('r', 0.05), smoothing: read.number('smooth', 1e-5) }),
	noiseRobustDice: (read) =>
		perArea(read, 'noiseRobustDice', { gamma: read.number('gamma', 1.5), smoothing: read.number('smoothDen', 1e-5) }),
	dicePlusPlus: (read) => perArea(read, 'dicePlusPlus', { gamma: read.number('gamma', 2), smoothing: read.number('smooth', 1e-7) }),
	kerasDice: keras('kerasDice', () => ({})),
	kerasTversky: keras('kerasTversky', (read) => ({ alpha: read.number('alpha', 0.5), beta: read.number('beta', 0.5) })),
	asymmetricFocalTversky: (read) => unified(read, 'asymmetricFocalTversky', { ...readUnified(read), batchSums: false }),
	asymmetricFocal: (read) => unified(read, 'asymmetricFocal', readUnified(read)),
	unifiedFocal: (read) => unified(read, 'unifiedFocal', { ...readUnified(read), lambda: read.number('lambda', 0.5), batchSums: false }),
} as const satisfies Readonly<Record<string, (read: ParamReader) => Recipe>>;
