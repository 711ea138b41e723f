import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { bmp } from './bmp.ts';

interface TinyBmp {
	readonly width: number;
	/** Negative: the first stored row is the top one. */
	readonly height: number;
	readonly bits: number;
	readonly compression?: number;
	/** Red, green, blue of each index. */
	readonly palette?: readonly (readonly [number, number, number])[];
	readonly masks?: readonly number[];
	readonly pixels: readonly number[];
}

function tinyBmp({ width, height, bits, compression = 0, palette = [], masks = [], pixels }: TinyBmp): Uint8Array<ArrayBuffer> {
	const offset = 54 + masks.length * 4 + palette.length * 4;
	const bytes = new Uint8Array(offset + pixels.length);
	const view = new DataView(bytes.buffer);
	bytes.set([0x42, 0x4d]);
	view.setUint32(2, bytes.length, true);
	view.setUint32(10, offset, true);
	view.setUint32(14, 40, true);
	view.setInt32(18, width, true);
	view.setInt32(22, height, true);
	view.setUint16(26, 1, true);
	view.setUint16(28, bits, true);
	view.setUint32(30, compression, true);
	view.setUint32(46, palette.length, true);
	masks.forEach((mask, index) => view.setUint32(54 + index * 4, mask, true));
	palette.forEach(([red, green, blue], index) => bytes.set([blue, green, red, 0], 54 + masks.length * 4 + index * 4));
	bytes.set(pixels, offset);
	return bytes;
}

const black = [0, 0, 0] as const;
const red = [255, 0, 0] as const;
const fourColours = [black, red, [0, 255, 0], [0, 0, 255]] as const;

async function labels(tiny: TinyBmp): Promise<number[]> {
	return [...(await bmp.readLabels(tinyBmp(tiny), {})).data];
}

async function colours(tiny: TinyBmp): Promise<number[]> {
	return [...(await bmp.readImage(tinyBmp(tiny), {})).data];
}

async function outcome(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
	try {
		await bmp.readLabels(bytes, {});
		await bmp.readImage(bytes, {});
		return 'decoded';
	} catch (error) {
		return error instanceof AppError ? error.code : `bug: ${String(error)}`;
	}
}

describe('palette indices', () => {
	test('8 bits: rows from the bottom, each padded to four bytes', async () => {
		expect(await labels({ width: 2, height: 2, bits: 8, palette: fourColours, pixels: [1, 2, 0, 0, 3, 0, 0, 0] })).toEqual([3, 0, 1, 2]);
	});

	test('a negative height means rows from the top', async () => {
		expect(await labels({ width: 2, height: -2, bits: 8, palette: fourColours, pixels: [1, 2, 0, 0, 3, 0, 0, 0] })).toEqual([1, 2, 3, 0]);
	});

	test('4 bits: the high half first', async () => {
		expect(await labels({ width: 3, height: 1, bits: 4, palette: fourColours, pixels: [0x12, 0x30, 0, 0] })).toEqual([1, 2, 3]);
	});

	test('1 bit: the high bit first', async () => {
		// 0b10110000 0b01000000
		expect(await labels({ width: 10, height: 1, bits: 1, palette: [black, red], pixels: [0xb0, 0x40, 0, 0] })).toEqual([
			1, 0, 1, 1, 0, 0, 0, 0, 0, 1,
		]);
	});

	test('as an image it has its colours', async () => {
		expect(await colours({ width: 2, height: 1, bits: 8, palette: [black, [1, 2, 3]], pixels: [1, 0, 0, 0] })).toEqual([1, 2, 3, 0, 0, 0]);
	});
});

describe('run-length coding', () => {
	test('8 bits: runs, literals, moves and ends', async () => {
		// Bottom row: 3 × index 1, end of row. Top row: move right by 1, literals 2 3 1 (with a byte of padding), end.
		const pixels = [3, 1, 0, 0, 0, 2, 1, 0, 0, 3, 2, 3, 1, 0, 0, 1];
		expect(await labels({ width: 4, height: 2, bits: 8, compression: 1, palette: fourColours, pixels })).toEqual([0, 2, 3, 1, 1, 1, 1, 0]);
	});

	test('4 bits: a run alternates between two indices', async () => {
		// 5 × (1, 2), then literals 3 0 3 in two bytes, end.
		const pixels = [5, 0x12, 0, 3, 0x30, 0x30, 0, 1];
		expect(await labels({ width: 8, height: 1, bits: 4, compression: 2, palette: fourColours, pixels })).toEqual([1, 2, 1, 2, 1, 3, 0, 3]);
	});

	test('a run that leaves the picture is damage', async () => {
		expect(await outcome(tinyBmp({ width: 2, height: 1, bits: 8, compression: 1, palette: fourColours, pixels: [9, 1, 0, 1] }))).toBe(
			'image-unreadable',
		);
	});
});

describe('colours', () => {
	test('24 bits: blue, green, red', async () => {
		expect(await colours({ width: 1, height: 1, bits: 24, pixels: [3, 2, 1, 0] })).toEqual([1, 2, 3]);
	});

	test('32 bits: the fourth byte is dropped', async () => {
		expect(await colours({ width: 1, height: 1, bits: 32, pixels: [3, 2, 1, 200] })).toEqual([1, 2, 3]);
	});

	test('16 bits: five a colour, or by masks', async () => {
		// 0x7fff is white; 0x001f is full blue. With 5-6-5 masks 0x07e0 is full green.
		expect(await colours({ width: 2, height: 1, bits: 16, pixels: [0xff, 0x7f, 0x1f, 0] })).toEqual([255, 255, 255, 0, 0, 255]);
		const masks = [0xf800, 0x07e0, 0x001f];
		expect(await colours({ width: 1, height: 1, bits: 16, compression: 3, masks, pixels: [0xe0, 0x07, 0, 0] })).toEqual([0, 255, 0]);
	});
});

describe('refusals', () => {
	const whole = tinyBmp({ width: 2, height: 2, bits: 8, palette: fourColours, pixels: [1, 2, 0, 0, 3, 0, 0, 0] });

	test('a file that is cut off is refused, from its header on', async () => {
		for (let length = 0; length < whole.length - 2; length++) expect(await outcome(whole.slice(0, length))).toBe('image-unreadable');
		expect(() => bmp.readHeader(whole.slice(0, -3))).toThrow(AppError);
	});

	test('a JPEG inside and too large pictures are refused by name and by size', async () => {
		expect(await outcome(tinyBmp({ width: 1, height: 1, bits: 24, compression: 4, pixels: [0, 0, 0, 0] }))).toBe('format-unsupported');
		expect(await outcome(tinyBmp({ width: 20000, height: 1, bits: 24, pixels: [0, 0, 0, 0] }))).toBe('image-too-large');
	});

	test('any change gives a picture or an AppError', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (place, value) => {
				const changed = whole.slice();
				changed[place] = value;
				expect(await outcome(changed)).not.toContain('bug');
			}),
			{ numRuns: 500 },
		);
	});
});
