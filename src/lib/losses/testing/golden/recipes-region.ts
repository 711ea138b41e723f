/** Golden keys of Dice, Jaccard, Tversky and what is made of them. */
import * as tf from '@tensorflow/tfjs-core';
import type { ParamValue } from '#lib/core/params.ts';
import type { LossInput, Tensor4D } from '../../contract.ts';
import { readActivated } from './inputs.ts';
import {
	overlapWeights,
	readAbsent,
	readAreaReduction,
	readClassWeights,
	readSmoothing,
	readSums,
	reduceAreas,
	smoothedCall,
} from './overlap.ts';
import type { Smoothing, Sums } from './overlap.ts';
import { Unsupported } from './param-reader.ts';
import type { ParamReader } from './param-reader.ts';
import type { Call, Layout, Recipe } from './recipe.ts';
import { numbersOf } from './types.ts';

type Values = Readonly<Record<string, ParamValue>>;

/** A loss of ours that stands for a golden one. */
interface Form {
	readonly id: string;
	readonly values: Values;
	/** Its smoothing over the case's. */
	readonly share: number;
}

/** What a mean over images and classes of such a loss needs, read from a case. */
export interface Overlap {
	readonly id: string;
	readonly sums: Sums;
	/** The loss for inputs of this many channels; the case's weights are left out where single channels are looked at. */
	loss(channels: number, weighted: boolean): Call;
}

export function readOverlap(read: ParamReader, { id, values, share }: Form): Overlap {
	const smoothing: Smoothing = readSmoothing(read);
	const sums = readSums(read);
	const absentClasses = readAbsent(read);
	const weights = readClassWeights(read);
	return {
		id,
		sums,
		loss(channels, weighted) {
			const extra = weighted ? overlapWeights(weights, channels, sums.includeBackground) : {};
			return smoothedCall(id, { ...values, ...sums, absentClasses, ...extra }, smoothing, share);
		},
	};
}

/** Whether −score is asked for instead of 1 − score. */
const readNegated = (read: ParamReader): boolean => read.flag('negate');

const less = (loss: Call, by: number): Call => (by === 0 ? loss : (input) => tf.sub(loss(input), by));

/** A recipe for a loss of Tversky's form with every reduction. */
function areaRecipe(read: ParamReader, form: Form): Recipe {
	const hasWeights = read.has('classWeights');
	const overlap = readOverlap(read, form);
	const reduction = readAreaReduction(read);
	const view = readActivated(read);
	const by = readNegated(read) ? 1 : 0;
	if (hasWeights && (by === 1 || reduction.pickClass !== null)) throw new Unsupported('class weights with a negated score or one class');
	if (hasWeights && reduction.reduction === 'none') return weightedList(overlap, view, read);
	return {
		losses: [form.id],
		outputs(layout) {
			const input = view(layout);
			return reduceAreas(input, less(overlap.loss(input.yTrue.shape[3], true), by), overlap.sums, reduction);
		},
	};
}

/** One value for each image and channel, each times the weight of its channel. */
function weightedList(overlap: Overlap, view: (layout: Layout) => LossInput, read: ParamReader): Recipe {
	const weights = numbersOf(read.nested('classWeights') ?? []);
	return {
		losses: [overlap.id],
		outputs(layout) {
			const list = reduceAreas(view(layout), overlap.loss(1, false), overlap.sums, { reduction: 'none', pickClass: null });
			return list.map((output, i) => tf.mul(output, weights[i % weights.length]!));
		},
	};
}

/** Dice in all its variants: which loss of ours it is. */
export function readDiceForm(read: ParamReader): Form {
	const squared = read.flag('squared');
	const softLabel = read.flag('softLabel');
	const isJaccard = read.flag('jaccard');
	const doubled = read.flag('jaccardDoubled');
	if (squared && softLabel) throw new Unsupported('squared sums of soft-label counts');
	const share = isJaccard && !doubled ? 1 : 0.5;
	if (read.flag('log')) {
		read.fixed('eps', 1e-7);
		if (squared || softLabel) throw new Unsupported('the logarithm of a squared or soft-label score');
		return { id: 'logDice', values: isJaccard ? { overlap: 'jaccard' } : {}, share };
	}
	const weight = isJaccard ? 1 : 0.5;
	if (softLabel) return { id: 'softLabelTversky', values: { alpha: weight, beta: weight }, share };
	return { id: isJaccard ? 'jaccard' : 'dice', values: squared ? { squared } : {}, share };
}

function jaccard(read: ParamReader): Recipe {
	if (read.flag('softLabel')) return areaRecipe(read, { id: 'softLabelTversky', values: { alpha: 1, beta: 1 }, share: 1 });
	if (read.flag('log')) {
		read.fixed('eps', 1e-7);
		return areaRecipe(read, { id: 'logDice', values: { overlap: 'jaccard' }, share: 1 });
	}
	return areaRecipe(read, { id: 'jaccard', values: read.flag('squared') ? { squared: true } : {}, share: 1 });
}

function tversky(read: ParamReader): Recipe {
	const id = read.flag('softLabel') ? 'softLabelTversky' : 'tversky';
	return areaRecipe(read, { id, values: { alpha: read.number('alpha', 0.5), beta: read.number('beta', 0.5) }, share: 1 });
}

/** Constants that cannot be told apart from outside, because something not linear comes after them. */
function onlyNative(read: ParamReader, recipe: Recipe): Recipe {
	const { numerator, denominator } = readSmoothing(read);
	if (numerator !== denominator && numerator !== 0)
		throw new Unsupported('both ends smoothed, but differently, inside a power or logarithm');
	return recipe;
}

function focalTversky(read: ParamReader): Recipe {
	const values = { alpha: read.number('alpha', 0.3), beta: read.number('beta', 0.7), exponent: read.number('exponent', 0.75) };
	return onlyNative(read, areaRecipe(read, { id: 'focalTversky', values, share: 1 }));
}

function logCoshDice(read: ParamReader): Recipe {
	const overlap = readOverlap(read, { id: 'logCoshDice', values: {}, share: 0.5 });
	const view = readActivated(read);
	return onlyNative(read, {
		losses: ['logCoshDice'],
		outputs(layout) {
			const input = view(layout);
			return [overlap.loss(input.yTrue.shape[3], true)(input)];
		},
	});
}

/** The mask with one entry a pixel; undefined when its channels differ. */
function perPixelMask(mask: readonly number[], channels: number, pixels: number): number[] | undefined {
	if (mask.length === pixels) return [...mask];
	const isSame = mask.every((value, i) => value === mask[i - (i % channels)]);
	return isSame ? mask.filter((_, i) => i % channels === 0) : undefined;
}

/**
 * Dice of masked pixels. `afterActivation` is our mask of valid pixels; `beforeActivation` masks the logits and the truth,
 * so that masked pixels count as p = ½ on the background.
 */
function maskedDice(read: ParamReader): Recipe {
	const mask = read.nested('mask');
	if (mask === undefined) throw new Unsupported('no mask');
	const stage = read.choice('maskStage', ['afterActivation', 'beforeActivation'], 'afterActivation');
	const numbers = numbersOf(mask);
	if (numbers.some((value) => value !== 0 && value !== 1)) throw new Unsupported('a mask that is neither 0 nor 1');
	const recipe = areaRecipe(read, readDiceForm(read));
	const masks = ({ x }: Layout): Tensor4D => {
		const [batch, height, width, channels] = x.shape;
		const perPixel = perPixelMask(numbers, channels, batch * height * width);
		return tf.tensor4d(perPixel ?? numbers, [batch, height, width, perPixel === undefined ? channels : 1]);
	};
	return {
		...recipe,
		outputs(layout) {
			const kept = masks(layout);
			const yTrue = tf.mul<Tensor4D>(layout.yTrue, kept);
			if (stage === 'beforeActivation') return recipe.outputs({ ...layout, x: tf.mul(layout.x, kept), yTrue });
			return recipe.outputs({ ...layout, valid: kept });
		},
	};
}

export const regionRecipes = {
	dice: (read) => areaRecipe(read, readDiceForm(read)),
	jaccard,
	tversky,
	focalTversky,
	logCoshDice,
	maskedDice,
	asymmetricSimilarity: (read) => areaRecipe(read, { id: 'asymmetricSimilarity', values: { beta: read.number('betaF', 1.5) }, share: 1 }),
} as const satisfies Readonly<Record<string, (read: ParamReader) => Recipe>>;
