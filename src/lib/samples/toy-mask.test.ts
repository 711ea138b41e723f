import { describe, expect, it } from 'vitest';
import { curvePredictions, discMask, paintSpot, surfacePredictions, toyPredictions, toySide } from './toy-mask.ts';

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

describe('the toy mask', () => {
	it('covers its share to the pixel, in the middle, and never nothing', () => {
		expect(sum(discMask(0.1))).toBe(102);
		expect(sum(discMask(0))).toBe(1);
		const disc = discMask(0.1);
		expect(disc[16 * toySide + 16]).toBe(1);
		expect(disc[0]).toBe(0);
	});

	it('moves one kind of pixel along a curve', () => {
		const disc = discMask(0.25);
		const { object, around } = curvePredictions(disc, [0.3]);
		disc.forEach((value, at) => {
			expect(object[0]![at]).toBeCloseTo(value === 1 ? 0.3 : 0.02, 6);
			expect(around[0]![at]).toBeCloseTo(value === 1 ? 0.98 : 0.3, 6);
		});
	});

	it('misses and invents shares of pixels', () => {
		const disc = discMask(0.25);
		const grid = surfacePredictions(disc, 4);
		expect(grid).toHaveLength(25);
		// Half of 256 pixels missed, a quarter of 768 invented.
		const at = grid[2 * 5 + 1]!;
		expect(sum(disc.map((value, place) => (value === 1 && at[place]! < 0.5 ? 1 : 0)))).toBe(128);
		expect(sum(disc.map((value, place) => (value === 0 && at[place]! > 0.5 ? 1 : 0)))).toBe(192);
	});

	it('is predicted right, too small, too large and beside', () => {
		const disc = discMask(0.25);
		const covered = (id: string): number =>
			toyPredictions
				.find((entry) => entry.id === id)!
				.of(disc)
				.filter((level) => level > 127).length;
		expect(covered('right')).toBe(256);
		expect(covered('small')).toBeLessThan(256);
		expect(covered('large')).toBeGreaterThan(256);
		expect(covered('shifted')).toBe(256);
		expect(covered('nothing')).toBe(0);
	});

	it('is painted on', () => {
		const painted = paintSpot(new Uint8Array(toySide ** 2), 3.5, 2.5, 1, 0.5);
		// The middle and its four neighbours lie within one pixel.
		expect(painted.filter((level) => level === 128)).toHaveLength(5);
		expect(painted[2 * toySide + 3]).toBe(128);
	});
});
