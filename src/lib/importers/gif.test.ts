import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { gif } from './gif.ts';

const bytesOfHex = (hex: string) => Uint8Array.from(hex.replaceAll(' ', '').match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));

/** A picture that often explains GIF: 10 × 10 pixels in white, red, blue and black, 22 bytes of codes. */
const sample = bytesOfHex(
	'474946383961 0A00 0A00 91 00 00 FFFFFF FF0000 0000FF 000000 21F904 00 0000 00 00 2C 0000 0000 0A00 0A00 00' +
		'02 16 8C2D99872A1CDC33A00275EC95FAA8DE608C04914C01 00 3B',
);

/** Its indices, written out by hand from the published picture: 1 red, 2 blue, 0 white. */
const sampleRows = [
	'1111122222',
	'1111122222',
	'1111122222',
	'1110000222',
	'1110000222',
	'2220000111',
	'2220000111',
	'2222211111',
	'2222211111',
	'2222211111',
];

/** Packs codes of the given widths, lowest bit first, into one sub-block. */
function packed(codes: readonly (readonly [code: number, width: number])[]): number[] {
	const bits = codes.flatMap(([code, width]) => Array.from({ length: width }, (_, bit) => (code >> bit) & 1));
	const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, (_, byte) =>
		bits.slice(byte * 8, byte * 8 + 8).reduce((sum, bit, place) => sum | (bit << place), 0),
	);
	return [bytes.length, ...bytes, 0];
}

interface TinyGif {
	readonly width: number;
	readonly height: number;
	readonly indices: readonly number[];
	readonly frame?: readonly [left: number, top: number, width: number, height: number];
	readonly interlaced?: boolean;
	readonly tail?: readonly number[];
}

/** A GIF of four colours that writes every index as itself: a clear code before each keeps the codes at 3 bits. */
function tinyGif({
	width,
	height,
	indices,
	frame = [0, 0, width, height],
	interlaced = false,
	tail = [0x3b],
}: TinyGif): Uint8Array<ArrayBuffer> {
	const palette = [0, 0, 0, 10, 20, 30, 40, 50, 60, 255, 255, 255];
	const codes = [...indices.flatMap((index) => [[4, 3] as const, [index, 3] as const]), [5, 3] as const];
	const words = frame.flatMap((word) => [word & 255, word >> 8]);
	const header = Array.from('GIF89a', (character) => character.charCodeAt(0));
	return Uint8Array.from([
		...header,
		width,
		0,
		height,
		0,
		0x91,
		0,
		0,
		...palette,
		0x2c,
		...words,
		interlaced ? 0x40 : 0,
		2,
		...packed(codes),
		...tail,
	]);
}

async function outcome(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
	try {
		await gif.readLabels(bytes, {});
		await gif.readImage(bytes, {});
		return 'decoded';
	} catch (error) {
		return error instanceof AppError ? error.code : `bug: ${String(error)}`;
	}
}

describe('GIF', () => {
	test('a published file decodes to its indices, codes that are just being defined included', async () => {
		const { data, width, palette } = await gif.readLabels(sample, {});
		expect(width).toBe(10);
		expect(Array.from({ length: 10 }, (_, row) => [...data.slice(row * 10, row * 10 + 10)].join(''))).toEqual(sampleRows);
		expect([...(palette ?? [])]).toEqual([255, 255, 255, 255, 0, 0, 0, 0, 255, 0, 0, 0]);
	});

	test('as an image it has its colours', async () => {
		const { channels, data } = await gif.readImage(tinyGif({ width: 2, height: 1, indices: [1, 3] }), {});
		expect([channels, ...data]).toEqual([3, 10, 20, 30, 255, 255, 255]);
	});

	test('interlaced rows come in the order 0, 8, …, 4, …, 2, 6, …, 1, 3, …', async () => {
		// Ten rows are stored as 0 8 4 2 6 1 3 5 7 9; each row here holds its own number modulo 4.
		const stored = [0, 8, 4, 2, 6, 1, 3, 5, 7, 9].map((row) => row % 4);
		const { data } = await gif.readLabels(tinyGif({ width: 1, height: 10, indices: stored, interlaced: true }), {});
		expect([...data]).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1]);
	});

	test('a frame smaller than the picture lies at its place', async () => {
		const { data } = await gif.readLabels(tinyGif({ width: 3, height: 2, indices: [3], frame: [2, 1, 1, 1] }), {});
		expect([...data]).toEqual([0, 0, 0, 0, 0, 3]);
	});

	test('more frames are noted', () => {
		expect(gif.readHeader(tinyGif({ width: 1, height: 1, indices: [1], tail: [0x2c] })).notes).toHaveLength(1);
		expect(gif.readHeader(tinyGif({ width: 1, height: 1, indices: [1] })).notes).toEqual([]);
	});

	test('a file that is cut off anywhere is refused', async () => {
		for (let length = 6; length < sample.length; length++) expect(await outcome(sample.slice(0, length))).toBe('image-unreadable');
	});

	test('a frame outside the picture is refused', async () => {
		expect(await outcome(tinyGif({ width: 1, height: 1, indices: [1], frame: [1, 0, 1, 1] }))).toBe('image-unreadable');
	});

	test('any change gives a picture or an AppError', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(sample.length - 1), fc.nat(255), async (place, value) => {
				const changed = sample.slice();
				changed[place] = value;
				expect(await outcome(changed)).not.toContain('bug');
			}),
			{ numRuns: 500 },
		);
	});
});
