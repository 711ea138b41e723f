import { commands } from 'vitest/browser';
import { describe, expect, test } from 'vitest';
import type { Raster } from '#lib/core/sample.ts';
import { bmp } from './bmp.ts';
import type { Bytes, ImageFormat } from './format.ts';
import { gif } from './gif.ts';
import { jpeg } from './jpeg.ts';
import { decodePhoto } from './photo.ts';
import { encodePng } from './png-encode.ts';
import { decodePng } from './png.ts';
import { webp } from './webp.ts';

const tools = { decodePhoto };

/** A file of the shared folder beside the repository, or null where the test server may not read it. */
async function shared(path: string): Promise<Bytes | null> {
	try {
		const text = await commands.readFile(`../shared/${path}`, 'base64');
		return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
	} catch {
		return null;
	}
}

/** Largest difference between two pictures of one shape. */
function difference(a: Raster, b: Raster): number {
	expect([a.width, a.height, a.channels]).toEqual([b.width, b.height, b.channels]);
	let largest = 0;
	for (let i = 0; i < a.data.length; i++) largest = Math.max(largest, Math.abs(a.data[i]! - b.data[i]!));
	return largest;
}

/** Mean difference between two pictures of one shape. */
function meanDifference(a: Raster, b: Raster): number {
	expect([a.width, a.height, a.channels]).toEqual([b.width, b.height, b.channels]);
	let sum = 0;
	for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i]! - b.data[i]!);
	return sum / a.data.length;
}

async function encoded(raster: Raster, type: string, quality: number): Promise<Bytes> {
	const canvas = new OffscreenCanvas(raster.width, raster.height);
	const rgba = new Uint8ClampedArray(raster.width * raster.height * 4).fill(255);
	for (let i = 0; i < raster.width * raster.height; i++) rgba.set(raster.data.subarray(i * 3, i * 3 + 3), i * 4);
	canvas.getContext('2d')?.putImageData(new ImageData(rgba, raster.width, raster.height), 0, 0);
	return new Uint8Array(await (await canvas.convertToBlob({ type, quality })).arrayBuffer());
}

/** 48 × 32 pixels in blocks of 16, each of its own grey, so that JPEG keeps them and no turn looks like another. */
const upright: Raster = {
	width: 48,
	height: 32,
	channels: 3,
	maxValue: 255,
	data: Uint8Array.from({ length: 48 * 32 * 3 }, (_, i) => {
		const pixel = Math.floor(i / 3);
		return 30 + 40 * (Math.floor((pixel % 48) / 16) + 3 * Math.floor(pixel / 48 / 16));
	}),
};

/**
 * The Exif standard's own table: what side of the upright picture the first stored row and the first stored column are.
 */
const sides = {
	1: ['top', 'left'],
	2: ['top', 'right'],
	3: ['bottom', 'right'],
	4: ['bottom', 'left'],
	5: ['left', 'top'],
	6: ['right', 'top'],
	7: ['right', 'bottom'],
	8: ['left', 'bottom'],
} as const;

/** The picture as a camera held that way would store it. */
function storedAs(orientation: keyof typeof sides): Raster {
	const [rowSide, columnSide] = sides[orientation];
	const swapped = rowSide === 'left' || rowSide === 'right';
	const [width, height] = swapped ? [upright.height, upright.width] : [upright.width, upright.height];
	const data = new Uint8Array(upright.data.length);
	const fromSide = (side: string, steps: number): number =>
		side === 'right' ? upright.width - 1 - steps : side === 'bottom' ? upright.height - 1 - steps : steps;
	for (let row = 0; row < height; row++) {
		for (let column = 0; column < width; column++) {
			const along = [fromSide(rowSide, row), fromSide(columnSide, column)] as const;
			const [x, y] = swapped ? along : [along[1], along[0]];
			data.set(upright.data.subarray((y * upright.width + x) * 3, (y * upright.width + x) * 3 + 3), (row * width + column) * 3);
		}
	}
	return { ...upright, width, height, data };
}

/** An Exif block that holds nothing but the orientation, big-endian. */
function exifBlock(orientation: number): number[] {
	return [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
}

function jpegWithExif(bytes: Bytes, orientation: number): Bytes {
	const segment = Array.from('Exif\0\0', (character) => character.charCodeAt(0)).concat(exifBlock(orientation));
	return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 0, segment.length + 2, ...segment, ...bytes.slice(2)]);
}

/** Adds an Exif part behind the picture. Chromium writes the extended file format, whose flags stand at byte 20. */
function webpWithExif(bytes: Bytes, orientation: number): Bytes {
	expect(String.fromCharCode(...bytes.slice(12, 16))).toBe('VP8X');
	const block = exifBlock(orientation);
	const part = Array.from('EXIF', (character) => character.charCodeAt(0)).concat(block.length, 0, 0, 0, block);
	const whole = Uint8Array.from([...bytes, ...part]);
	whole[20]! |= 0x08;
	new DataView(whole.buffer).setUint32(4, whole.length - 8, true);
	return whole;
}

describe('orientation', () => {
	test.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('JPEG with Exif orientation %i comes out upright, once', async (orientation) => {
		const stored = storedAs(orientation);
		const bytes = jpegWithExif(await encoded(stored, 'image/jpeg', 1), orientation);
		expect(jpeg.readHeader(bytes)).toMatchObject({ width: 48, height: 32, channels: 3 });
		expect(difference(await jpeg.readImage(bytes, tools), upright)).toBeLessThanOrEqual(3);
	});

	test.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('WebP with Exif orientation %i comes out upright, once', async (orientation) => {
		const stored = storedAs(orientation);
		const bytes = webpWithExif(await encoded(stored, 'image/webp', 1), orientation);
		expect(webp.readHeader(bytes)).toMatchObject({ width: 48, height: 32 });
		expect(difference(await webp.readImage(bytes, tools), upright)).toBeLessThanOrEqual(3);
	});
});

describe('damage', () => {
	test('a JPEG that is cut off is refused, though the browser would show it', async () => {
		const bytes = await encoded(upright, 'image/jpeg', 0.9);
		expect(() => jpeg.readHeader(bytes.slice(0, -2))).toThrow('image-unreadable');
		expect(() => jpeg.readHeader(bytes.slice(0, bytes.length >> 1))).toThrow('image-unreadable');
	});

	test('a WebP that is cut off is refused', async () => {
		const bytes = await encoded(upright, 'image/webp', 0.9);
		expect(() => webp.readHeader(bytes.slice(0, -2))).toThrow('image-unreadable');
	});

	test('a JPEG whose pixels make no sense to the browser is refused', async () => {
		const bytes = await encoded(upright, 'image/jpeg', 0.9);
		const start = bytes.findIndex((byte, index) => byte === 0xff && bytes[index + 1] === 0xdb);
		// Without its quantisation tables (renamed to a comment) nothing can be decoded.
		const changed = bytes.map((byte, index) => (index > start && bytes[index - 1] === 0xff && byte === 0xdb ? 0xfe : byte));
		await expect(jpeg.readImage(changed, tools)).rejects.toMatchObject({ code: 'image-unreadable' });
	});
});

describe('the shared photos (skipped where the test server may not read them)', () => {
	test('all orientations of one picture are equal', async ({ skip }) => {
		const first = await shared('corpora/jpeg/hopper_orientation_2.jpg');
		if (first === null) return skip('the shared corpora are missing');
		const wanted = await jpeg.readImage(first, tools);
		for (const orientation of [3, 4, 5, 6, 7, 8]) {
			const bytes = await shared(`corpora/jpeg/hopper_orientation_${orientation}.jpg`);
			// The files were encoded one by one from the turned picture, so values differ by up to 4; one pixel off differs by 12, a wrong turn by 40.
			expect(meanDifference(await jpeg.readImage(bytes!, tools), wanted)).toBeLessThan(6);
		}
	});

	test('a CMYK JPEG gives RGB', async ({ skip }) => {
		const bytes = await shared('corpora/jpeg/pil_sample_cmyk.jpg');
		if (bytes === null) return skip('the shared corpora are missing');
		const header = jpeg.readHeader(bytes);
		const image = await jpeg.readImage(bytes, tools);
		expect([image.width, image.height, image.channels]).toEqual([header.width, header.height, 3]);
		expect(new Set(image.data).size).toBeGreaterThan(50);
	});

	test('a grey JPEG gives one channel', async ({ skip }) => {
		const bytes = await shared('data/magnetic-tile/MT_Blowhole/Imgs/exp1_num_108719.jpg');
		if (bytes === null) return skip('the shared data are missing');
		expect(await jpeg.readImage(bytes, tools)).toMatchObject({ width: 248, height: 373, channels: 1 });
	});
});

describe('our decoders against the browser’s own', () => {
	/** RGB as the browser decodes it. */
	async function byBrowser(bytes: Bytes, mediaType: string, width: number, height: number): Promise<Raster> {
		return decodePhoto({ bytes, mediaType, width, height, channels: 3 });
	}

	async function inRgb(format: ImageFormat, bytes: Bytes): Promise<Raster> {
		const image = await format.readImage(bytes, tools);
		if (image.channels === 3) return image;
		const data = Uint8Array.from({ length: image.data.length * 3 }, (_, i) => image.data[Math.floor(i / 3)]!);
		return { ...image, channels: 3, data };
	}

	test('GIF: DRIVE', async ({ skip }) => {
		for (const path of ['1st_manual/21_manual1.gif', '1st_manual/32_manual1.gif', 'mask/21_training_mask.gif']) {
			const bytes = await shared(`data/DRIVE/training/${path}`);
			if (bytes === null) return skip('the shared data are missing');
			expect(difference(await inRgb(gif, bytes), await byBrowser(bytes, 'image/gif', 565, 584))).toBe(0);
		}
	});

	test('BMP: white blood cells', async ({ skip }) => {
		for (const number of ['001', '050', '120']) {
			const bytes = await shared(`data/wbc/Dataset 1/${number}.bmp`);
			if (bytes === null) return skip('the shared data are missing');
			const { width, height } = bmp.readHeader(bytes);
			expect(difference(await inRgb(bmp, bytes), await byBrowser(bytes, 'image/bmp', width, height))).toBe(0);
		}
	});

	test('PNG: what we encode, the browser shows', async () => {
		const values = Uint8Array.from({ length: 35 }, (_, i) => i * 7);
		const bytes = encodePng(7, 5, values);
		const shown = await byBrowser(bytes, 'image/png', 7, 5);
		expect(shown.data.filter((_, i) => i % 3 === 0)).toEqual(values);
		expect(decodePng(bytes).samples).toEqual(values);
	});
});
