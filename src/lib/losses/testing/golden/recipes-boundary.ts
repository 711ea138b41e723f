/** Golden keys of losses that look at borders, distances and topology. */
import * as tf from '@tensorflow/tfjs-core';
import { distanceToSet } from '#lib/pixels/distance.ts';
import type { LossInput, Scalar } from '../../contract.ts';
import { targetsOf } from '../targets.ts';
import { classView, elementView, readActivated, readPredKind } from './inputs.ts';
import { readAreaReduction, reduceAreas } from './overlap.ts';
import { Unsupported } from './param-reader.ts';
import type { ParamReader } from './param-reader.ts';
import { ours, spelled } from './recipe.ts';
import type { PlainTruth, Recipe } from './recipe.ts';
import { channels } from './slices.ts';
import { numbersOf } from './types.ts';
import type { Nested } from './types.ts';
import { volumeDistances } from './volumes.ts';

const signedDistance = (plain: PlainTruth): Record<string, readonly number[]> => targetsOf({ ...plain, yPred: [] }, ['signedDistance']);

/** φ·p over all channels, or over some of them. */
function boundary(read: ParamReader): Recipe {
	const loss = ours('boundary', { companion: 'none', innerOffset: read.number('innerOffset', 1), includeBackground: true });
	const chosen = read.nested('classes');
	const view = readActivated(read);
	return {
		losses: ['boundary'],
		space: 'images',
		targets: signedDistance,
		outputs(layout) {
			const input = view(layout);
			if (chosen === undefined) return [loss(input)];
			const all = channels(input);
			const picked = numbersOf(chosen).map((c) => all[c]);
			const known = picked.flatMap((channel) => (channel === undefined ? [] : [loss(channel)]));
			if (known.length !== picked.length) throw new Unsupported('a class that the case does not have');
			return [
				tf.div(
					known.reduce((sum, value) => tf.add(sum, value)),
					known.length,
				),
			];
		},
	};
}

function hausdorffDT(read: ParamReader): Recipe {
	const includeBackground = read.flag('includeBackground', true);
	// MONAI's `batch` changes nothing: the mean over images is the same.
	read.flag('batchDice');
	const logarithm = read.flag('logHD');
	const reduction = readAreaReduction(read);
	const view = readActivated(read);
	const alpha = read.number('alpha', 2);
	const at = (logged: boolean) =>
		ours('hausdorffDistance', { alpha, logarithm: logged, hausdorffWeight: 1, diceWeight: 0, includeBackground });
	const sums = { batchSums: false, includeBackground };
	return {
		losses: ['hausdorffDistance'],
		space: 'volumes',
		targets: (plain) => volumeDistances(plain) ?? signedDistance(plain),
		outputs(layout) {
			const input = view(layout);
			// The logarithm is of what is left after the reduction.
			if (reduction.reduction !== 'sum') return reduceAreas(input, at(logarithm), sums, reduction);
			const summed = reduceAreas(input, at(false), sums, reduction);
			return logarithm ? summed.map((value) => tf.log1p(value)) : summed;
		},
	};
}

function hausdorffER(read: ParamReader): Recipe {
	const loss = ours('hausdorffErosion', {
		alpha: read.number('alpha', 2),
		erosions: read.number('erosions', 10),
		squaredError: 0,
		includeBackground: read.flag('includeBackground', true),
	});
	const view = readActivated(read);
	return { losses: ['hausdorffErosion'], space: 'images', outputs: (layout) => [loss(view(layout))] };
}

function boundaryDoU(read: ParamReader): Recipe {
	const loss = ours('boundaryDou', { includeBackground: read.flag('includeBackground', true) });
	const view = readActivated(read);
	return { losses: ['boundaryDou'], space: 'images', outputs: (layout) => [loss(view(layout))] };
}

function softClDice(read: ParamReader): Recipe {
	const loss = ours('clDice', {
		alpha: read.number('alpha', 1),
		iterations: read.number('iterations', 3),
		smoothing: read.number('smooth', 1),
		includeBackground: read.flag('includeBackground', true),
	});
	const view = readActivated(read);
	return { losses: ['clDice'], space: 'images', outputs: (layout) => [loss(view(layout))] };
}

/** The case's total variation is a sum over pixels, as ours. */
function totalVariation(read: ParamReader): Recipe {
	const loss = ours('totalVariation', { crossEntropyWeight: 0, variationWeight: 1 });
	const view = readActivated(read);
	const reduction = readAreaReduction(read);
	return {
		losses: ['totalVariation'],
		space: 'images',
		outputs: (layout) => reduceAreas(view(layout), loss, { batchSums: false, includeBackground: true }, reduction),
	};
}

function distancePenalizedCE(read: ParamReader): Recipe {
	const loss = ours('distancePenalisedCrossEntropy');
	const predKind = readPredKind(read);
	return {
		losses: ['distancePenalisedCrossEntropy'],
		space: 'images',
		targets: signedDistance,
		outputs(layout) {
			// Every channel is a mask of its own with a sigmoid of its own.
			const perChannel = channels(classView(layout, predKind)).map((channel): Scalar => loss(channel));
			return [
				tf.div(
					perChannel.reduce((sum, value) => tf.add(sum, value)),
					perChannel.length,
				),
			];
		},
	};
}

/** The sum of the distances to the two nearest labelled instances of each image; far away where there are fewer. */
function instanceGap(instances: Nested, { shape }: PlainTruth): number[] {
	const [batch, height, width, channelCount] = shape;
	const labels = numbersOf(instances);
	if (labels.length !== batch * height * width) throw new Unsupported('instances has not one entry a pixel');
	return Array.from({ length: batch }, (_, n) => {
		const image = labels.slice(n * height * width, (n + 1) * height * width);
		const own = [...new Set(image)].filter((label) => label > 0);
		const maps = own.map((label) =>
			distanceToSet(
				Uint8Array.from(image, (at) => Number(at === label)),
				width,
				height,
			),
		);
		return image.flatMap((_label, pixel) => {
			const [first = Infinity, second = Infinity] = maps.map((map) => map[pixel]!).sort((a, b) => a - b);
			return Array<number>(channelCount).fill(Math.min(10000, first + second));
		});
	}).flat();
}

function unetWeightedCE(read: ParamReader): Recipe {
	const weights = read.nested('classWeights');
	const instances = read.nested('instances');
	const predKind = readPredKind(read);
	const loss = ours('borderWeightedCrossEntropy', {
		borderWeight: read.number('w0', 10),
		sigma: read.number('sigma', 5),
		classWeights: spelled(weights === undefined ? undefined : numbersOf(weights)),
	});
	return {
		losses: ['borderWeightedCrossEntropy'],
		space: 'images',
		targets: (plain) =>
			instances === undefined ? targetsOf({ ...plain, yPred: [] }, ['instanceGap']) : { instanceGap: instanceGap(instances, plain) },
		outputs(layout) {
			const input: LossInput = layout.x.shape[3] === 1 ? elementView(layout, predKind) : classView(layout, predKind);
			return [loss(input)];
		},
	};
}

export const boundaryRecipes = {
	boundary,
	hausdorffDT,
	hausdorffER,
	boundaryDoU,
	softClDice,
	totalVariation,
	distancePenalizedCE,
	unetWeightedCE,
} as const satisfies Readonly<Record<string, (read: ParamReader) => Recipe>>;
