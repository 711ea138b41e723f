/**
 * The rules by which Keras' `Loss` class turns what a loss returns into what is trained on: masks, sample weights and the
 * reduction. Losses of the shelf return a scalar and need none of it; a loss that returns one value per sample does.
 *
 * Source: Keras 3, `keras/src/losses/loss.py`.
 */
import { AppError } from '#lib/core/errors.ts';
import type { Tensor, Tf } from './contract.ts';

const reductions = ['sum_over_batch_size', 'mean', 'mean_with_sample_weight', 'sum', 'none'] as const;

/**
 * `sum_over_batch_size` and `mean` divide by the number of values, whatever their weights; with a mask, by the number of
 * values that it keeps. `mean_with_sample_weight` divides by the sum of the weights.
 */
export type Reduction = (typeof reductions)[number];

/**
 * The reduction of this name; Keras' default is `sum_over_batch_size`.
 * @throws AppError `spec-invalid` for a name that Keras does not know
 */
export function reductionNamed(name: string): Reduction {
	const reduction = reductions.find((known) => known === name);
	if (reduction === undefined) throw new AppError('spec-invalid', { parameter: 'reduction', given: name });
	return reduction;
}

export interface ReductionOptions {
	readonly reduction: Reduction;
	/** A weight for each value; [N] or [N, 1] beside values [N], or any shape that broadcasts to theirs. */
	readonly sampleWeight?: Tensor;
	/** 1 where a value counts, 0 where it does not; shaped like the weights. */
	readonly mask?: Tensor;
}

/** a / b, and 0 where b is 0. No comparison, which has no gradient. */
function divideOrZero(tf: Tf, a: Tensor, b: Tensor): Tensor {
	const defined = tf.step(tf.abs(b));
	return tf.mul(tf.div(a, tf.add(b, tf.sub(1, defined))), defined);
}

/** Keras' alignment: of two ranks that differ by one, a last axis of 1 goes, or comes to a rank of one. */
function sameRank(tf: Tf, a: Tensor, b: Tensor): [Tensor, Tensor] {
	const fit = (higher: Tensor, lower: Tensor): [Tensor, Tensor] => {
		if (higher.rank !== lower.rank + 1 || higher.shape.at(-1) !== 1) return [higher, lower];
		return lower.rank === 1 ? [higher, tf.expandDims(lower, -1)] : [tf.squeeze(higher, [-1]), lower];
	};
	if (a.rank >= b.rank) return fit(a, b);
	const [higher, lower] = fit(b, a);
	return [lower, higher];
}

/** The mask as weights, joined with the given ones; undefined without either. */
function joinedWeights(tf: Tf, { reduction, sampleWeight, mask }: ReductionOptions): Tensor | undefined {
	if (mask === undefined) return sampleWeight;
	const kept = tf.cast(mask, 'float32');
	const isMean = reduction === 'mean' || reduction === 'sum_over_batch_size';
	// Weighed by total/kept, so that the mean over all values becomes that over the kept ones.
	const weights = isMean ? tf.mul(kept, divideOrZero(tf, tf.scalar(kept.size), tf.sum(kept))) : kept;
	if (sampleWeight === undefined) return weights;
	const [a, b] = sameRank(tf, weights, sampleWeight);
	return tf.mul(a, b);
}

/**
 * Reduces the values of a loss.
 * @param values [N] or any other shape; a scalar is weighed but not reduced
 * @returns a scalar, or with `none` the weighed values
 */
export function reduceLoss(tf: Tf, values: Tensor, options: ReductionOptions): Tensor {
	return tf.tidy(() => {
		const weights = joinedWeights(tf, options);
		const [aligned, fitting] = weights === undefined ? [values, undefined] : sameRank(tf, values, weights);
		const weighed = fitting === undefined ? tf.clone(aligned) : tf.mul(aligned, fitting);
		if (options.reduction === 'none' || values.rank === 0) return weighed;
		const total = tf.sum(weighed);
		if (options.reduction === 'sum') return total;
		const byWeight = options.reduction === 'mean_with_sample_weight' && fitting !== undefined;
		return divideOrZero(tf, total, byWeight ? tf.sum(fitting) : tf.scalar(weighed.size));
	});
}
