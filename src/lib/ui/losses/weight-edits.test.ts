import { describe, expect, it } from 'vitest';
import { constantWeight, type WeightSchedule } from '#lib/core/loss-choice.ts';
import { largestWeight, withCurve } from './weight-edits.ts';

const rise: WeightSchedule = { curve: 'linear', from: 0.01, to: 2, begin: 0.2, end: 0.7 };

describe('another curve', () => {
	it('lets a constant weight rise from 0 to what it was', () => {
		expect(withCurve(constantWeight(3), 'linear')).toEqual({ curve: 'linear', from: 0, to: 3, begin: 0, end: 1 });
		expect(withCurve(constantWeight(3), 'step')).toEqual({ curve: 'step', from: 0, to: 3, begin: 0, end: 0.5 });
	});

	it('keeps the numbers of a moving weight, and its last one when it stops', () => {
		expect(withCurve(rise, 'cosine')).toEqual({ ...rise, curve: 'cosine' });
		expect(withCurve(rise, 'constant')).toEqual(constantWeight(2));
		expect(withCurve(rise, 'linear')).toBe(rise);
	});
});

it('draws all terms on the scale of the largest weight at either end of the run', () => {
	const term = (weight: WeightSchedule) => ({ loss: 'dice', values: {}, weight });
	expect(largestWeight([term(rise), term(constantWeight(0.5))])).toBe(2);
	expect(largestWeight([term({ ...rise, end: 1 })])).toBe(2);
	expect(largestWeight([])).toBe(0);
});
