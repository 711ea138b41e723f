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

/** Undoes one row's filter in place. `previous` is where the row above starts, or −1 in a pass' first row. */
function unfilterRow(raw: Uint8Array, start: number, length: number, previous: number, pixelBytes: number): void {
	const filter = raw[start - 1]!;
	if (filter > 4) throw unreadable('PNG', 'is damaged: it uses an unknown row filter');
	if (filter === 0) return;
	for (let i = 0; i < length; i++) {
		const left = i >= pixelBytes ? raw[start + i - pixelBytes]! : 0;
		const up = previous >= 0 ? raw[previous + i]! : 0;
		if (filter === 1) raw[start + i]! += left;
		else if (filter === 2) raw[start + i]! += up;
		else if (filter === 3) raw[start + i]! += (left + up) >> 1;
		else raw[start + i]! += paeth(left, up, i >= pixelBytes && previous >= 0 ? raw[previous + i - pixelBytes]! : 0);
	}
}

/** Sample number `index` of the row that starts at `start`. */
function sampleAt(raw: Uint8Array, start: number, index: number, bitDepth: number): number {
	if (bitDepth === 8) return raw[start + index]!;
	if (bitDepth === 16) return (raw[start + 2 * index]! << 8) | raw[start + 2 * index + 1]!;
	const bit = index * bitDepth;
	return (raw[start + (bit >> 3)]! >> (8 - bitDepth - (bit & 7))) & ((1 << bitDepth) - 1);
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
			const rowOffset = (pass.y + row * pass.stepY) * width + pass.x;
			for (let column = 0; column < pass.columns; column++) {
				const target = (rowOffset + column * pass.stepX) * channels;
				for (let channel = 0; channel < channels; channel++) {
					samples[target + channel] = sampleAt(raw, start, column * channels + channel, bitDepth);
				}
			}
			start += 1 + pass.rowBytes;
		}
	}
	return samples;
}
