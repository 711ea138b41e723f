import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { crc32 } from './checksums.ts';
import { decodePng, png, toImage } from './png.ts';
import { encodePng } from './png-encode.ts';
import { corpusFacts, corpusFile, hasCorpora, pngOutcome } from './testing/corpora.ts';

function codeOf(act: () => unknown): string {
	try {
		act();
		return 'no error';
	} catch (error) {
		return error instanceof AppError ? error.code : `bug: ${String(error)}`;
	}
}

/** Sets the header's width and height and mends its checksum. */
function withSize(bytes: Uint8Array<ArrayBuffer>, width: number, height: number): Uint8Array<ArrayBuffer> {
	const copy = bytes.slice();
	const view = new DataView(copy.buffer);
	view.setUint32(16, width);
	view.setUint32(20, height);
	view.setUint32(29, crc32(copy.subarray(12, 29)));
	return copy;
}

describe.skipIf(!hasCorpora)('the PngSuite (skipped where the shared corpora are missing)', () => {
	const expected = corpusFacts('png');

	test('has the 60 files of the corpus', () => {
		expect(Object.keys(expected)).toHaveLength(60);
	});

	test.each(Object.entries(expected))('%s gives exactly its stored samples', async (name, facts) => {
		expect(decodePng(corpusFile('png', name)).header).toEqual({
			width: facts.width,
			height: facts.height,
			bitDepth: facts.bitDepth,
			colourType: facts.colorType,
			interlaced: facts.interlaced,
			channels: facts.channels,
		});
		expect(await pngOutcome(corpusFile('png', name), facts)).toEqual({ verdict: 'exact', detail: '' });
	});

	test.each(Object.keys(expected))('%s has the image shape that its header announces', (name) => {
		const bytes = corpusFile('png', name);
		const header = png.readHeader(bytes);
		const { width, height, channels, maxValue, data } = toImage(decodePng(bytes));
		expect({ width, height, channels, maxValue }).toEqual({ width: 32, height: 32, channels: header.channels, maxValue: header.maxValue });
		expect(data).toHaveLength(width * height * channels);
	});

	test('one changed bit anywhere is found by a checksum or by the structure', () => {
		const whole = corpusFile('png', 'basn3p04.png');
		fc.assert(
			fc.property(fc.nat(whole.length - 1), fc.nat(7), (place, bit) => {
				const damaged = whole.slice();
				damaged[place]! ^= 1 << bit;
				return ['image-unreadable', 'image-too-large', 'format-unsupported'].includes(codeOf(() => decodePng(damaged)));
			}),
			{ numRuns: 500 },
		);
	});

	test('a file that is cut off anywhere is refused', () => {
		const whole = corpusFile('png', 'ibasn6a16.png');
		fc.assert(
			fc.property(fc.nat(whole.length - 1), (length) => codeOf(() => decodePng(whole.slice(0, length))) === 'image-unreadable'),
			{ numRuns: 200 },
		);
	});
});

describe('PNG as an image', () => {
	test('a palette gives its colours and a mask its indices', async () => {
		const bytes = encodePng(2, 1, Uint8Array.of(1, 0), Uint8Array.of(10, 20, 30, 40, 50, 60));
		expect((await png.readImage(bytes, {})).data).toEqual(Uint8Array.of(40, 50, 60, 10, 20, 30));
		const labels = await png.readLabels(bytes, {});
		expect(labels.data).toEqual(Uint8Array.of(1, 0));
		expect(labels.palette).toEqual(Uint8Array.of(10, 20, 30, 40, 50, 60));
	});

	test('a palette of greys gives one channel', async () => {
		const bytes = encodePng(2, 1, Uint8Array.of(1, 0), Uint8Array.of(0, 0, 0, 200, 200, 200));
		expect(await png.readImage(bytes, {})).toEqual({ width: 2, height: 1, channels: 1, maxValue: 255, data: Uint8Array.of(200, 0) });
	});

	test('2-bit grey levels are scaled to 0…255 for an image and kept for a mask', () => {
		const header = { width: 4, height: 1, bitDepth: 2, colourType: 0, channels: 1, interlaced: false };
		// 255 / 3 = 85 a level.
		expect(toImage({ header, palette: null, samples: Uint8Array.of(0, 1, 2, 3) }).data).toEqual(Uint8Array.of(0, 85, 170, 255));
	});

	test('an index without a colour is no image', () => {
		const bytes = encodePng(1, 1, Uint8Array.of(7), Uint8Array.of(1, 2, 3));
		expect(codeOf(() => toImage(decodePng(bytes)))).toBe('image-unreadable');
	});
});

describe('refusals', () => {
	const tiny = encodePng(1, 1, Uint8Array.of(5));

	test('a picture of 30000 × 30000 is refused from its header', () => {
		expect(codeOf(() => decodePng(withSize(tiny, 30000, 30000)))).toBe('image-too-large');
		expect(codeOf(() => decodePng(withSize(tiny, 16385, 1)))).toBe('image-too-large');
	});

	test('more or fewer pixels than the header says are refused', () => {
		expect(codeOf(() => decodePng(withSize(encodePng(3, 3, new Uint8Array(9)), 2, 2)))).toBe('image-unreadable');
		expect(codeOf(() => decodePng(withSize(tiny, 2, 2)))).toBe('image-unreadable');
		expect(codeOf(() => decodePng(withSize(tiny, 0, 1)))).toBe('image-unreadable');
	});
});

describe('property', () => {
	test('what is encoded decodes to the same values', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 40 }),
				fc.integer({ min: 1, max: 40 }),
				fc.infiniteStream(fc.nat(255)),
				(width, height, values) => {
					const data = Uint8Array.from(values.take(width * height));
					expect(decodePng(encodePng(width, height, data)).samples).toEqual(data);
				},
			),
			{ numRuns: 30 },
		);
	});

	test('any pixels, compressed or not, behind a valid header give a result or an AppError', () => {
		const tiny = encodePng(4, 4, new Uint8Array(16));
		fc.assert(
			fc.property(
				fc.uint8Array({ maxLength: 80 }),
				fc.boolean(),
				fc.constantFrom(0, 2, 3, 4, 6),
				fc.constantFrom(1, 2, 4, 8, 16),
				fc.nat(1),
				(noise, pack, type, depth, interlace) => {
					const pixels = pack ? zlibSync(noise) : noise;
					const chunk = Uint8Array.from([0, 0, 0, pixels.length, 0x49, 0x44, 0x41, 0x54, ...pixels, 0, 0, 0, 0]);
					new DataView(chunk.buffer).setUint32(8 + pixels.length, crc32(chunk.subarray(4, 8 + pixels.length)));
					const bytes = Uint8Array.from([...tiny.subarray(0, 33), ...chunk, ...tiny.subarray(-12)]);
					bytes.set([depth, type, 0, 0, interlace], 24);
					return !codeOf(() => toImage(decodePng(withSize(bytes, 4, 4)))).startsWith('bug');
				},
			),
			{ numRuns: 500 },
		);
	});

	test('any bytes behind the signature give a result or an AppError', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
				const bytes = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...tail]);
				return !codeOf(() => decodePng(bytes)).startsWith('bug');
			}),
		);
	});
});
