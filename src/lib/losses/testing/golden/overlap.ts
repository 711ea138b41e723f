/** Golden parameters of losses that compare areas, as calls of ours: which sums, which smoothing, which reduction. */
import * as tf from '@tensorflow/tfjs-core';
import type { ParamValue } from '#lib/core/params.ts';
import type { LossInput, Scalar } from '../../contract.ts';
import { Unsupported } from './param-reader.ts';
import type { ParamReader } from './param-reader.ts';
import { ours, spelled, times } from './recipe.ts';
import type { Call } from './recipe.ts';
import { channels, images } from './slices.ts';
import { numbersOf } from './types.ts';

type Values = Readonly<Record<string, ParamValue>>;

/** A denominator that is clamped instead of smoothed: below every area of a pixel, and exact beside any. */
const clampAsSmoothing = 1e-12;

export interface Smoothing {
	readonly numerator: number;
	readonly denominator: number;
}

/** `smoothNum`, `smoothDen` and SMP's `denClamp`. */
export function readSmoothing(read: ParamReader): Smoothing {
	const denominator = read.number('smoothDen', 1e-5);
	const clamp = read.number('denClamp', 0);
	return { numerator: read.number('smoothNum', 1e-5), denominator: denominator === 0 && clamp > 0 ? clampAsSmoothing : denominator };
}

/**
 * A loss of ours for any pair of constants. Ours smooths both ends alike or the denominator alone; as the constant of the
 * numerator enters linearly, every other pair is a mean of the two.
 * @param share ours smooths Tversky's form; Dice as 2·TP / (Σp + Σg) has twice its constant
 */
export function smoothedCall(id: string, values: Values, { numerator, denominator }: Smoothing, share: number): Call {
	const at = (smoothNumerator: boolean): Call => ours(id, { ...values, smoothing: denominator * share, smoothNumerator });
	if (numerator === denominator) return at(true);
	if (numerator === 0) return at(false);
	// Beyond, the two parts are large and of opposite sign: float32 has no digits left for their sum.
	if (numerator > 10 * denominator) throw new Unsupported('a numerator smoothed far more than its denominator');
	const [alike, below] = [at(true), at(false)];
	const weight = numerator / denominator;
	return (input) => tf.add(tf.mul(alike(input), weight), tf.mul(below(input), 1 - weight));
}

/** Which sums a loss takes; sums of ours in its own words. */
export interface Sums {
	readonly batchSums: boolean;
	readonly includeBackground: boolean;
}

export const readSums = (read: ParamReader): Sums => ({
	batchSums: read.flag('batchDice'),
	includeBackground: read.flag('includeBackground', true),
});

export const readAbsent = (read: ParamReader): string =>
	read.choice('emptyClass', ['zeroLoss', 'count'], 'count') === 'zeroLoss' ? 'zero' : 'count';

/** Class weights of the case, one for each channel that counts. */
export function readClassWeights(read: ParamReader): readonly number[] | undefined {
	const weights = read.nested('classWeights');
	return weights === undefined ? undefined : numbersOf(weights);
}

/** The weights as ours spells them: background first, two for a sigmoid. */
export function overlapWeights(weights: readonly number[] | undefined, channelCount: number, includeBackground: boolean): Values {
	if (weights === undefined) return {};
	const [first = 1] = weights;
	const all = channelCount === 1 ? [1, first] : weights.length === 1 ? Array<number>(channelCount).fill(first) : weights;
	const complete = !includeBackground && all.length === channelCount - 1 ? [1, ...all] : all;
	return { overlapWeights: spelled(complete) };
}

export interface AreaReduction {
	readonly reduction: 'mean' | 'sum' | 'none';
	/** kornia: the mean over images of this channel. */
	readonly pickClass: number | null;
}

export const readAreaReduction = (read: ParamReader): AreaReduction => ({
	reduction: read.choice('reduction', ['mean', 'sum', 'none'], 'mean'),
	pickClass: read.optionalNumber('pickClass'),
});

/** The loss of each image and channel, or of each channel over the batch, in order. */
function grid(input: LossInput, loss: Call, { batchSums, includeBackground }: Sums): Scalar[][] {
	const rows = batchSums ? [input] : images(input);
	return rows.map((row) => {
		const all = channels(row);
		return (includeBackground || all.length === 1 ? all : all.slice(1)).map(loss);
	});
}

const mean = (scalars: readonly Scalar[]): Scalar =>
	times(
		scalars.reduce((sum, scalar) => tf.add(sum, scalar)),
		1 / scalars.length,
	);

/** The mean of ours as the case reduces it. */
export function reduceAreas(input: LossInput, loss: Call, sums: Sums, { reduction, pickClass }: AreaReduction): readonly Scalar[] {
	const [batch] = input.yTrue.shape;
	const channelCount = input.yTrue.shape.at(-1) ?? 1;
	if (pickClass !== null) return [mean(grid(input, loss, sums).map((row) => row[pickClass]!))];
	if (reduction === 'none') return grid(input, loss, sums).flat();
	const counted = sums.includeBackground || channelCount === 1 ? channelCount : channelCount - 1;
	return [times(loss(input), reduction === 'sum' ? counted * (sums.batchSums ? 1 : batch) : 1)];
}

/** The mean of ours over images, or its sum or list, for losses that join the classes of an image. */
export function reduceImages(
	input: LossInput,
	loss: Call,
	{ batchSums }: Pick<Sums, 'batchSums'>,
	{ reduction }: AreaReduction,
): readonly Scalar[] {
	const [batch] = input.yTrue.shape;
	if (reduction === 'none') return batchSums ? [loss(input)] : images(input).map(loss);
	return [times(loss(input), reduction === 'sum' && !batchSums ? batch : 1)];
}
