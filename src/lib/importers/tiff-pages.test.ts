import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import type { Bytes } from './format.ts';
import { directoryOf, greyTiff, textField, type TiffField, tiffPages, type TiffPage } from './testing/tiff-file.ts';
import { listTiffPages } from './tiff-pages.ts';
import { tiff } from './tiff.ts';

/** A page of two pixels. */
const page = (first: number, second: number, ...fields: readonly TiffField[]): TiffPage => [
	greyTiff(2, 1, 8, ...fields),
	[Uint8Array.of(first, second)],
];
const subfile = (bits: number): TiffField => [254, 4, [bits]];

const pixelsOf = async (bytes: Bytes): Promise<number[][]> =>
	Promise.all(listTiffPages(bytes).pages.map(async (at) => [...(await tiff.readLabels(bytes, {}, at)).data]));

function refusal(bytes: Bytes): unknown {
	try {
		return listTiffPages(bytes);
	} catch (error) {
		return error instanceof AppError ? [error.code, error.facts['reason'] ?? error.facts['maxPages'] ?? error.facts['format']] : error;
	}
}

describe('the pages of a TIFF', () => {
	test.each([
		[false, true],
		[false, false],
		[true, true],
		[true, false],
	])('are read one by one (BigTIFF: %s, little-endian: %s)', async (big, littleEndian) => {
		const bytes = tiffPages([page(1, 2), page(3, 4), page(5, 6)], { big, littleEndian });
		expect(await pixelsOf(bytes)).toEqual([
			[1, 2],
			[3, 4],
			[5, 6],
		]);
		expect(listTiffPages(bytes).notes).toEqual([]);
	});

	test('may differ in size, depth and colours', async () => {
		const wide: TiffPage = [greyTiff(3, 1, 16), [Uint8Array.of(1, 1, 2, 0, 3, 0)]];
		const bytes = tiffPages([page(1, 2), wide]);
		expect(await pixelsOf(bytes)).toEqual([
			[1, 2],
			[257, 2, 3],
		]);
		expect(tiff.readHeader(bytes, listTiffPages(bytes).pages[1])).toMatchObject({ width: 3, maxValue: 65_535 });
	});

	test('are no thumbnails and no transparency masks, which is said', async () => {
		const bytes = tiffPages([
			page(9, 9, subfile(1)),
			page(1, 2, subfile(0)),
			page(9, 9, subfile(1)),
			page(3, 4, subfile(2)),
			page(9, 9, subfile(4)),
		]);
		expect(await pixelsOf(bytes)).toEqual([
			[1, 2],
			[3, 4],
		]);
		expect(listTiffPages(bytes).notes).toEqual([
			'2 of its pages are thumbnails and are left out.',
			'One of its pages is a transparency mask and is left out.',
		]);
	});

	test('are thumbnails by the older tag too', async () => {
		expect(await pixelsOf(tiffPages([page(1, 2, [255, 3, [1]]), page(9, 9, [255, 3, [2]])]))).toEqual([[1, 2]]);
	});

	test('are all there is where each calls itself a thumbnail', async () => {
		expect(await pixelsOf(tiffPages([page(1, 2, subfile(1))]))).toEqual([[1, 2]]);
	});

	test('are refused where their list leads back to itself', () => {
		const pages = [page(1, 2), page(3, 4)];
		const reason = ['image-unreadable', 'has a list of pages that leads back to itself'];
		expect(refusal(tiffPages(pages, {}, directoryOf(pages, 0)))).toEqual(reason);
		expect(refusal(tiffPages(pages, {}, directoryOf(pages, 1)))).toEqual(reason);
	});

	test('are used up to the first that is damaged, which is said', async () => {
		const bytes = tiffPages([page(1, 2), page(3, 4)], {}, 999_999);
		expect(await pixelsOf(bytes)).toEqual([
			[1, 2],
			[3, 4],
		]);
		expect(listTiffPages(bytes).notes).toEqual(['It is damaged behind page 2; only the pages up to there are used.']);
	});

	test('may be 4,096 and no more', () => {
		// A directory of no more than its size, and where the next one stands: 2 + 2 · 12 + 4 bytes.
		const chain = (count: number): Bytes => {
			const bytes = new Uint8Array(8 + count * 30);
			const view = new DataView(bytes.buffer);
			bytes.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
			for (let i = 0; i < count; i++) {
				const at = 8 + i * 30;
				view.setUint16(at, 2, true);
				[256, 257].forEach((tag, k) => {
					view.setUint16(at + 2 + k * 12, tag, true);
					view.setUint16(at + 4 + k * 12, 3, true);
					view.setUint32(at + 6 + k * 12, 1, true);
					view.setUint16(at + 10 + k * 12, 1, true);
				});
				view.setUint32(at + 26, i + 1 < count ? at + 30 : 0, true);
			}
			return bytes;
		};
		expect(listTiffPages(chain(4096)).pages).toHaveLength(4096);
		expect(refusal(chain(4097))).toEqual(['image-too-large', 4096]);
	});

	test('are refused where a program hides pictures behind one directory', () => {
		expect(refusal(tiffPages([page(1, 2, textField(270, 'ImageJ=1.54f\nimages=5\nslices=5\n'))]))).toEqual([
			'format-unsupported',
			'TIFF in which ImageJ keeps 5 pictures behind one directory',
		]);
		expect(refusal(tiffPages([page(1, 2, textField(270, '{"shape": [5, 1, 2], "truncated": true}'))]))).toEqual([
			'format-unsupported',
			'TIFF in which tifffile keeps several pictures behind one directory',
		]);
	});

	test('are images of their own where ImageJ calls them channels, which is said', async () => {
		const bytes = tiffPages([page(1, 2, textField(270, 'ImageJ=1.54f\nimages=2\nchannels=2\n')), page(3, 4)]);
		expect(await pixelsOf(bytes)).toHaveLength(2);
		expect(listTiffPages(bytes).notes).toEqual([
			'ImageJ calls its pages 2 channels of the same pictures; each page is taken as an image of its own.',
		]);
	});
});
