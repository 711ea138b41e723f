import { describe, expect, it } from 'vitest';
import { holm, signedRankTest } from './signed-rank.ts';

describe('the signed-rank test', () => {
	it('gives the exact p of the heights of Darwin’s maize', () => {
		// Differences of the 15 pairs; SciPy 1.10 `wilcoxon(d, mode='exact')`: statistic 24, p 0.041259765625.
		const { n, positiveRanks, pValue } = signedRankTest([6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]);
		expect([n, positiveRanks]).toEqual([15, 96]); // 120 − 24
		expect(pValue).toBeCloseTo(0.041259765625, 12);
	});

	it('stays exact with ties and leaves zeros out', () => {
		// All 2^10 signs of SciPy's mid-ranks tried one by one: 2 · P(sum ≤ 15.5) = 0.251953125.
		const { n, positiveRanks, pValue } = signedRankTest([0, 1, 1, -1, 2, 2, -3, 0, 4, 5, 2, -2]);
		expect([n, positiveRanks]).toEqual([10, 39.5]);
		expect(pValue).toBeCloseTo(0.251953125, 12);
	});

	it('cannot reject with five pairs that all point one way: 2 / 2⁵', () => {
		expect(signedRankTest([0.1, 0.2, 0.3, 0.4, 0.5]).pValue).toBeCloseTo(0.0625, 12);
	});

	it('goes over to the normal approximation for many pairs', () => {
		// SciPy 1.10 `wilcoxon(d, mode='approx')`: p 0.007812042630984221.
		const differences = Array.from({ length: 250 }, (_, i) => (((i * 7919) % 1009) - 450) / 100);
		expect(signedRankTest(differences).pValue).toBeCloseTo(0.007812042630984221, 7);
	});

	it('finds nothing where nothing differs', () => {
		expect(signedRankTest([0, 0])).toEqual({ n: 0, positiveRanks: 0, pValue: 1 });
		expect(signedRankTest([]).pValue).toBe(1);
	});
});

describe('Holm’s correction', () => {
	it('multiplies by the number of hypotheses left and never falls', () => {
		// Ascending .005 .01 .03 .04 times 4 3 2 1 = .02 .03 .06 .04, then the running maximum.
		expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([expect.closeTo(0.03, 12), expect.closeTo(0.06, 12), expect.closeTo(0.06, 12), 0.02]);
	});

	it('stays below 1', () => {
		expect(holm([0.6, 0.9])).toEqual([1, 1]);
		expect(holm([])).toEqual([]);
	});
});
