import { describe, expect, it } from 'vitest';
import { decimalsOf, fromLogPosition, logSliderSteps, parseTyped, toLogPosition } from './range-scale.ts';

describe('sliders', () => {
	it('walk over powers of ten at equal steps', () => {
		// 1e-6 … 1: six decades over 200 positions.
		expect(fromLogPosition(0, 1e-6, 1)).toBe(1e-6);
		expect(fromLogPosition(logSliderSteps / 2, 1e-6, 1)).toBe(1e-3);
		expect(fromLogPosition(logSliderSteps, 1e-6, 1)).toBe(1);
		expect(toLogPosition(1e-3, 1e-6, 1)).toBe(100);
	});

	it('know the decimals of a step', () => {
		expect([1, 0.05, 0.5, 1e-7, 2.5e-7].map(decimalsOf)).toEqual([0, 2, 1, 7, 8]);
	});
});

describe('typed numbers', () => {
	it('are taken with a point or a comma, and in scientific form', () => {
		expect(parseTyped(' 0,5 ', 0, 1, false)).toBe(0.5);
		expect(parseTyped('3e-4', 0, 1, false)).toBe(3e-4);
	});

	it('are refused outside the range, when empty, and when not whole where counts are wanted', () => {
		for (const text of ['', ' ', 'many', '1.5', '-1', 'Infinity']) expect(parseTyped(text, 0, 1, false), text).toBeUndefined();
		expect(parseTyped('2.5', 1, 10, true)).toBeUndefined();
		expect(parseTyped('2', 1, 10, true)).toBe(2);
	});
});
