/** The header of a BMP: every variant from OS/2 1.x to version 5. */
import { type Bytes, type Palette, unreadable, unsupported } from './format.ts';
import { checkSize } from './limits.ts';

/** Where one colour's bits are in a pixel: `(pixel & mask) >> shift`, at most `max`. */
export interface ColourField {
	readonly shift: number;
	readonly max: number;
}

export interface BmpHeader {
	readonly width: number;
	readonly height: number;
	/** True when the first stored row is the top one. */
	readonly topDown: boolean;
	/** 1, 4, 8, 16, 24 or 32. */
	readonly bitsPerPixel: number;
	readonly runLength: boolean;
	/** Red, green, blue of each index; null above 8 bits per pixel. */
	readonly palette: Palette | null;
	/** Red, green, blue; used at 16 and 32 bits per pixel. */
	readonly fields: readonly ColourField[];
	/** The stored pixels, to the end of the file. */
	readonly pixels: Bytes;
}

const fileHeaderBytes = 14;
const knownSizes = [12, 16, 40, 52, 56, 64, 108, 124];
const compressionNames: Readonly<Record<number, string>> = { 4: 'BMP with a JPEG inside', 5: 'BMP with a PNG inside' };

export function isBmp(bytes: Uint8Array): boolean {
	const size = (bytes[14] ?? 0) | ((bytes[15] ?? 0) << 8);
	return bytes[0] === 0x42 && bytes[1] === 0x4d && bytes[16] === 0 && bytes[17] === 0 && knownSizes.includes(size);
}

function colourField(mask: number): ColourField {
	if (mask === 0) throw unsupported('BMP without one of its three colours');
	const shift = 31 - Math.clz32(mask & -mask);
	const max = mask >>> shift;
	if ((max & (max + 1)) !== 0) throw unreadable('BMP', 'has impossible colour masks');
	return { shift, max };
}

function defaultMasks(bitsPerPixel: number): readonly number[] {
	return bitsPerPixel === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
}

function checkCombination(bitsPerPixel: number, compression: number, topDown: boolean): void {
	const name = compressionNames[compression];
	if (name) throw unsupported(name);
	if (![1, 4, 8, 16, 24, 32].includes(bitsPerPixel)) throw unsupported(`BMP with ${bitsPerPixel} bits per pixel`);
	const runLengthBits = { 1: 8, 2: 4 }[compression];
	const isMasked = compression === 3 || compression === 6;
	const valid =
		compression === 0 || (runLengthBits === bitsPerPixel && !topDown) || (isMasked && (bitsPerPixel === 16 || bitsPerPixel === 32));
	if (!valid) throw unreadable('BMP', 'has a header with impossible values');
}

/** Colours between the header and the pixels; old headers use 3 bytes each, others 4 (blue, green, red). */
function readPalette(
	bytes: Bytes,
	start: number,
	pixelOffset: number,
	declared: number,
	bitsPerPixel: number,
	entryBytes: number,
): Palette {
	const room = Math.floor((Math.min(pixelOffset, bytes.length) - start) / entryBytes);
	const count = Math.max(0, Math.min(declared || 1 << bitsPerPixel, 1 << bitsPerPixel, room));
	const palette = new Uint8Array(count * 3);
	for (let i = 0; i < count; i++) {
		for (let channel = 0; channel < 3; channel++) palette[i * 3 + channel] = bytes[start + i * entryBytes + 2 - channel]!;
	}
	return palette;
}

interface Fields {
	readonly size: number;
	readonly pixelOffset: number;
	readonly width: number;
	readonly signedHeight: number;
	readonly bitsPerPixel: number;
	readonly compression: number;
	readonly colours: number;
}

function readFields(view: DataView): Fields {
	const size = view.getUint32(14, true);
	const pixelOffset = view.getUint32(10, true);
	if (size === 12) {
		const [width, signedHeight, bitsPerPixel] = [view.getUint16(18, true), view.getUint16(20, true), view.getUint16(24, true)];
		return { size, pixelOffset, width, signedHeight, bitsPerPixel, compression: 0, colours: 0 };
	}
	return {
		size,
		pixelOffset,
		width: view.getInt32(18, true),
		signedHeight: view.getInt32(22, true),
		bitsPerPixel: view.getUint16(28, true),
		compression: size >= 40 ? view.getUint32(30, true) : 0,
		colours: size >= 40 ? view.getUint32(46, true) : 0,
	};
}

/** Parses and checks a BMP's header. Throws `image-unreadable`, `image-too-large` or `format-unsupported`. */
export function parseBmp(bytes: Bytes): BmpHeader {
	if (!isBmp(bytes)) throw unreadable('BMP', 'does not start like one');
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const headerEnd = fileHeaderBytes + view.getUint32(14, true);
	if (bytes.length < headerEnd) throw unreadable('BMP', 'is cut off');
	const { size, pixelOffset, width, signedHeight, bitsPerPixel, compression, colours } = readFields(view);
	const topDown = signedHeight < 0;
	const height = Math.abs(signedHeight);
	checkCombination(bitsPerPixel, compression, topDown);
	checkSize('BMP', width, height, bitsPerPixel <= 8 ? 1 : 3);
	const isMasked = compression === 3 || compression === 6;
	if (isMasked && bytes.length < 66) throw unreadable('BMP', 'is cut off');
	const masks = isMasked ? [54, 58, 62].map((offset) => view.getUint32(offset, true)) : defaultMasks(bitsPerPixel);
	const paletteStart = headerEnd + (isMasked && size === 40 ? 12 : 0);
	if (pixelOffset < paletteStart || pixelOffset >= bytes.length) throw unreadable('BMP', 'is damaged: its pixels are not where it says');
	const entryBytes = size === 12 ? 3 : 4;
	return {
		width,
		height,
		topDown,
		bitsPerPixel,
		runLength: compression === 1 || compression === 2,
		palette: bitsPerPixel <= 8 ? readPalette(bytes, paletteStart, pixelOffset, colours, bitsPerPixel, entryBytes) : null,
		fields: masks.map(colourField),
		pixels: bytes.subarray(pixelOffset),
	};
}
