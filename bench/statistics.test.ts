import { describe, expect, it } from 'vitest';
import { median, pairedRatio } from './statistics.mjs';

describe('median', () => {
	it('is the middle of an odd number of values, whatever their order', () => {
		expect(median([9, 1, 4])).toBe(4);
	});

	it('is the mean of the two middle values of an even number', () => {
		// Sorted 1 2 5 90: (2 + 5) / 2.
		expect(median([90, 2, 1, 5])).toBe(3.5);
	});

	it('is not a number for nothing', () => {
		expect(median([])).toBeNaN();
	});

	it('leaves its input in order', () => {
		const values = [3, 1, 2];
		median(values);
		expect(values).toEqual([3, 1, 2]);
	});
});

describe('pairedRatio', () => {
	it('divides within a round before it takes the median', () => {
		// Ratios 20/10, 30/60, 40/40 = 2, 0.5, 1; their median is 1. The ratio of the medians would be 30/40.
		expect(pairedRatio([20, 30, 40], [10, 60, 40])).toEqual({ median: 1, least: 0.5, most: 2 });
	});

	it('leaves a slow spell that meets both of a round without effect', () => {
		// The second round is five times as slow for both: 10/20, 50/100, 10/20.
		expect(pairedRatio([10, 50, 10], [20, 100, 20])).toEqual({ median: 0.5, least: 0.5, most: 0.5 });
	});

	it('leaves out rounds that only one of both had', () => {
		// 10/10 and 20/10; the third round has no partner.
		expect(pairedRatio([10, 20, 99], [10, 10])).toEqual({ median: 1.5, least: 1, most: 2 });
	});
});
