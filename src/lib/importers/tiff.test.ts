import { zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import type { Bytes } from './format.ts';
import { corpusFacts, corpusFile, hasCorpora, tiffOutcome } from './testing/corpora.ts';
import { greyTiff, tiffFile, type TiffField } from './testing/tiff-file.ts';
import { tiff, readTiffSamples } from './tiff.ts';
import { readTiffLayout } from './tiff-layout.ts';

describe.skipIf(!hasCorpora)('the TIFF corpus (skipped where the shared corpora are missing)', async () => {
	const outcomes = await Promise.all(
		Object.entries(corpusFacts('tiff')).map(async ([name, facts]) => ({ name, ...(await tiffOutcome(corpusFile('tiff', name), facts)) })),
	);

	test('is never read differently, and never crashes', () => {
		expect(outcomes.filter(({ verdict }) => verdict === 'different' || verdict === 'crashed')).toEqual([]);
	});

	test('is read exactly in 36 of 72 files; the others are damaged or of a kind that is refused by name', () => {
		const known =
			/JPEG|fax|LZMA|WebP|method \d+|YCbCr|Lab|samples of 12 bits|1992|reversed bits|further channels|TIFF (?:is|has|ends|holds) /u;
		const refused = outcomes.filter(({ verdict }) => verdict === 'refused');
		expect(refused.filter(({ detail }) => !known.test(detail))).toEqual([]);
		expect(outcomes.filter(({ verdict }) => verdict === 'exact')).toHaveLength(36);
	});
});

async function labels(bytes: Bytes): Promise<number[]> {
	return [...(await tiff.readLabels(bytes, {})).data];
}

describe('a TIFF made by hand', () => {
	test.each([true, false])('holds 16-bit samples in either byte order (little-endian: %s), as BigTIFF too', async (littleEndian) => {
		const data = littleEndian ? Uint8Array.of(1, 2, 255, 0) : Uint8Array.of(2, 1, 0, 255);
		for (const big of [false, true]) expect(await labels(tiffFile(greyTiff(2, 1, 16), [data], { big, littleEndian }))).toEqual([513, 255]);
	});

	test('adds up differences within each row, and wraps around', async () => {
		const fields = greyTiff(3, 2, 8, [259, 3, [8]], [317, 3, [2]]);
		// Rows 250 250+10 260−5, and 7 7+1 8+2, modulo 256.
		expect(await labels(tiffFile(fields, [zlibSync(Uint8Array.of(250, 10, 251, 7, 1, 2))]))).toEqual([250, 4, 255, 7, 8, 10]);
	});

	test('expands runs and literals', async () => {
		const packed = Uint8Array.of(254, 9, 128, 1, 4, 5); // −2: three times 9; nothing; two literals
		expect(await labels(tiffFile(greyTiff(5, 1, 8, [259, 3, [32773]]), [packed]))).toEqual([9, 9, 9, 4, 5]);
	});

	test('puts tiles together and leaves their margins out', async () => {
		const tile = (value: number): Uint8Array => new Uint8Array(256).fill(value);
		const fields: TiffField[] = [
			[256, 3, [17]],
			[257, 3, [1]],
			[258, 3, [8]],
			[262, 3, [1]],
			[322, 3, [16]],
			[323, 3, [16]],
		];
		expect(await labels(tiffFile(fields, [tile(3), tile(7)]))).toEqual([...new Array<number>(16).fill(3), 7]);
	});

	test('gives palette indices as labels and colours as the image', async () => {
		const palette = new Array<number>(768).fill(0);
		palette[2] = 65535; // red of index 2
		const file = tiffFile(
			[...greyTiff(2, 1, 8).map((field): TiffField => (field[0] === 262 ? [262, 3, [3]] : field)), [320, 3, palette]],
			[Uint8Array.of(2, 0)],
		);
		expect(await labels(file)).toEqual([2, 0]);
		expect(await tiff.readImage(file, {})).toMatchObject({ channels: 3, data: Uint8Array.of(255, 0, 0, 0, 0, 0) });
	});

	test('turns 0 to white where it means white, but only in the image', async () => {
		const file = tiffFile(
			greyTiff(4, 1, 1).map((field): TiffField => (field[0] === 262 ? [262, 3, [0]] : field)),
			[Uint8Array.of(0b10100000)],
		);
		expect(await labels(file)).toEqual([1, 0, 1, 0]);
		expect([...(await tiff.readImage(file, {})).data]).toEqual([0, 255, 0, 255]);
	});

	test('stands upright, image and labels alike', async () => {
		const file = tiffFile(greyTiff(2, 1, 8, [274, 3, [6]]), [Uint8Array.of(1, 2)]); // 6: the first row is the right column
		expect(tiff.readHeader(file)).toMatchObject({ width: 1, height: 2 });
		expect(await tiff.readLabels(file, {})).toMatchObject({ width: 1, height: 2, data: Uint8Array.of(1, 2) });
	});

	const codeOf = (bytes: Bytes): unknown => {
		try {
			return tiff.readHeader(bytes);
		} catch (error) {
			return error instanceof AppError ? [error.code, error.facts['format']] : error;
		}
	};

	test.each([
		['complex samples', greyTiff(1, 1, 64, [339, 3, [6]]), 'TIFF with complex samples of 64 bits'],
		['12 bits', greyTiff(1, 1, 12), 'TIFF with samples of 12 bits'],
		['24-bit floats', greyTiff(1, 1, 24, [339, 3, [3]]), 'TIFF with floating-point samples of 24 bits'],
		['differences of floats', greyTiff(1, 1, 32, [339, 3, [3]], [259, 3, [8]], [317, 3, [2]]), 'TIFF with predictor 2 on float32 samples'],
		['byte planes of integers', greyTiff(1, 1, 32, [259, 3, [5]], [317, 3, [3]]), 'TIFF with predictor 3 on uint32 samples'],
		['JPEG inside', greyTiff(1, 1, 8, [259, 3, [7]]), 'TIFF compressed with JPEG'],
	])('is refused by name with %s', (_what, fields, name) => {
		expect(codeOf(tiffFile(fields, [new Uint8Array(8)]))).toEqual(['format-unsupported', name]);
	});

	test('is refused by size before anything is expanded', () => {
		const withSide = (side: number, bits: number): TiffField[] =>
			greyTiff(1, 1, bits).map((field): TiffField => ([256, 257, 278].includes(field[0]) ? [field[0], 4, [side]] : field));
		expect(codeOf(tiffFile(withSide(60_000, 8), [new Uint8Array(1)]))).toEqual(['image-too-large', 'TIFF']);
		// 12,000² pixels fit into 2³⁰ bytes with 4 bytes each, but not with 8.
		expect(codeOf(tiffFile(withSide(12_000, 64), [new Uint8Array(1)]))).toEqual(['image-too-large', 'TIFF']);
		expect(codeOf(tiffFile(withSide(12_000, 32), [new Uint8Array(1)]))).toMatchObject({ width: 12_000 });
	});

	test('is damaged when a strip lies outside the file or is too short', async () => {
		const whole = tiffFile(greyTiff(4, 4, 8), [new Uint8Array(16)]);
		await expect(tiff.readLabels(whole.subarray(0, whole.length - 4), {})).rejects.toMatchObject({ code: 'image-unreadable' });
		await expect(tiff.readLabels(tiffFile(greyTiff(4, 4, 8), [new Uint8Array(15)]), {})).rejects.toMatchObject({
			code: 'image-unreadable',
		});
	});
});

/** The samples of a TIFF of one row. */
function rowOf(bits: number, format: number, words: Uint8Array, more: readonly TiffField[] = [], littleEndian = true): number[] {
	const width = (words.length * 8) / bits;
	const bytes = tiffFile(greyTiff(width, 1, bits, [339, 3, [format]], ...more), [more.length > 0 ? zlibSync(words) : words], {
		littleEndian,
	});
	return [...readTiffSamples(bytes, readTiffLayout(bytes))];
}

describe('wide samples of a TIFF', () => {
	const deflate: TiffField = [259, 3, [8]];

	test('are whole numbers of 32 and 64 bits in either byte order', () => {
		expect(rowOf(32, 1, Uint8Array.of(0, 0, 0, 128, 4, 3, 2, 1))).toEqual([2 ** 31, 0x01020304]);
		expect(rowOf(32, 2, Uint8Array.of(255, 255, 255, 254, 0, 0, 1, 0), [], false)).toEqual([-2, 256]);
		expect(rowOf(16, 2, Uint8Array.of(255, 255))).toEqual([-1]);
		expect(rowOf(8, 2, Uint8Array.of(128, 127))).toEqual([-128, 127]);
		expect(rowOf(64, 2, Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 253), [], false)).toEqual([-3]);
		expect(() => rowOf(64, 1, new Uint8Array(8).fill(255))).toThrow('above 2⁵³');
	});

	test('are floats of 16, 32 and 64 bits', () => {
		// Half precision: 3c00 is 1, c100 −2.5, 0001 the smallest, 2⁻²⁴, 7bff the largest.
		expect(rowOf(16, 3, Uint8Array.of(0x00, 0x3c, 0x00, 0xc1, 0x01, 0x00, 0xff, 0x7b))).toEqual([1, -2.5, 2 ** -24, 65_504]);
		expect(rowOf(16, 3, Uint8Array.of(0x00, 0x7c, 0x01, 0x7c, 0x00, 0xfc))).toEqual([Infinity, NaN, -Infinity]);
		// 3f000000 is 0.5, c0400000 −3; 3ff8000000000000 is 1.5.
		expect(rowOf(32, 3, Uint8Array.of(0x3f, 0, 0, 0, 0xc0, 0x40, 0, 0), [], false)).toEqual([0.5, -3]);
		expect(rowOf(64, 3, Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf8, 0x3f))).toEqual([1.5]);
	});

	test('are added up as differences that wrap around at 32 bits', () => {
		// 4294967295 + 3 = 2 modulo 2³².
		expect(rowOf(32, 1, Uint8Array.of(255, 255, 255, 255, 3, 0, 0, 0), [deflate, [317, 3, [2]]])).toEqual([4_294_967_295, 2]);
		expect(rowOf(32, 2, Uint8Array.of(255, 255, 255, 127, 1, 0, 0, 0), [deflate, [317, 3, [2]]])).toEqual([2 ** 31 - 1, -(2 ** 31)]);
	});

	test('are put together from differences of bytes, the highest of all samples first, in either byte order', () => {
		// 1 is 3f800000 and 2 is 40000000: planes 3f 40, 80 00, 00 00, 00 00; each byte less the one before it, modulo 256.
		const planes = Uint8Array.of(0x3f, 0x01, 0x40, 0x80, 0, 0, 0, 0);
		for (const littleEndian of [true, false]) expect(rowOf(32, 3, planes, [deflate, [317, 3, [3]]], littleEndian)).toEqual([1, 2]);
	});

	test('are those that tifffile 2026.3 wrote: float32, predictor 3, Deflate, big-endian, two planes of two tiles', () => {
		const file =
			'TU0AKgAAAAgAEQEAAAQAAAABAAAAEQEBAAQAAAABAAAAAgECAAMAAAACACAAIAEDAAMAAAABAAgAAAEGAAMAAAABAAEAAAEVAAMAAAABAAIAAAEaAAUAAAABAAAA2gEbAAUAAAABAAAA4gEcAAMAAAABAAIAAAEoAAMAAAABAAEAAAE9AAMAAAABAAMAAAFCAAQAAAABAAAAEAFDAAQAAAABAAAAEAFEAAQAAAAEAAAA6gFFAAMAAAAEAAAA+gFSAAMAAAABAAAAAAFTAAMAAAACAAMAAwAAAAAAAAABAAAAAQAAAAEAAAABAAABEAAAAVAAAAFwAAABlgBAACAAJgAfAAAAAAAAAAAAAAAAAAB42u3LIQGAMBAAwMMhP8I3YSSCCItEhEVZE3CT6Imdv8bLebABvbdWqaVkZsbtX2FUuCIiYh8ey7LM6gPXdwoBeNpzOMCAAhYkMJAEHPej8iNWMIyCUTAKhggAAGJaBAF42nNkQAXyHBwcHCwIEMKAHzii8YtZUIEAwygYBaNgsAIAomECAXjac9zPgAI2BDCQBBzR9H/hYRgFo2AUDBEAAGMHBAE=';
		const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
		// numpy.arange(68).reshape(2, 2, 17) / 2 − 3, the first axis being the channels.
		const expected = Array.from({ length: 68 }, (_, i) => ((i % 2) * 34 + (i >> 1)) / 2 - 3);
		expect([...readTiffSamples(bytes, readTiffLayout(bytes))]).toEqual(expected);
	});
});
