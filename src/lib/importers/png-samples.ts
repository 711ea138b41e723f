/** From a PNG's compressed bytes to its stored samples: inflate, undo the row filters, unpack, de-interlace. */
import { unreadable } from './format.ts';
import { InflateError, inflateExactly } from './inflate.ts';
import type { PngHeader, PngParts } from './png-chunks.ts';

/** One pass over the picture: which pixels it holds, and how wide its rows are. */
interface Pass {
	readonly x: number;
	readonly y: number;
	readonly stepX: number;
	readonly stepY: number;
	readonly columns: number;
	readonly rows: number;
	/** Bytes of one row without its filter byte. */
	readonly rowBytes: number;
}

/** Adam7: first column, first row, step right, step down of each pass. */
const adam7 = [
	[0, 0, 8, 8],
	[4, 0, 8, 8],
	[0, 4, 4, 8],
	[2, 0, 4, 4],
	[0, 2, 2, 4],
	[1, 0, 2, 2],
	[0, 1, 1, 2],
] as const;

function passesOf(header: PngHeader): Pass[] {
	const grid = header.interlaced ? adam7 : ([[0, 0, 1, 1]] as const);
	const bitsPerPixel = header.channels * header.bitDepth;
	return grid
		.map(([x, y, stepX, stepY]) => {
			const columns = Math.ceil((header.width - x) / stepX);
			const rows = Math.ceil((header.height - y) / stepY);
			return { x, y, stepX, stepY, columns, rows, rowBytes: Math.ceil((columns * bitsPerPixel) / 8) };
		})
		.filter((pass) => pass.columns > 0 && pass.rows > 0);
}

/** The Paeth predictor: whichever of left, up and up-left is nearest to left + up − upLeft. */
function paeth(left: number, up: number, upLeft: number): number {
	const byLeft = Math.abs(up - upLeft);
	const byUp = Math.abs(left - upLeft);
	const byUpLeft = Math.abs(left + up - 2 * upLeft);
	if (byLeft <= byUp && byLeft <= byUpLeft) return left;
	return byUp <= byUpLeft ? up : upLeft;
}

/** Undoes the average (3) and Paeth (4) filters, which look at two or three neighbours. */
function unfilterByNeighbours(
	raw: Uint8Array,
	start: number,
	length: number,
	previous: number,
	pixelBytes: number,
	isPaeth: boolean,
): void {
	for (let i = 0; i < length; i++) {
		const left = i >= pixelBytes ? raw[start + i - pixelBytes]! : 0;
		const up = previous >= 0 ? raw[previous + i]! : 0;
		const upLeft = i >= pixelBytes && previous >= 0 ? raw[previous + i - pixelBytes]! : 0;
		raw[start + i]! += isPaeth ? paeth(left, up, upLeft) : (left + up) >> 1;
	}
}

/** Undoes one row's filter in place. `previous` is where the row above starts, or −1 in a pass' first row. */
function unfilterRow(raw: Uint8Array, start: number, length: number, previous: number, pixelBytes: number): void {
	const filter = raw[start - 1]!;
	switch (filter) {
		case 0:
			return;
		case 1:
			for (let i = pixelBytes; i < length; i++) raw[start + i]! += raw[start + i - pixelBytes]!;
			return;
		case 2:
			if (previous >= 0) for (let i = 0; i < length; i++) raw[start + i]! += raw[previous + i]!;
			return;
		case 3:
		case 4:
			unfilterByNeighbours(raw, start, length, previous, pixelBytes, filter === 4);
			return;
		default:
			throw unreadable('PNG', 'is damaged: it uses an unknown row filter');
	}
}

/** Sample number `index` of the row that starts at `start`. */
function sampleAt(raw: Uint8Array, start: number, index: number, bitDepth: number): number {
	if (bitDepth === 8) return raw[start + index]!;
	if (bitDepth === 16) return (raw[start + 2 * index]! << 8) | raw[start + 2 * index + 1]!;
	const bit = index * bitDepth;
	return (raw[start + (bit >> 3)]! >> (8 - bitDepth - (bit & 7))) & ((1 << bitDepth) - 1);
}

/** Writes one row of a pass to where its pixels belong. */
function placeRow(samples: Uint8Array | Uint16Array, raw: Uint8Array, start: number, row: number, pass: Pass, header: PngHeader): void {
	const { width, channels, bitDepth, interlaced } = header;
	const rowOffset = (pass.y + row * pass.stepY) * width + pass.x;
	if (bitDepth === 8 && !interlaced) {
		samples.set(raw.subarray(start, start + pass.rowBytes), rowOffset * channels);
		return;
	}
	for (let column = 0; column < pass.columns; column++) {
		const target = (rowOffset + column * pass.stepX) * channels;
		for (let channel = 0; channel < channels; channel++) {
			samples[target + channel] = sampleAt(raw, start, column * channels + channel, bitDepth);
		}
	}
}

function inflated(parts: PngParts, length: number): Uint8Array {
	try {
		return inflateExactly(parts.compressed, length);
	} catch (cause) {
		if (cause instanceof InflateError) throw unreadable('PNG', cause.message, { cause });
		throw cause;
	}
}

/** The stored samples, row-major, channels last: nothing scaled, no palette, gamma or transparency applied. */
export function readSamples(parts: PngParts): Uint8Array | Uint16Array {
	const { header } = parts;
	const { width, height, channels, bitDepth } = header;
	const passes = passesOf(header);
	const raw = inflated(
		parts,
		passes.reduce((sum, pass) => sum + pass.rows * (1 + pass.rowBytes), 0),
	);
	const pixelBytes = Math.max(1, (channels * bitDepth) >> 3);
	const samples = bitDepth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
	let start = 1;
	for (const pass of passes) {
		for (let row = 0; row < pass.rows; row++) {
			unfilterRow(raw, start, pass.rowBytes, row > 0 ? start - 1 - pass.rowBytes : -1, pixelBytes);
			placeRow(samples, raw, start, row, pass, header);
			start += 1 + pass.rowBytes;
		}
	}
	return samples;
}
