import { describe, expect, it } from 'vitest';
import { boxOf } from './box.ts';

describe('a box', () => {
	it('has its quartiles on the line between neighbours', () => {
		// Places 0.75, 1.5 and 2.25 of 1, 2, 3, 4.
		expect(boxOf([4, 1, 3, 2])).toEqual({ low: 1, firstQuartile: 1.75, median: 2.5, thirdQuartile: 3.25, high: 4, n: 4 });
	});

	it('leaves values far out beyond the whiskers', () => {
		// Quartiles 2 and 4, so the whiskers reach from −1 to 7: 100 lies outside, 4 is the furthest within.
		expect(boxOf([1, 2, 3, 4, 100])).toEqual({ low: 1, firstQuartile: 2, median: 3, thirdQuartile: 4, high: 4, n: 5 });
	});

	it('of one value is that value, and of none there is no box', () => {
		expect(boxOf([0.5])).toEqual({ low: 0.5, firstQuartile: 0.5, median: 0.5, thirdQuartile: 0.5, high: 0.5, n: 1 });
		expect(boxOf([])).toBeNull();
	});
});
