import { describe, expect, it } from 'vitest';
import type { LabelScheme } from '#lib/core/sample.ts';
import { classLookup } from '#lib/pixels/labels.ts';
import { lookOf, looksAlike } from './look.ts';
import { measurePixels } from './measure.ts';
import { picture, twoClasses } from './testing.ts';

const raster = (width: number, height: number, levels: readonly number[]) => ({
	width,
	height,
	channels: 1,
	maxValue: 255,
	data: Uint8Array.from(levels),
});

/** Digits as rows of a mask; each digit stands for its value. */
const maskOf = (...rows: string[]) => ({
	width: rows[0]!.length,
	height: rows.length,
	data: Uint8Array.from(rows.join(''), Number),
});

const digits = (ignore: number[]): LabelScheme => ({
	kind: 'values',
	classes: [0, 1, 2].map((value) => ({ name: String(value), values: [value] })),
	ignore,
});

const measured = (mask: ReturnType<typeof maskOf>, scheme: LabelScheme) =>
	measurePixels(
		{
			mask,
			image: raster(
				mask.width,
				mask.height,
				Array.from(mask.data, () => 51),
			),
		},
		classLookup(scheme),
	);

describe('measuring a sample', () => {
	it('finds objects that touch at corners as one, and gives their boxes', async () => {
		const { objects } = await measured(maskOf('11000', '00100', '00002', '00022'), digits([]));
		expect(objects).toEqual([
			{ area: 3, width: 3, height: 2 },
			{ area: 3, width: 2, height: 2 },
		]);
	});

	it('gives the share of the foreground along the border, once a corner, without ignored pixels', async () => {
		// 4 × 3 has 10 border pixels; 1 is ignored, 3 are foreground.
		expect((await measured(maskOf('1130', '0220', '0010'), digits([3]))).borderForeground).toBe(3 / 9);
		expect((await measured(maskOf('1'), digits([]))).borderForeground).toBe(1);
		expect((await measured(maskOf('33', '33'), digits([3]))).borderForeground).toBeNull();
	});

	it('counts pixels between a smaller and a larger value', async () => {
		// The middle column lies between; at the row of nines, which are ignored, only 0 is beside the last 1.
		const { values } = await measured(maskOf('0122', '0122', '0999', '0199'), digits([9]));
		expect(values).toEqual([
			{ value: 0, pixels: 4, between: 0 },
			{ value: 1, pixels: 3, between: 2 },
			{ value: 2, pixels: 4, between: 0 },
		]);
	});

	it('gives the mean level, and one fingerprint to equal images', async () => {
		const mask = maskOf('01', '10');
		const lookup = classLookup(twoClasses);
		const of = async (levels: readonly number[], width = 2) => measurePixels({ mask, image: raster(width, 4 / width, levels) }, lookup);
		const first = await of([0, 51, 102, 51]);
		expect(first.brightness).toBeCloseTo(0.2, 6);
		expect((await of([0, 51, 102, 51])).fingerprint).toBe(first.fingerprint);
		expect((await of([0, 51, 102, 52])).fingerprint).not.toBe(first.fingerprint);
		expect((await of([0, 51, 102, 51], 4)).fingerprint).not.toBe(first.fingerprint);
	});
});

describe('the look of an image', () => {
	it('has a bit for each cell that is brighter than its right neighbour', () => {
		// 9 × 8 pixels are the cells themselves: the first row falls, the second rises, the others are even.
		const data = Float32Array.from({ length: 72 }, (_, at) => (at < 9 ? (9 - at) / 9 : at < 18 ? at / 18 : 0.5));
		expect(lookOf({ width: 9, height: 8, channels: 1, data }).hash).toEqual([0b1111_1111, 0]);
	});

	it('stays alike when an image is enlarged, and not when it is mirrored', () => {
		const { data } = picture(3);
		const twice = Float32Array.from({ length: 36 * 36 }, (_, at) => data[Math.floor(at / 72) * 18 + ((at % 36) >> 1)]!);
		const mirrored = data.map((_, at) => data[at - (at % 18) + 17 - (at % 18)]!);
		expect(looksAlike(lookOf(picture(3)), lookOf({ width: 36, height: 36, channels: 1, data: twice }))).toBe(true);
		expect(looksAlike(lookOf(picture(3)), lookOf({ ...picture(3), data: mirrored }))).toBe(false);
		expect(looksAlike(lookOf(picture(3)), lookOf(picture(4)))).toBe(false);
	});
});
