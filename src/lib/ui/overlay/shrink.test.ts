import { expect, it } from 'vitest';
import { everyNth, fitWithin, shrink, stepAt, stepTo } from './shrink.ts';

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

it('leaves pixels out in both directions, all channels together', () => {
	// 5×3 of two channels, 10·row + column and 1,000 more; of them row 0 and columns 0 and 2.
	const data = Uint16Array.from({ length: 30 }, (_, at) => (at % 2) * 1000 + 10 * Math.floor(at / 10) + (Math.floor(at / 2) % 5));
	const pixels = { width: 5, height: 3, channels: 2, data };
	expect(everyNth(pixels, 2)).toEqual({ width: 2, height: 1, channels: 2, data: Uint16Array.of(0, 1000, 2, 1002) });
	expect(everyNth(pixels, 1)).toBe(pixels);
	expect(everyNth({ ...pixels, width: 15, height: 1 }, 20)).toMatchObject({ width: 1, height: 1 });
});

it('leaves as many out as a side needs, and fewer the more a view is enlarged', () => {
	expect([stepTo({ width: 4096, height: 100 }, 96), stepTo({ width: 190, height: 100 }, 96)]).toEqual([42, 1]);
	// 4,096² is 16.8 million pixels, and √16.8 is 4.1.
	const large = { width: 4096, height: 4096 };
	expect([1, 1.4, 2, 4].map((scale) => stepAt(large, scale))).toEqual([4, 3, 2, 1]);
	expect(stepAt({ width: 1000, height: 1000 }, 1)).toBe(1);
});
