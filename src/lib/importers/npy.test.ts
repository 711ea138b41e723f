import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import type { Bytes } from './format.ts';
import { npy } from './npy.ts';
import { classRows, file, open } from './testing.ts';
import { npyFile } from './testing/npy-file.ts';

/** Code, format or reason of the refusal. */
function refusal(bytes: Bytes): unknown {
	try {
		return npy.readHeader(bytes);
	} catch (error) {
		return error instanceof AppError ? (error.facts['reason'] ?? error.facts['format']) : error;
	}
}

const labels = async (bytes: Bytes): Promise<number[]> => [...(await npy.readLabels(bytes, {})).data];

describe('a NumPy array', () => {
	test.each([1, 2, 3] as const)('is read in version %d of the format', async (version) => {
		const bytes = npyFile("{'descr': '<u2', 'fortran_order': False, 'shape': (1, 2), }", Uint8Array.of(1, 2, 255, 0), version);
		expect(npy.readHeader(bytes)).toEqual({ width: 2, height: 1, channels: 1, maxValue: 65_535, notes: [] });
		expect(await labels(bytes)).toEqual([513, 255]);
	});

	test('is big-endian where it says so, and signed', async () => {
		const bytes = npyFile("{'descr': '>i4', 'fortran_order': False, 'shape': (1, 1), }", Uint8Array.of(0, 0, 1, 2));
		expect(await labels(bytes)).toEqual([258]);
	});

	test('is turned from columns to rows, channels last', async () => {
		// Element (y, x, c) of 2 × 3 × 2 stands at y + 2 · (x + 3 · c).
		const bytes = npyFile(
			"{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }",
			Uint8Array.of(0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15),
		);
		expect(await npy.readImage(bytes, {})).toMatchObject({ width: 3, height: 2, channels: 2 });
		expect(await labels(bytes)).toEqual([0, 10, 2, 12, 4, 14, 1, 11, 3, 13, 5, 15]);
	});

	test('of truth values is 0 and 1 as a mask, black and white as an image', async () => {
		const bytes = npyFile("{'descr': '|b1', 'fortran_order': False, 'shape': (1, 2), }", Uint8Array.of(0, 1));
		expect(await labels(bytes)).toEqual([0, 1]);
		expect((await npy.readImage(bytes, {})).data).toEqual(Uint8Array.of(0, 255));
		const wrong = npyFile("{'descr': '|b1', 'fortran_order': False, 'shape': (1, 2), }", Uint8Array.of(0, 2));
		await expect(npy.readLabels(wrong, {})).rejects.toMatchObject({ code: 'image-unreadable' });
	});

	test('may have its keys in any order and the numbers of Python 2', async () => {
		const bytes = npyFile('{"shape": (2L, 1L), "fortran_order": False, "descr": "|u1"}', Uint8Array.of(7, 8));
		expect(await labels(bytes)).toEqual([7, 8]);
	});

	test.each([
		["{'descr': '|O', 'fortran_order': False, 'shape': (), }", 'NumPy array of Python objects'],
		["{'descr': '<U4', 'fortran_order': False, 'shape': (2, 2), }", 'NumPy array of text'],
		["{'descr': '<c8', 'fortran_order': False, 'shape': (2, 2), }", 'NumPy array of complex numbers'],
		["{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2), }", 'NumPy array with named fields'],
		["{'descr': '=f4', 'fortran_order': False, 'shape': (2, 2), }", 'NumPy array of unknown byte order'],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (1, 4, 1, 1, 1), }", expect.stringContaining('NumPy array of 1 × 4 × 1 × 1 × 1,')],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1, 1, 5), }", expect.stringContaining('save channels as the last axis')],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (3, 8, 8), }", expect.stringContaining('may be 3 images or 3 channels')],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (64, 64, 13), }", expect.stringContaining('one with 13 channels or slices')],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (0, 2, 2, 1), }", 'holds no picture'],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (4097, 2, 2, 1), }", 'NumPy'],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }", expect.stringContaining('NumPy array of 4,')],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }", 'is cut off'],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (1, 3), }", 'holds more than its header says'],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (0, 4), }", 'has a width or height of zero'],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (9999999, 9999999), }", 'NumPy'],
		["{'descr': '|u1', 'shape': (2, 2), }", 'has a damaged header'],
		["{'descr': '|u1', 'fortran_order': 1, 'shape': (2, 2), }", 'has a damaged header'],
		["{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), 'x': __import__('os'), }", 'has a damaged header'],
		["{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }", 'has a damaged header'],
	])('%s is refused with the reason', (header, reason) => {
		expect(refusal(npyFile(header, new Uint8Array(4)))).toEqual(reason);
	});

	const stack = (order: 'True' | 'False', shape: string, samples: readonly number[], type = '|u1'): Bytes =>
		npyFile(`{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape}), }`, Uint8Array.from(samples));
	const pagesOf = async (bytes: Bytes): Promise<number[][]> =>
		Promise.all((npy.listPages?.(bytes).pages ?? []).map(async (page) => [...(await npy.readLabels(bytes, {}, page)).data]));

	test('of four axes is images, one after the other or interleaved', async () => {
		expect(await pagesOf(stack('False', '2, 1, 2, 2', [1, 2, 3, 4, 5, 6, 7, 8]))).toEqual([
			[1, 2, 3, 4],
			[5, 6, 7, 8],
		]);
		// Element (n, y, x, c) of 2 × 1 × 2 × 2 stands at n + 2 · (y + 1 · (x + 2 · c)).
		expect(await pagesOf(stack('True', '2, 1, 2, 2', [1, 5, 3, 7, 2, 6, 4, 8]))).toEqual([
			[1, 2, 3, 4],
			[5, 6, 7, 8],
		]);
		// The same of two bytes each, the lower byte first: value n + 256.
		const wide = [1, 5, 3, 7, 2, 6, 4, 8].flatMap((value) => [value, 1]);
		expect(await pagesOf(stack('True', '2, 1, 2, 2', wide, '<u2'))).toEqual([
			[257, 258, 259, 260],
			[261, 262, 263, 264],
		]);
	});

	test.each([
		['5, 6, 7', 5, 7],
		['9, 5, 5', 9, 5],
		['1, 2, 9', 1, 9],
	])('of %s is %d images, each %d wide', async (shape, pages, width) => {
		const samples = new Array<number>(shape.split(', ').reduce((product, side) => product * Number(side), 1)).fill(0);
		const bytes = stack('False', shape, samples);
		expect(await pagesOf(bytes)).toHaveLength(pages);
		expect(npy.readHeader(bytes)).toMatchObject({ width, channels: 1 });
	});

	test('pairs with an image array and keeps its labels', async () => {
		const image = npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", new Uint8Array(8));
		const mask = npyFile(
			"{'descr': '<i8', 'fortran_order': False, 'shape': (1, 2), }",
			Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, ...new Uint8Array(8)),
		);
		expect(await classRows(await open([file('images/a.npy', image), file('masks/a.npy', mask)]))).toEqual({ 'images/a.npy': ['10'] });
	});
});
