/** The container of a PNG: signature, chunks with their checksums, header and palette (W3C PNG, third edition). */
import { crc32 } from './checksums.ts';
import { type Palette, unreadable, unsupported } from './format.ts';
import { checkSize } from './limits.ts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Colour types of the standard, with the bit depths that each allows and its samples per pixel. */
const colourTypes: Readonly<Record<number, { readonly depths: readonly number[]; readonly channels: number }>> = {
	0: { depths: [1, 2, 4, 8, 16], channels: 1 },
	2: { depths: [8, 16], channels: 3 },
	3: { depths: [1, 2, 4, 8], channels: 1 },
	4: { depths: [8, 16], channels: 2 },
	6: { depths: [8, 16], channels: 4 },
};

/** Colour type of a PNG whose samples are palette indices. */
const paletteColourType = 3;

export interface PngHeader {
	readonly width: number;
	readonly height: number;
	/** 1, 2, 4, 8 or 16 bits per sample. */
	readonly bitDepth: number;
	/** 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA. */
	readonly colourType: number;
	/** Samples per pixel. */
	readonly channels: number;
	readonly interlaced: boolean;
}

/** A PNG taken apart; every checksum of its chunks holds. */
export interface PngParts {
	readonly header: PngHeader;
	readonly palette: Palette | null;
	/** The compressed pixels: a zlib stream in one piece. */
	readonly compressed: Uint8Array<ArrayBuffer>;
}

interface Chunk {
	readonly type: string;
	readonly data: Uint8Array<ArrayBuffer>;
}

/** True when the bytes start with the PNG signature. */
export function isPng(bytes: Uint8Array): boolean {
	return signature.every((byte, index) => bytes[index] === byte);
}

function* chunksOf(bytes: Uint8Array<ArrayBuffer>): Generator<Chunk> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let offset = signature.length;
	while (offset + 12 <= bytes.length) {
		const length = view.getUint32(offset);
		const end = offset + 12 + length;
		if (end > bytes.length) throw unreadable('PNG', 'is cut off');
		const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
		if (crc32(bytes.subarray(offset + 4, end - 4)) !== view.getUint32(end - 4)) {
			throw unreadable('PNG', `is damaged: the checksum of its ${JSON.stringify(type)} part is wrong`);
		}
		yield { type, data: bytes.subarray(offset + 8, end - 4) };
		if (type === 'IEND') return;
		offset = end;
	}
	throw unreadable('PNG', 'is cut off: it has no end mark');
}

function parseHeader(chunk: Chunk): PngHeader {
	if (chunk.type === 'CgBI') throw unsupported('PNG as iOS apps store it (CgBI)');
	if (chunk.type !== 'IHDR' || chunk.data.length !== 13) throw unreadable('PNG', 'does not start with a header');
	const view = new DataView(chunk.data.buffer, chunk.data.byteOffset, 13);
	const [width, height, bitDepth, colourType] = [view.getUint32(0), view.getUint32(4), view.getUint8(8), view.getUint8(9)];
	const kind = colourTypes[colourType];
	const methods = [view.getUint8(10), view.getUint8(11)];
	const interlace = view.getUint8(12);
	if (!kind?.depths.includes(bitDepth) || methods.some((method) => method !== 0) || interlace > 1) {
		throw unreadable('PNG', 'has a header with impossible values');
	}
	checkSize('PNG', width, height, kind.channels * (bitDepth === 16 ? 2 : 1));
	return { width, height, bitDepth, colourType, channels: kind.channels, interlaced: interlace === 1 };
}

function parsePalette(chunk: Chunk): Palette {
	const { length } = chunk.data;
	if (length === 0 || length % 3 !== 0 || length > 768) throw unreadable('PNG', 'has a palette of an impossible size');
	return chunk.data.slice();
}

function joined(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
	const [first] = pieces;
	if (pieces.length === 1 && first) return first;
	const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
	let offset = 0;
	for (const piece of pieces) {
		whole.set(piece, offset);
		offset += piece.length;
	}
	return whole;
}

/** An upper-case first letter marks a chunk that may not be skipped. */
const isCritical = (type: string): boolean => /^[A-Z]/u.test(type);

/** Takes a PNG apart. Gamma, colour profiles and transparency are left aside: they say nothing about stored values. */
export function parsePng(bytes: Uint8Array<ArrayBuffer>): PngParts {
	if (!isPng(bytes)) throw unreadable('PNG', 'does not start like one');
	let header: PngHeader | null = null;
	let palette: Palette | null = null;
	const pieces: Uint8Array<ArrayBuffer>[] = [];
	for (const chunk of chunksOf(bytes)) {
		if (header === null) header = parseHeader(chunk);
		else if (chunk.type === 'PLTE') palette = parsePalette(chunk);
		else if (chunk.type === 'IDAT') pieces.push(chunk.data);
		else if (chunk.type !== 'IEND' && isCritical(chunk.type)) {
			throw unreadable('PNG', `needs an unknown extension (${JSON.stringify(chunk.type)})`);
		}
	}
	if (header === null) throw unreadable('PNG', 'has no header');
	if (header.colourType === paletteColourType && palette === null) throw unreadable('PNG', 'has no palette');
	if (pieces.length === 0) throw unreadable('PNG', 'has no pixels');
	return { header, palette: header.colourType === paletteColourType ? palette : null, compressed: joined(pieces) };
}
