/** The mean of the largest values, without a sort on the tape. */
import { constant } from './constant.ts';
import type { Scalar, Tensor, Tensor4D, Tf } from './contract.ts';

/** Guards ⌊n·k/100⌋ against float32 products just below a whole number. */
const slack = 1e-3;

/** The `rank`-th largest of `values` [n]; `rank` is a scalar tensor from 1. */
function rankedValue(tf: Tf, values: Tensor, rank: Scalar, largestRank: number): Tensor {
	const sorted = tf.topk(values, largestRank, true).values;
	const place = tf.range(1, largestRank + 1, 1, 'float32');
	return tf.sum(tf.where(tf.equal(place, rank), sorted, tf.zerosLike(sorted)));
}

/**
 * The weight with which each value enters the mean of the `rank` largest: 1 above the threshold, 0 below it, and an
 * equal share for those that tie at it. Summed over all values it gives `rank`.
 */
function selection(tf: Tf, values: Tensor, rank: Scalar, largestRank: number): Tensor {
	const threshold = rankedValue(tf, values, rank, largestRank);
	const above = tf.cast(tf.greater(values, threshold), 'float32');
	const tied = tf.cast(tf.equal(values, threshold), 'float32');
	const share = tf.div(tf.sub(rank, tf.sum(above)), tf.maximum(tf.sum(tied), 1));
	return tf.add(above, tf.mul(tied, share));
}

/**
 * Mean of the largest `percent` % of a map over the valid pixels of the batch, at least one. The choice is a constant
 * for the gradient: tfjs has none for top-k.
 * @param map [B, H, W, 1], not negative
 */
export function meanOfLargest(tf: Tf, map: Tensor4D, valid: Tensor4D, percent: number): Scalar {
	const pixels = map.size;
	const largestRank = Math.max(1, Math.floor((pixels * percent) / 100 + slack));
	const rank = tf.maximum<Scalar>(tf.floor(tf.add(tf.mul(tf.sum(valid), percent / 100), slack)), 1);
	const kept = tf.reshape(tf.mul(map, valid), [pixels]);
	// Ignored pixels sort below all others.
	const weight = constant(tf, kept, () => selection(tf, tf.add(kept, tf.sub(tf.reshape(valid, [pixels]), 1)), rank, largestRank));
	return tf.div(tf.sum(tf.mul(kept, weight)), rank);
}

/** The parameter of losses that keep the largest pixels only. */
export const percentParam = {
	kind: 'number',
	label: 'Share of pixels kept (k)',
	help: 'Smaller values leave only the hardest pixels of the batch to learn from.',
	min: 0.1,
	max: 100,
	step: 1,
	default: 10,
	unit: '%',
} as const;
