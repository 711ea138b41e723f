import { describe, expect, test } from 'vitest';
import type { OpenedFile } from './opened-file.ts';
import { classRows, file, image, mask, notesOf, open } from './testing.ts';
import { greyTiff, tiffFile } from './testing/tiff-file.ts';
import { tiff } from './tiff.ts';
import { intensitySamples, labelSamples } from './wide-samples.ts';

const floats = (...values: readonly number[]): Float32Array => Float32Array.from(values);

describe('as a mask', () => {
	test('whole numbers from 0 to 65,535 stay exactly what they are', () => {
		expect(labelSamples('TIFF', floats(0, 1, 2, 255)).data).toEqual(Uint8Array.of(0, 1, 2, 255));
		expect(labelSamples('TIFF', floats(0, 65_535, 256)).data).toEqual(Uint16Array.of(0, 65_535, 256));
		expect(labelSamples('TIFF', Int32Array.of(7, 300)).data).toEqual(Uint16Array.of(7, 300));
	});

	test('fractions from 0 to 1 become the nearest of 256 levels', () => {
		// 0.25 · 255 = 63.75, 0.5 · 255 = 127.5.
		expect(labelSamples('TIFF', floats(0, 0.25, 0.5, 1))).toEqual({ data: Uint8Array.of(0, 64, 128, 255), probabilities: true });
	});

	test.each([
		[floats(0, NaN, Infinity), 'has 2 of 3 samples that are no finite number (NaN or infinite)'],
		[floats(0, -1), 'holds the value -1;'],
		[Int32Array.of(0, 65_536), 'holds the value 65536;'],
		[floats(0, 0.5, 1.5), 'holds fractions from 0 to 1.5;'],
		[floats(-0.5, 0.5), 'holds fractions from -0.5 to 0.5;'],
	])('anything else is refused with the reason', (samples, reason) => {
		expect(() => labelSamples('TIFF', samples)).toThrow(reason);
	});
});

describe('as an image', () => {
	test('floats from 0 to 1 are spread over 16 bits', () => {
		expect(intensitySamples('TIFF', floats(0, 0.5, 1), 'float32')).toEqual(Uint16Array.of(0, 32_768, 65_535));
		// The same fractions of 1, whatever else the file holds.
		expect(intensitySamples('TIFF', floats(0.5, 0.25), 'float32')).toEqual(Uint16Array.of(32_768, 16_384));
	});

	test('whole numbers within 16 bits stay', () => {
		expect(intensitySamples('TIFF', floats(3, 4095), 'float32')).toEqual(Uint16Array.of(3, 4095));
		expect(intensitySamples('TIFF', Int32Array.of(0, 1), 'int32')).toEqual(Uint16Array.of(0, 1));
	});

	test('any other range is stretched from its smallest value to its largest', () => {
		expect(intensitySamples('TIFF', floats(-1000, 0, 3000), 'float32')).toEqual(Uint16Array.of(0, 16_384, 65_535));
		expect(intensitySamples('TIFF', Float64Array.of(-Number.MAX_VALUE, Number.MAX_VALUE), 'float64')).toEqual(Uint16Array.of(0, 65_535));
		expect(intensitySamples('TIFF', floats(-5, -5), 'float32')).toEqual(Uint16Array.of(0, 0));
	});

	test('a sample that is no number is refused', () => {
		expect(() => intensitySamples('TIFF', floats(NaN, 1), 'float32')).toThrow('has 1 of 2 samples that are no finite number');
	});
});

/** A grey float32 TIFF of two rows of three pixels. */
function floatFile(path: string, values: readonly number[]): OpenedFile {
	const words = new Uint8Array(Float32Array.from(values).buffer);
	return file(path, tiffFile(greyTiff(3, 2, 32, [339, 3, [3]]), [words]));
}

describe('float masks of a data set', () => {
	const images = ['a', 'b', 'c'].map((name) => image(`images/${name}.png`, 3, 2));

	test('are classes when they hold whole numbers', async () => {
		const proposal = await open([images[0]!, floatFile('masks/a.tif', [0, 1, 2, 0, 0, 1])]);
		expect(await classRows(proposal)).toEqual({ 'images/a.png': ['012', '001'] });
	});

	test('are cut at one half when they hold fractions, and it is said', async () => {
		const proposal = await open([images[0]!, floatFile('masks/a.tif', [0, 0.25, 0.4, 0.5, 0.75, 1])]);
		expect(await classRows(proposal)).toEqual({ 'images/a.png': ['000', '111'] });
		expect(notesOf(proposal)).toContain('a pixel of 0.5 or more counts as foreground');
	});

	test('are not mixed: where others hold fractions, a 1 would be read as a level', async () => {
		const soft = [0, 0.1, 0.2, 0.8, 0.9, 1];
		const proposal = await open([
			...images,
			floatFile('masks/a.tif', soft),
			floatFile('masks/b.tif', soft),
			mask('masks/c.png', ['011', '000']),
		]);
		expect(proposal.pairs.map(({ imagePath }) => imagePath)).toEqual(['images/a.png', 'images/b.png']);
		expect(proposal.problems).toMatchObject([{ paths: ['images/c.png', 'masks/c.png'], code: 'image-unreadable' }]);
		expect(proposal.problems[0]?.facts['reason']).toContain('whole numbers where other masks hold fractions from 0 to 1');
	});

	test('say in the header how they become an image', () => {
		const header = tiff.readHeader(tiffFile(greyTiff(1, 1, 32, [339, 3, [3]]), [new Uint8Array(4)]));
		expect(header).toMatchObject({ maxValue: 65_535, notes: [expect.stringContaining('0 to 1 is spread over')] });
	});
});
