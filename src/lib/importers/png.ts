/** PNG: stored samples for masks (palette indices, raw values of every bit depth), colours and grey levels for images. */
import type { Raster } from '#lib/core/sample.ts';
import type { Bytes, ImageFormat, Palette } from './format.ts';
import { applyPalette, paletteChannels } from './palette.ts';
import { isPng, parsePng, type PngHeader } from './png-chunks.ts';
import { readSamples } from './png-samples.ts';

export interface DecodedPng {
	readonly header: PngHeader;
	/** Only for palette pictures, whose samples are indices into it. */
	readonly palette: Palette | null;
	/** Row-major, channels last, exactly as stored. Uint16Array at 16 bits per sample. */
	readonly samples: Uint8Array | Uint16Array;
}

/** Decodes a PNG to its stored samples. Throws `image-unreadable` or `image-too-large`. */
export function decodePng(bytes: Bytes): DecodedPng {
	const parts = parsePng(bytes);
	return { header: parts.header, palette: parts.palette, samples: readSamples(parts) };
}

/** A decoded PNG as an image: palette applied, 1-, 2- and 4-bit grey levels scaled to 0…255. */
export function toImage(png: DecodedPng): Raster {
	const { width, height, channels, bitDepth } = png.header;
	if (png.palette && png.samples instanceof Uint8Array) return applyPalette('PNG', width, height, png.samples, png.palette);
	if (bitDepth >= 8) return { width, height, channels, maxValue: bitDepth === 16 ? 65535 : 255, data: png.samples };
	// 255 is divisible by 1, 3 and 15, so the scaled levels are exact.
	const factor = 255 / ((1 << bitDepth) - 1);
	return { width, height, channels, maxValue: 255, data: Uint8Array.from(png.samples, (level) => level * factor) };
}

export const png: ImageFormat = {
	id: 'png',
	name: 'PNG',
	needsBrowser: false,
	match: isPng,
	readHeader(bytes) {
		const { header, palette } = parsePng(bytes);
		const { width, height, bitDepth } = header;
		const channels = palette ? paletteChannels(palette) : header.channels;
		return { width, height, channels, maxValue: bitDepth === 16 ? 65535 : 255, notes: [] };
	},
	async readImage(bytes) {
		return toImage(decodePng(bytes));
	},
	async readLabels(bytes) {
		const { header, palette, samples } = decodePng(bytes);
		return { width: header.width, height: header.height, channels: header.channels, data: samples, palette, lossy: false };
	},
};
