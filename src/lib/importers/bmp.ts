/** BMP: palette indices (1, 4, 8 bits, also run-length coded) or colours (16, 24, 32 bits). */
import type { Raster } from '#lib/core/sample.ts';
import { type BmpHeader, isBmp, parseBmp } from './bmp-header.ts';
import { type ImageFormat, unreadable } from './format.ts';
import { applyPalette, paletteChannels } from './palette.ts';

/** Bytes of one stored row: padded to a multiple of four. */
function rowStride({ width, bitsPerPixel }: BmpHeader): number {
	return Math.ceil((width * bitsPerPixel) / 32) * 4;
}

/** Offset of a stored row's first pixel in the upright picture. */
function rowOffset({ width, height, topDown }: BmpHeader, storedRow: number): number {
	return (topDown ? storedRow : height - 1 - storedRow) * width;
}

/** Throws when the file ends before its last pixel. The last row's padding may be missing. */
function checkComplete(header: BmpHeader): void {
	if (header.runLength) return;
	const lastRowBytes = Math.ceil((header.width * header.bitsPerPixel) / 8);
	if (header.pixels.length < rowStride(header) * (header.height - 1) + lastRowBytes) throw unreadable('BMP', 'is cut off');
}

function readPlainIndices(header: BmpHeader): Uint8Array {
	const { width, height, bitsPerPixel, pixels } = header;
	const stride = rowStride(header);
	const indices = new Uint8Array(width * height);
	for (let row = 0; row < height; row++) {
		const target = rowOffset(header, row);
		for (let x = 0; x < width; x++) {
			const bit = x * bitsPerPixel;
			const byte = pixels[row * stride + (bit >> 3)]!;
			indices[target + x] = (byte >> (8 - bitsPerPixel - (bit & 7))) & ((1 << bitsPerPixel) - 1);
		}
	}
	return indices;
}

/** Run-length coding: pairs of (count, value), or 0 and an escape: 0 end of row, 1 end of picture, 2 move, n ≥ 3 literal pixels. */
function readRunLengthIndices(header: BmpHeader): Uint8Array {
	const { width, height, bitsPerPixel, pixels } = header;
	const indices = new Uint8Array(width * height);
	let x = 0;
	let row = 0;
	let offset = 0;
	const take = (): number => {
		if (offset >= pixels.length) throw unreadable('BMP', 'is cut off');
		return pixels[offset++]!;
	};
	const put = (index: number): void => {
		if (x >= width || row >= height) throw unreadable('BMP', 'is damaged: a run leaves the picture');
		indices[rowOffset(header, row) + x++] = index;
	};
	/** Pixel `i` of a value byte: at 4 bits a byte holds two, the high one first. */
	const pixelOf = (value: number, i: number): number => (bitsPerPixel === 8 ? value : i % 2 === 0 ? value >> 4 : value & 15);
	for (;;) {
		const count = take();
		const value = take();
		if (count > 0) {
			for (let i = 0; i < count; i++) put(pixelOf(value, i));
		} else if (value === 0) {
			x = 0;
			row++;
		} else if (value === 1) {
			return indices;
		} else if (value === 2) {
			x += take();
			row += take();
		} else {
			const literalBytes = bitsPerPixel === 8 ? value : Math.ceil(value / 2);
			let byte = 0;
			for (let i = 0; i < value; i++) {
				if (bitsPerPixel === 8 || i % 2 === 0) byte = take();
				put(pixelOf(byte, i));
			}
			if (literalBytes % 2 === 1) take();
		}
		if (row > height) throw unreadable('BMP', 'is damaged: a run leaves the picture');
	}
}

function readIndices(header: BmpHeader): Uint8Array {
	checkComplete(header);
	return header.runLength ? readRunLengthIndices(header) : readPlainIndices(header);
}

/** Colours of 16, 24 and 32 bits per pixel as RGB, each scaled to 0…255. A fourth channel is dropped: it is rarely alpha. */
function readColours(header: BmpHeader): Raster {
	checkComplete(header);
	const { width, height, bitsPerPixel, pixels, fields } = header;
	const stride = rowStride(header);
	const pixelBytes = bitsPerPixel / 8;
	const data = new Uint8Array(width * height * 3);
	for (let row = 0; row < height; row++) {
		let target = rowOffset(header, row) * 3;
		for (let x = 0; x < width; x++) {
			const start = row * stride + x * pixelBytes;
			let pixel = 0;
			for (let i = 0; i < pixelBytes; i++) pixel |= pixels[start + i]! << (8 * i);
			for (const { shift, max } of fields) data[target++] = Math.round((((pixel >>> shift) & max) * 255) / max);
		}
	}
	return { width, height, channels: 3, maxValue: 255, data };
}

export const bmp: ImageFormat = {
	id: 'bmp',
	name: 'BMP',
	needsBrowser: false,
	match: isBmp,
	readHeader(bytes) {
		const header = parseBmp(bytes);
		checkComplete(header);
		const { width, height, palette } = header;
		return { width, height, channels: palette ? paletteChannels(palette) : 3, maxValue: 255, notes: [] };
	},
	async readImage(bytes) {
		const header = parseBmp(bytes);
		if (header.palette === null) return readColours(header);
		return applyPalette('BMP', header.width, header.height, readIndices(header), header.palette);
	},
	async readLabels(bytes) {
		const header = parseBmp(bytes);
		const { width, height, palette } = header;
		if (palette) return { width, height, channels: 1, data: readIndices(header), palette, lossy: false };
		return { width, height, channels: 3, data: readColours(header).data, palette: null, lossy: false };
	},
};
