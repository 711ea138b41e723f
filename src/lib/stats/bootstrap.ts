/** How far the mean of paired differences can be trusted, by drawing the pairs again (Efron & Tibshirani, 1993). */
import { RandomStream } from '#lib/core/random.ts';
import { quantile } from './box.ts';

export interface BootstrapInterval {
	readonly mean: number;
	/** Percentiles 2.5 and 97.5 of the resampled means. */
	readonly low: number;
	readonly high: number;
}

const draws = 2000;

/** Indices 0…n − 1 drawn with replacement, n for each of 2,000 samples. Seeded: equal arguments give equal draws. */
export function resamples(n: number, seed = 1): Uint32Array {
	const random = new RandomStream(seed, 'bootstrap');
	return Uint32Array.from({ length: draws * n }, (_, i) => Math.floor(random.uniform(i) * n));
}

/** The mean with its 95 % percentile interval. Throws a `RangeError` without a difference. */
export function bootstrapMean(differences: readonly number[], samples = resamples(differences.length)): BootstrapInterval {
	const n = differences.length;
	if (n === 0) throw new RangeError('no difference to take the mean of');
	const means = new Float64Array(draws);
	for (let draw = 0; draw < draws; draw++) {
		let sum = 0;
		for (let i = 0; i < n; i++) sum += differences[samples[draw * n + i]!]!;
		means[draw] = sum / n;
	}
	means.sort();
	return { mean: differences.reduce((sum, value) => sum + value, 0) / n, low: quantile(means, 0.025), high: quantile(means, 0.975) };
}
