/** Lets the browser decode photos (JPEG, WebP). Works in a page and in a worker. */
import type { Raster } from '#lib/core/sample.ts';
import { AppError } from '#lib/core/errors.ts';
import { type DecodePhoto, type PhotoRequest, unreadable } from './format.ts';

/** Pixels that go through the canvas at a time: 4 MiB of RGBA. */
const stripPixels = 1_048_576;

async function openBitmap({ bytes, mediaType }: PhotoRequest): Promise<ImageBitmap> {
	try {
		// Without a colour conversion the samples stay as stored; a profile says how to show them, not what they are.
		return await createImageBitmap(new Blob([bytes], { type: mediaType }), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
	} catch (cause) {
		throw unreadable(mediaType.replace('image/', '').toUpperCase(), 'could not be decoded by the browser', { cause });
	}
}

/** Copies the wanted channels of RGBA pixels. */
function copyChannels(rgba: Uint8ClampedArray, channels: number, target: Uint8Array, start: number): void {
	let place = start;
	for (let i = 0; i < rgba.length; i += 4) for (let channel = 0; channel < channels; channel++) target[place++] = rgba[i + channel]!;
}

function readStrips(bitmap: ImageBitmap, channels: number): Uint8Array {
	const { width, height } = bitmap;
	const rows = Math.max(1, Math.min(height, Math.floor(stripPixels / width)));
	const context = new OffscreenCanvas(width, rows).getContext('2d', { willReadFrequently: true });
	if (!context) throw new AppError('out-of-memory', { width, height });
	const data = new Uint8Array(width * height * channels);
	for (let top = 0; top < height; top += rows) {
		const count = Math.min(rows, height - top);
		context.clearRect(0, 0, width, rows);
		context.drawImage(bitmap, 0, -top);
		copyChannels(context.getImageData(0, 0, width, count).data, channels, data, top * width * channels);
	}
	return data;
}

/** Decodes a photo to 8-bit grey or RGB with the browser's own decoder; transparency is dropped. */
export const decodePhoto: DecodePhoto = async (request): Promise<Raster> => {
	const bitmap = await openBitmap(request);
	try {
		const { width, height } = bitmap;
		if (width !== request.width || height !== request.height) {
			throw unreadable('photo', `has another size (${width} × ${height}) than its header says`);
		}
		return { width, height, channels: request.channels, maxValue: 255, data: readStrips(bitmap, request.channels) };
	} finally {
		bitmap.close();
	}
};
