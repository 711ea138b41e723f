import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import type { Bytes, DecodePhoto } from './format.ts';
import { identify } from './identify.ts';
import { formats } from './index.ts';

/** First bytes of a file of each format on the shelf. */
const starts: Readonly<Record<string, readonly number[]>> = {
	png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
	jpeg: [0xff, 0xd8, 0xff],
	gif: [0x47, 0x49, 0x46, 0x38, 0x39, 0x61],
	bmp: [0x42, 0x4d, 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0],
	tiff: [0x49, 0x49, 42, 0, 8, 0, 0, 0],
	npy: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0],
	webp: [0x52, 0x49, 0x46, 0x46, 20, 0, 0, 0, 0x57, 0x45, 0x42, 0x50],
};

/** A stand-in for the browser: black pixels. */
const decodePhoto: DecodePhoto = async ({ width, height, channels }) => ({
	width,
	height,
	channels,
	maxValue: 255,
	data: new Uint8Array(width * height * channels),
});

async function outcome(act: () => unknown): Promise<string> {
	try {
		await act();
		return 'read';
	} catch (error) {
		return error instanceof AppError ? error.code : `bug: ${String(error)}`;
	}
}

test('ids are unique', () => {
	expect(new Set(formats.map((format) => format.id)).size).toBe(formats.length);
});

describe.each(formats)('$name', (format) => {
	const start = starts[format.id] ?? [];

	test('knows its own first bytes, and no other format does', () => {
		expect(formats.filter((other) => other.match(Uint8Array.from(start))).map((other) => other.id)).toEqual([format.id]);
	});

	test('no bytes at all are not its own', () => {
		expect(format.match(new Uint8Array(0))).toBe(false);
	});

	test('any bytes behind its first ones give a picture or an AppError', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 120 }), async (tail) => {
				const bytes: Bytes = Uint8Array.from([...start, ...tail]);
				for (const act of [
					() => format.readHeader(bytes),
					() => format.readImage(bytes, { decodePhoto }),
					() => format.readLabels(bytes, { decodePhoto }),
				]) {
					expect(await outcome(act)).not.toContain('bug');
				}
			}),
			{ numRuns: 300 },
		);
	});

	test('bytes of another format are an AppError', async () => {
		expect(await outcome(() => format.readHeader(Uint8Array.of(1, 2, 3)))).toBe('image-unreadable');
	});
});

describe('what a file is', () => {
	const text = (words: string): Uint8Array => Uint8Array.from(words, (character) => character.charCodeAt(0));

	test.each([
		['a drawing behind a comment', '<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="…">', 'SVG'],
		['a page', '  <!DOCTYPE html>', 'HTML'],
		['a layered drawing', '8BPS\0\x01', 'Photoshop'],
		['a camera picture', '\0\0\0\x18ftypheic', 'HEIC or AVIF'],
		['a portable map', 'P5\n2 2\n255\n\0\0\0\0', 'Netpbm'],
		['a volume', `${'\0'.repeat(128)}DICM`, 'DICOM'],
	])('%s is refused by name', (_name, start, format) => {
		expect(identify(text(start))).toMatchObject({ kind: 'refused', format });
	});

	test('text, nothing, and bytes of no known kind', () => {
		expect(identify(text('hello'))).toEqual({ kind: 'text' });
		expect(identify(new Uint8Array(0))).toEqual({ kind: 'empty' });
		expect(identify(Uint8Array.of(1, 2, 3, 4))).toEqual({ kind: 'unknown' });
	});
});
