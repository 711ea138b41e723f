import { describe, expect, it } from 'vitest';
import type { Measures } from './measures.ts';
import { difference, notFarBelow, precision, recall, slope, spread, verdictOf } from './questions.ts';

const run = (seed: number, value: number): Measures => ({
	seed,
	recall: value,
	dice: value,
	precision: value,
	probabilities: null,
});

describe('the answer to a question', () => {
	it('pairs runs by seed, whatever their order', () => {
		const table = { a: [run(1, 0.5), run(2, 0.9)], b: [run(2, 0.6), run(1, 0.1)] };
		const { interval, verdict } = difference(table, 'q', 'a', 'b', 'recall', recall); // 0.4 and 0.3
		expect(interval?.mean).toBeCloseTo(0.35, 12);
		// sd = 0.1 / √2; t(1) = 12.706; margin = 12.706 · 0.0707107 / √2 = 0.6353: wider than the mean.
		expect(interval?.margin).toBeCloseTo(0.6353, 4);
		expect(verdict).toBe('no trend');
	});

	it('leaves out seeds for which a loss has no such number, and says so', () => {
		const nothing = { ...run(2, 0.5), precision: null };
		const table = { a: [run(1, 0.9), nothing], b: [run(1, 0.4), run(2, 0.4)] };
		const { interval, quantity } = difference(table, 'q', 'a', 'b', 'precision', precision);
		expect(interval?.mean).toBeCloseTo(0.5, 12);
		expect(quantity).toBe('precision: a − b (1 of 2 seeds)');
		expect(difference({ a: [nothing], b: [run(2, 0.4)] }, 'q', 'a', 'b', 'precision', precision).interval).toBeNull();
	});

	it('fits a line to each seed', () => {
		// Over x = 0, 1, 2: slope = (y2 − y0) / 2.
		const table = { low: [run(1, 0.1), run(2, 0.2)], mid: [run(1, 0.9), run(2, 0.2)], high: [run(1, 0.5), run(2, 0.6)] };
		const labels = [[0, 'low'] as const, [1, 'mid'] as const, [2, 'high'] as const];
		expect(slope(table, 'q', labels, 'recall', recall).interval?.mean).toBeCloseTo(0.2, 12);
		expect(slope(table, 'q', labels, 'recall', recall, -1).interval?.mean).toBeCloseTo(-0.2, 12);
	});

	it('takes the spread over losses within each seed', () => {
		expect(spread({ a: [run(1, 0.1), run(2, 0.5)], b: [run(1, 0.4), run(2, 0.5)] }, ['a', 'b'], recall)).toEqual([
			expect.closeTo(0.3, 12),
			0,
		]);
	});

	it('calls a loss near another when it is clearly not farther below than said', () => {
		// Gaps −0.01 and −0.02: 0.05 above the limit they are 0.04 and 0.03; margin 12.706 · 0.00707107 / √2 = 0.0635.
		const table = { sum: [run(1, 0.79), run(2, 0.78)], best: [run(1, 0.8), run(2, 0.8)] };
		const { interval, verdict } = notFarBelow(table, 'q', 'sum', 'best', 'recall', recall, 0.05);
		expect(interval?.mean).toBeCloseTo(0.035, 12);
		expect(interval?.margin).toBeCloseTo(0.0635, 4);
		expect(verdict).toBe('no trend');
	});

	it('needs the whole interval on one side of 0', () => {
		expect(verdictOf({ mean: 0.2, margin: 0.1, sd: 1, n: 5 })).toBe('trend');
		expect(verdictOf({ mean: 0.2, margin: 0.3, sd: 1, n: 5 })).toBe('no trend');
		expect(verdictOf({ mean: -0.2, margin: 0.1, sd: 1, n: 5 })).toBe('opposite');
		expect(verdictOf({ mean: 0.2, margin: null, sd: null, n: 1 })).toBe('no trend');
	});
});
