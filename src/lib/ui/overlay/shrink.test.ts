import { expect, it } from 'vitest';
import { fitWithin, shrink } from './shrink.ts';

it('keeps the shape within a square and never enlarges', () => {
	expect(fitWithin({ width: 400, height: 100 }, 100)).toEqual({ width: 100, height: 25 });
	expect(fitWithin({ width: 40, height: 100 }, 160)).toEqual({ width: 40, height: 100 });
	expect(fitWithin({ width: 1000, height: 1 }, 100)).toEqual({ width: 100, height: 1 });
});

it('takes the mean over the pixels that one covers', () => {
	const grey = (...values: number[]) => Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, 255]));
	// 3×2 to 1×1: (0 + 30 + 60 + 90 + 120 + 150) / 6 = 75.
	expect([...shrink({ width: 3, height: 2, data: grey(0, 30, 60, 90, 120, 150) }, { width: 1, height: 1 }).data]).toEqual([
		75, 75, 75, 255,
	]);
	// 3 to 2 across: the first covers one pixel, the second two.
	expect([...shrink({ width: 3, height: 1, data: grey(10, 20, 40) }, { width: 2, height: 1 }).data]).toEqual([
		10, 10, 10, 255, 30, 30, 30, 255,
	]);
	const same = { width: 1, height: 1, data: grey(7) };
	expect(shrink(same, { width: 1, height: 1 })).toBe(same);
});
