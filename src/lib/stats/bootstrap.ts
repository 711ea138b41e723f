/** How far the mean of paired differences can be trusted, by drawing the pairs again (Efron & Tibshirani, 1993). */
import { RandomStream } from '#lib/core/random.ts';

export interface BootstrapInterval {
	readonly mean: number;
	/** Percentiles 2.5 and 97.5 of the resampled means. */
	readonly low: number;
	readonly high: number;
}

const draws = 2000;

/** The value at a share of the ascending list, on a straight line between neighbours. */
function quantile(ascending: Float64Array, share: number): number {
	const at = share * (ascending.length - 1);
	const below = Math.floor(at);
	const low = ascending[below] ?? Number.NaN;
	return low + (at - below) * ((ascending[below + 1] ?? low) - low);
}

/**
 * The mean with its 95 % percentile interval. The draws are seeded, so equal differences give equal bounds.
 * Throws a `RangeError` without a difference.
 */
export function bootstrapMean(differences: readonly number[], seed = 1): BootstrapInterval {
	const n = differences.length;
	if (n === 0) throw new RangeError('no difference to take the mean of');
	const mean = (at: (i: number) => number): number => {
		let sum = 0;
		for (let i = 0; i < n; i++) sum += differences[at(i)]!;
		return sum / n;
	};
	const random = new RandomStream(seed, 'bootstrap');
	const means = Float64Array.from({ length: draws }, (_, draw) => mean((i) => Math.floor(random.uniform(draw * n + i) * n))).sort();
	return { mean: mean((i) => i), low: quantile(means, 0.025), high: quantile(means, 0.975) };
}
