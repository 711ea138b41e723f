import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import type { Bytes } from './format.ts';
import { tiff, readTiffSamples } from './tiff.ts';
import { readTiffLayout } from './tiff-layout.ts';

const corpus = join(process.env.OVERLAP_SHARED ?? '../shared', 'corpora/tiff');

interface Expected {
	readonly decodes: boolean;
	readonly shape?: readonly number[];
	readonly planar?: number;
	readonly sha256OfFloat64LeSamplesChannelsLast?: string;
}

const read = (path: string): Bytes => new Uint8Array(readFileSync(path));

/** 'exact', 'different', or the code and name of the refusal. */
function outcome(bytes: Bytes, { sha256OfFloat64LeSamplesChannelsLast: expected }: Expected): string {
	try {
		const layout = readTiffLayout(bytes);
		const samples = Float64Array.from(readTiffSamples(bytes, layout));
		return createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex') === expected ? 'exact' : 'different';
	} catch (error) {
		if (!(error instanceof AppError)) return `bug: ${String(error)}`;
		return error.code === 'format-unsupported' ? `refused: ${error.facts['format']}` : error.code;
	}
}

describe.skipIf(!existsSync(corpus))('the TIFF corpus (skipped where the shared corpora are missing)', () => {
	const expected: Record<string, Expected> = existsSync(corpus) ? JSON.parse(readFileSync(join(corpus, 'expected.json'), 'utf8')) : {};
	const outcomes = Object.entries(expected).map(([name, facts]) => [name, outcome(read(join(corpus, name)), facts), facts] as const);

	test('is never read differently, and never crashes', () => {
		expect(outcomes.filter(([, result]) => result === 'different' || result.startsWith('bug'))).toEqual([]);
	});

	test('is read exactly in 36 of 72 files; the others are damaged or of a kind that is refused by name', () => {
		const known =
			/^(?:exact|image-unreadable|refused: .*(?:JPEG|fax|LZMA|WebP|method \d+|YCbCr|Lab|12 bits a sample|1992|reversed bits|further channels))$/u;
		expect(outcomes.filter(([, result]) => !known.test(result))).toEqual([]);
		expect(outcomes.filter(([, result]) => result === 'exact')).toHaveLength(36);
	});

	test('has no file read that a reader of reference does not read', () => {
		expect(outcomes.filter(([, result, { decodes }]) => result === 'exact' && !decodes)).toEqual([]);
	});
});

type Field = readonly [tag: number, type: 3 | 4, values: readonly number[]];

/** A TIFF of one page: the fields, then the segments one after the other; `StripOffsets` (or tiles') are filled in. */
function tiffFile(fields: readonly Field[], segments: readonly Uint8Array[], { big = false, littleEndian = true } = {}): Bytes {
	const offsetsTag = fields.some(([tag]) => tag === 322) ? 324 : 273;
	const word = big ? 8 : 4;
	const all = [
		...fields,
		[offsetsTag, 4, segments.map(() => 0)] as const,
		[offsetsTag + (offsetsTag === 273 ? 6 : 1), 4, segments.map((data) => data.length)] as const,
	];
	const ordered = [...all].sort((a, b) => a[0] - b[0]);
	const bytes = new Uint8Array(4096 + segments.reduce((sum, data) => sum + data.length, 0));
	const view = new DataView(bytes.buffer);
	const put = (at: number, size: number, value: number): void => {
		if (size === 2) view.setUint16(at, value, littleEndian);
		if (size === 4) view.setUint32(at, value, littleEndian);
		if (size === 8) view.setBigUint64(at, BigInt(value), littleEndian);
	};
	bytes.set(littleEndian ? [0x49, 0x49] : [0x4d, 0x4d]);
	put(2, 2, big ? 43 : 42);
	if (big) put(4, 2, 8);
	const directory = big ? 16 : 8;
	put(big ? 8 : 4, word, directory);
	put(directory, big ? 8 : 2, ordered.length);
	let extra = 2048;
	let data = 4096;
	ordered.forEach(([tag, type, values], i) => {
		const entry = directory + (big ? 8 + i * 20 : 2 + i * 12);
		const size = type === 3 ? 2 : 4;
		put(entry, 2, tag);
		put(entry + 2, 2, type);
		put(entry + 4, word, values.length);
		const place = values.length * size <= word ? entry + 4 + word : extra;
		if (place === extra) put(entry + 4 + word, word, extra);
		values.forEach((value, k) => {
			let stored = value;
			if (tag === offsetsTag) {
				stored = data;
				bytes.set(segments[k] ?? [], data);
				data += segments[k]?.length ?? 0;
			}
			put(place + k * size, size, stored);
		});
		if (place === extra) extra += values.length * size;
	});
	return bytes;
}

const grey = (width: number, height: number, bits: number, ...more: readonly Field[]): Field[] => [
	[256, 3, [width]],
	[257, 3, [height]],
	[258, 3, [bits]],
	[262, 3, [1]],
	[278, 3, [height]],
	...more,
];

async function labels(bytes: Bytes): Promise<number[]> {
	return [...(await tiff.readLabels(bytes, {})).data];
}

describe('a TIFF made by hand', () => {
	test.each([true, false])('holds 16-bit samples in either byte order (little-endian: %s), as BigTIFF too', async (littleEndian) => {
		const data = littleEndian ? Uint8Array.of(1, 2, 255, 0) : Uint8Array.of(2, 1, 0, 255);
		for (const big of [false, true]) expect(await labels(tiffFile(grey(2, 1, 16), [data], { big, littleEndian }))).toEqual([513, 255]);
	});

	test('adds up differences within each row, and wraps around', async () => {
		const fields = grey(3, 2, 8, [259, 3, [8]], [317, 3, [2]]);
		// Rows 250 250+10 260−5, and 7 7+1 8+2, modulo 256.
		expect(await labels(tiffFile(fields, [zlibSync(Uint8Array.of(250, 10, 251, 7, 1, 2))]))).toEqual([250, 4, 255, 7, 8, 10]);
	});

	test('expands runs and literals', async () => {
		const packed = Uint8Array.of(254, 9, 128, 1, 4, 5); // −2: three times 9; nothing; two literals
		expect(await labels(tiffFile(grey(5, 1, 8, [259, 3, [32773]]), [packed]))).toEqual([9, 9, 9, 4, 5]);
	});

	test('puts tiles together and leaves their margins out', async () => {
		const tile = (value: number): Uint8Array => new Uint8Array(256).fill(value);
		const fields: Field[] = [
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
			[...grey(2, 1, 8).map((field): Field => (field[0] === 262 ? [262, 3, [3]] : field)), [320, 3, palette]],
			[Uint8Array.of(2, 0)],
		);
		expect(await labels(file)).toEqual([2, 0]);
		expect(await tiff.readImage(file, {})).toMatchObject({ channels: 3, data: Uint8Array.of(255, 0, 0, 0, 0, 0) });
	});

	test('turns 0 to white where it means white, but only in the image', async () => {
		const file = tiffFile(
			grey(4, 1, 1).map((field): Field => (field[0] === 262 ? [262, 3, [0]] : field)),
			[Uint8Array.of(0b10100000)],
		);
		expect(await labels(file)).toEqual([1, 0, 1, 0]);
		expect([...(await tiff.readImage(file, {})).data]).toEqual([0, 255, 0, 255]);
	});

	test('stands upright, image and labels alike', async () => {
		const file = tiffFile(grey(2, 1, 8, [274, 3, [6]]), [Uint8Array.of(1, 2)]); // 6: the first row is the right column
		expect(tiff.readHeader(file)).toMatchObject({ width: 1, height: 2 });
		expect(await tiff.readLabels(file, {})).toMatchObject({ width: 1, height: 2, data: Uint8Array.of(1, 2) });
	});

	test('is refused by name where its samples are no whole numbers, and by size before anything is expanded', () => {
		const codeOf = (bytes: Bytes): unknown => {
			try {
				return tiff.readHeader(bytes);
			} catch (error) {
				return error instanceof AppError ? [error.code, error.facts['format']] : error;
			}
		};
		expect(codeOf(tiffFile(grey(2, 1, 32, [339, 3, [3]]), [new Uint8Array(8)]))).toEqual([
			'format-unsupported',
			'TIFF with floating-point samples',
		]);
		const huge = grey(1, 1, 8).map((field): Field => (field[0] <= 257 ? [field[0], 4, [60_000]] : field));
		expect(codeOf(tiffFile(huge, [new Uint8Array(1)]))).toEqual(['image-too-large', 'TIFF']);
	});

	test('is damaged when a strip lies outside the file or is too short', async () => {
		const whole = tiffFile(grey(4, 4, 8), [new Uint8Array(16)]);
		await expect(tiff.readLabels(whole.subarray(0, whole.length - 4), {})).rejects.toMatchObject({ code: 'image-unreadable' });
		await expect(tiff.readLabels(tiffFile(grey(4, 4, 8), [new Uint8Array(15)]), {})).rejects.toMatchObject({ code: 'image-unreadable' });
	});
});
