import { describe, expect, it } from 'vitest';
import { exploredSeries, rangeOf } from './explored-series.ts';

const points = [
	{ value: 4, foreground: -1, background: 0.1 },
	{ value: 1, foreground: -0.5, background: 0.2 },
	{ value: 2, foreground: -0.1, background: 0.3 },
	{ value: 3, foreground: -0.2, background: 0.4 },
];

describe('curves of what was explored', () => {
	it('are the values, their share of the largest, and the slopes of the part that moves', () => {
		const curves = (measure: 'value' | 'share' | 'slope') => exploredSeries({ key: 'a', points }, [0.2, 0.8], measure).map(({ y }) => y);
		expect(curves('value')).toEqual([
			[4, 1],
			[2, 3],
		]);
		expect(curves('share')).toEqual([
			[1, 0.25],
			[0.5, 0.75],
		]);
		expect(curves('slope')).toEqual([
			[-1, -0.5],
			[0.3, 0.4],
		]);
	});

	it('have a range only where they are finite', () => {
		expect(rangeOf([3, Number.NaN, -1, Infinity])).toEqual({ low: -1, high: 3 });
		expect(rangeOf([Number.NaN])).toBeNull();
	});
});
