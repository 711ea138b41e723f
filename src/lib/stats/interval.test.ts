import { describe, expect, it } from 'vitest';
import { bandOf, meanInterval, studentQuantile } from './interval.ts';

describe('the quantile of Student’s t', () => {
	// The two-sided 95 % and 99 % columns of the usual printed table.
	it.each([
		[0.95, 1, 12.706],
		[0.95, 2, 4.303],
		[0.95, 4, 2.776],
		[0.95, 10, 2.228],
		[0.95, 30, 2.042],
		[0.95, 120, 1.98],
		[0.99, 1, 63.657],
		[0.99, 5, 4.032],
	])('at %f with %i degrees of freedom is %f', (confidence, degrees, expected) => {
		expect(Math.abs(studentQuantile(confidence, degrees) - expected)).toBeLessThan(6e-4);
	});

	it('with one degree of freedom is a Cauchy variable’s: tan(π/2 · confidence)', () => {
		expect(studentQuantile(0.5, 1)).toBeCloseTo(1, 10);
		expect(studentQuantile(0.8, 1)).toBeCloseTo(Math.tan(0.4 * Math.PI), 9);
	});
});

describe('the interval of a mean', () => {
	it('is t · sd / √n wide on each side', () => {
		// Mean 4; squares 9 + 1 + 0 + 1 + 9 = 20; sd = √(20 / 4) = √5; t(4) = 2.77645; margin = 2.77645 · √5 / √5.
		const { mean, sd, margin, n } = meanInterval([1, 3, 4, 5, 7]);
		expect([mean, n]).toEqual([4, 5]);
		expect(sd).toBeCloseTo(Math.sqrt(5), 12);
		expect(margin).toBeCloseTo(2.776445, 6);
	});

	it('is unknown for one value, and there is none without a value', () => {
		expect(meanInterval([0.7])).toEqual({ mean: 0.7, sd: null, margin: null, n: 1 });
		expect(() => meanInterval([])).toThrow(RangeError);
	});
});

describe('the band of a mean', () => {
	it('is the deviation, the standard error or the 95 % interval', () => {
		// 1 2 3 4 5: variance 10/4, sd 1.581139, standard error sd/√5 = 0.707107; t of 4 degrees 2.776445 → 1.963243.
		const interval = meanInterval([1, 2, 3, 4, 5]);
		expect(bandOf(interval, 'deviation')).toBeCloseTo(1.581139, 6);
		expect(bandOf(interval, 'standard-error')).toBeCloseTo(0.707107, 6);
		expect(bandOf(interval, 'interval')).toBeCloseTo(1.963243, 5);
	});

	it('is not drawn around a single run', () => {
		for (const band of ['deviation', 'standard-error', 'interval'] as const) expect(bandOf(meanInterval([0.5]), band)).toBeNull();
	});
});
