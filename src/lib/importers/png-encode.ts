/** Writes PNG: masks as 8-bit grey or palette, images as samples of any number of bits and channels that PNG has; stored as they are. */
import { zlibSync } from 'fflate';
import type { Raster } from '#lib/core/sample.ts';
import { crc32 } from './checksums.ts';
import type { Palette } from './format.ts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(12 + data.length);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, data.length);
	for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
	bytes.set(data, 8);
	view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
	return bytes;
}

interface Layout {
	readonly width: number;
	readonly height: number;
	readonly bitDepth: 8 | 16;
	/** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
	readonly colourType: number;
}

function header({ width, height, bitDepth, colourType }: Layout): Uint8Array {
	const bytes = new Uint8Array(13);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, width);
	view.setUint32(4, height);
	bytes.set([bitDepth, colourType, 0, 0, 0], 8);
	return bytes;
}

/** Rows behind a filter byte of 0 (none): labels hold long runs, which deflate packs well without a filter. */
function plainRows(width: number, height: number, data: Uint8Array): Uint8Array {
	const rows = new Uint8Array(height * (width + 1));
	for (let y = 0; y < height; y++) rows.set(data.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
	return rows;
}

/** Rows behind a filter byte of 1 (sub): each byte less the one a pixel before, which packs photos well. */
function differenceRows(rowBytes: number, height: number, pixelBytes: number, data: Uint8Array): Uint8Array {
	const rows = new Uint8Array(height * (rowBytes + 1));
	for (let y = 0; y < height; y++) {
		const [from, to] = [y * rowBytes, y * (rowBytes + 1) + 1];
		rows[to - 1] = 1;
		for (let i = 0; i < rowBytes; i++) rows[to + i] = data[from + i]! - (i < pixelBytes ? 0 : data[from + i - pixelBytes]!);
	}
	return rows;
}

function assembled(layout: Layout, rows: Uint8Array, palette?: Palette): Uint8Array<ArrayBuffer> {
	const parts = [
		Uint8Array.from(signature),
		chunk('IHDR', header(layout)),
		...(palette ? [chunk('PLTE', palette)] : []),
		chunk('IDAT', zlibSync(rows)),
		chunk('IEND', new Uint8Array(0)),
	];
	const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let offset = 0;
	for (const part of parts) {
		bytes.set(part, offset);
		offset += part.length;
	}
	return bytes;
}

function refuseLength(length: number, width: number, height: number): void {
	if (length !== width * height) throw new RangeError(`${length} values do not fill ${width} × ${height} pixels`);
}

/**
 * Encodes one byte per pixel as a PNG. Without a palette the bytes are grey levels, with one they are its indices.
 * `data.length` must be `width · height`.
 */
export function encodePng(width: number, height: number, data: Uint8Array, palette?: Palette): Uint8Array<ArrayBuffer> {
	refuseLength(data.length, width, height);
	return assembled({ width, height, bitDepth: 8, colourType: palette ? 3 : 0 }, plainRows(width, height, data), palette);
}

const colourTypes = [0, 4, 2, 6] as const;

/** 16-bit samples, the high byte first, as PNG has them. */
function bigEndian(data: Uint16Array): Uint8Array {
	const bytes = new Uint8Array(data.length * 2);
	data.forEach((value, index) => {
		bytes[2 * index] = value >> 8;
		bytes[2 * index + 1] = value & 255;
	});
	return bytes;
}

/** Encodes samples of 1 (grey), 2 (and alpha), 3 (RGB) or 4 (RGBA) channels exactly, 8 or 16 bits as the array has them. */
export function encodeSamples({
	width,
	height,
	channels,
	data,
}: Pick<Raster, 'width' | 'height' | 'channels' | 'data'>): Uint8Array<ArrayBuffer> {
	const colourType = colourTypes[channels - 1];
	if (colourType === undefined) throw new RangeError(`a PNG cannot hold ${channels} channels`);
	refuseLength(data.length / channels, width, height);
	const bitDepth = data instanceof Uint16Array ? 16 : 8;
	const bytes = data instanceof Uint16Array ? bigEndian(data) : data;
	const pixelBytes = (channels * bitDepth) / 8;
	return assembled({ width, height, bitDepth, colourType }, differenceRows(width * pixelBytes, height, pixelBytes, bytes));
}
