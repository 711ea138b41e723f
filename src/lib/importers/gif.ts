/** GIF: the palette indices of the first frame. Masks of DRIVE and Carvana come as GIF. */
import { type Bytes, type ImageFormat, type Palette, unreadable } from './format.ts';
import { checkSize } from './limits.ts';
import { decodeLzw } from './lzw.ts';
import { applyPalette, paletteChannels } from './palette.ts';

interface Frame {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
	readonly interlaced: boolean;
	readonly palette: Palette;
	readonly minimumCodeSize: number;
	/** The compressed indices, sub-blocks joined. */
	readonly compressed: Uint8Array;
}

interface GifParts {
	readonly width: number;
	readonly height: number;
	/** Index of the pixels that the frame does not cover. */
	readonly background: number;
	readonly frame: Frame;
	/** True when more frames follow. */
	readonly animated: boolean;
}

/** Reads a GIF front to back; every read past the end is a cut-off file. */
class Cursor {
	readonly #bytes: Bytes;
	#offset = 0;

	constructor(bytes: Bytes) {
		this.#bytes = bytes;
	}

	byte(): number {
		return this.take(1)[0]!;
	}

	word(): number {
		return this.byte() | (this.byte() << 8);
	}

	take(length: number): Bytes {
		const end = this.#offset + length;
		if (end > this.#bytes.length) throw unreadable('GIF', 'is cut off');
		const taken = this.#bytes.subarray(this.#offset, end);
		this.#offset = end;
		return taken;
	}

	/** A chain of sub-blocks, each behind its length, up to the empty one. */
	subBlocks(): Uint8Array {
		const pieces: Bytes[] = [];
		for (let length = this.byte(); length > 0; length = this.byte()) pieces.push(this.take(length));
		const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
		let offset = 0;
		for (const piece of pieces) {
			whole.set(piece, offset);
			offset += piece.length;
		}
		return whole;
	}
}

const extensionMark = 0x21;
const frameMark = 0x2c;
const endMark = 0x3b;

/** A table of 2^(n + 1) colours, where n is the low three bits of the flags and bit 7 says that there is one. */
function readPalette(cursor: Cursor, flags: number): Palette | null {
	return flags & 0x80 ? cursor.take(3 * (2 << (flags & 7))).slice() : null;
}

/** Skips extensions; returns the mark of the next frame, of the end, or null where the file just stops. */
function nextMark(cursor: Cursor): number {
	for (;;) {
		const mark = cursor.byte();
		if (mark === frameMark || mark === endMark) return mark;
		if (mark !== extensionMark) throw unreadable('GIF', 'is damaged: it has an unknown part');
		cursor.byte();
		cursor.subBlocks();
	}
}

function readFrame(cursor: Cursor, globalPalette: Palette | null): Frame {
	const [left, top, width, height] = [cursor.word(), cursor.word(), cursor.word(), cursor.word()];
	const flags = cursor.byte();
	const palette = readPalette(cursor, flags) ?? globalPalette;
	if (palette === null) throw unreadable('GIF', 'has no palette');
	const minimumCodeSize = cursor.byte();
	if (minimumCodeSize < 1 || minimumCodeSize > 8) throw unreadable('GIF', 'is damaged: its code size is impossible');
	return { left, top, width, height, interlaced: (flags & 0x40) !== 0, palette, minimumCodeSize, compressed: cursor.subBlocks() };
}

function isGif(bytes: Uint8Array): boolean {
	const start = String.fromCharCode(...bytes.subarray(0, 6));
	return start === 'GIF87a' || start === 'GIF89a';
}

function parseGif(bytes: Bytes): GifParts {
	if (!isGif(bytes)) throw unreadable('GIF', 'does not start like one');
	const cursor = new Cursor(bytes);
	cursor.take(6);
	const [width, height] = [cursor.word(), cursor.word()];
	checkSize('GIF', width, height, 3);
	const flags = cursor.byte();
	const background = cursor.byte();
	cursor.byte();
	const globalPalette = readPalette(cursor, flags);
	if (nextMark(cursor) !== frameMark) throw unreadable('GIF', 'holds no picture');
	const frame = readFrame(cursor, globalPalette);
	if (frame.left + frame.width > width || frame.top + frame.height > height || frame.width * frame.height === 0) {
		throw unreadable('GIF', 'is damaged: its picture lies outside its frame');
	}
	return { width, height, background: globalPalette ? background : 0, frame, animated: nextMark(cursor) === frameMark };
}

/** The rows of a frame in the order in which an interlaced file stores them. */
function interlacedRows(height: number): number[] {
	const passes = [
		[0, 8],
		[4, 8],
		[2, 4],
		[1, 2],
	] as const;
	return passes.flatMap(([first, step]) => Array.from({ length: Math.ceil((height - first) / step) }, (_, i) => first + i * step));
}

function readIndices({ width, height, background, frame }: GifParts): Uint8Array {
	const stored = decodeLzw(frame.compressed, frame.minimumCodeSize, frame.width * frame.height);
	if (stored === null) throw unreadable('GIF', 'is damaged: its picture is not complete');
	const indices = new Uint8Array(width * height).fill(background);
	const order = frame.interlaced ? interlacedRows(frame.height) : null;
	for (let row = 0; row < frame.height; row++) {
		const target = (frame.top + (order ? order[row]! : row)) * width + frame.left;
		indices.set(stored.subarray(row * frame.width, (row + 1) * frame.width), target);
	}
	return indices;
}

export const gif: ImageFormat = {
	id: 'gif',
	name: 'GIF',
	needsBrowser: false,
	match: isGif,
	readHeader(bytes) {
		const { width, height, frame, animated } = parseGif(bytes);
		const notes = animated ? ['Only the first of its frames is used.'] : [];
		return { width, height, channels: paletteChannels(frame.palette), maxValue: 255, notes };
	},
	async readImage(bytes) {
		const parts = parseGif(bytes);
		return applyPalette('GIF', parts.width, parts.height, readIndices(parts), parts.frame.palette);
	},
	async readLabels(bytes) {
		const parts = parseGif(bytes);
		const { width, height, frame } = parts;
		return { width, height, channels: 1, data: readIndices(parts), palette: frame.palette, lossy: false };
	},
};
