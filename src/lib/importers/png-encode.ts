/** Writes masks as PNG: 8-bit grey or 8-bit palette, values stored as they are. */
import { zlibSync } from 'fflate';
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

function header(width: number, height: number, colourType: number): Uint8Array {
	const bytes = new Uint8Array(13);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, width);
	view.setUint32(4, height);
	bytes.set([8, colourType, 0, 0, 0], 8);
	return bytes;
}

/** Rows behind a filter byte of 0 (none): labels hold long runs, which deflate packs well without a filter. */
function filteredRows(width: number, height: number, data: Uint8Array): Uint8Array {
	const rows = new Uint8Array(height * (width + 1));
	for (let y = 0; y < height; y++) rows.set(data.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
	return rows;
}

/**
 * Encodes one byte per pixel as a PNG. Without a palette the bytes are grey levels, with one they are its indices.
 * `data.length` must be `width · height`.
 */
export function encodePng(width: number, height: number, data: Uint8Array, palette?: Palette): Uint8Array<ArrayBuffer> {
	if (data.length !== width * height) throw new RangeError(`${data.length} bytes do not fill ${width} × ${height} pixels`);
	const parts = [
		Uint8Array.from(signature),
		chunk('IHDR', header(width, height, palette ? 3 : 0)),
		...(palette ? [chunk('PLTE', palette)] : []),
		chunk('IDAT', zlibSync(filteredRows(width, height, data))),
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
