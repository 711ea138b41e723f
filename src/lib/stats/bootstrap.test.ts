import { expect, it } from 'vitest';
import { bootstrapMean, resamples } from './bootstrap.ts';

it('gives the percentile interval of the mean', () => {
	// −0.7, −0.6 … 1.2: SciPy 1.10 `bootstrap((d,), np.mean, method='percentile', n_resamples=200000)`: (0.000, 0.500).
	const { mean, low, high } = bootstrapMean(Array.from({ length: 20 }, (_, i) => (i - 7) / 10));
	expect(mean).toBeCloseTo(0.25, 12);
	// The bounds of 2,000 draws scatter by about 0.01 around those of 200,000.
	expect(Math.abs(low - 0)).toBeLessThan(0.03);
	expect(Math.abs(high - 0.5)).toBeLessThan(0.03);
});

it('gives the same bounds again, and others for another seed', () => {
	const differences = [0.1, -0.2, 0.3, 0.05];
	expect(bootstrapMean(differences)).toEqual(bootstrapMean(differences));
	expect(bootstrapMean(differences, resamples(4, 2))).not.toEqual(bootstrapMean(differences));
});

it('has no width for equal differences, and none without a difference', () => {
	expect(bootstrapMean([0.5, 0.5])).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
	expect(() => bootstrapMean([])).toThrow(RangeError);
});
