/** The directories of a TIFF: its tags, in either byte order, classic or BigTIFF. Source: TIFF 6.0, Adobe 1992; BigTIFF, 2007. */
import { type Bytes, unreadable } from './format.ts';

/** Bytes of one value of each field type that holds whole numbers. */
const typeBytes: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8 };
/** The field type of texts, a byte a character. */
const textType = 2;

/** More values than any directory of an accepted size needs. */
const maxValues = 4_000_000;

interface Field {
	readonly type: number;
	readonly count: number;
	/** Where the values stand. */
	readonly offset: number;
}

/** Reads numbers and never beyond the end of the file. */
class Reader {
	readonly littleEndian: boolean;
	readonly big: boolean;
	readonly length: number;
	readonly #view: DataView;

	constructor(bytes: Bytes) {
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.length = bytes.length;
		this.littleEndian = bytes[0] === 0x49;
		this.big = bytes[2] === 43 || bytes[3] === 43;
	}

	/** A whole number of 1, 2, 4 or 8 bytes. Throws `image-unreadable` beyond the end of the file. */
	number(offset: number, size: 1 | 2 | 4 | 8): number {
		if (offset < 0 || offset + size > this.length) throw unreadable('TIFF', 'is cut off');
		if (size === 1) return this.#view.getUint8(offset);
		if (size === 2) return this.#view.getUint16(offset, this.littleEndian);
		if (size === 4) return this.#view.getUint32(offset, this.littleEndian);
		const [first, second] = [this.#view.getUint32(offset, this.littleEndian), this.#view.getUint32(offset + 4, this.littleEndian)];
		return this.littleEndian ? second * 2 ** 32 + first : first * 2 ** 32 + second;
	}
}

export interface TiffDirectory {
	readonly littleEndian: boolean;
	/** Where the directory of the next page stands; 0 after the last. */
	readonly next: number;
	/** The whole numbers of a tag; undefined without the tag. Throws `image-unreadable` when they are none or lie outside the file. */
	numbers(tag: number): number[] | undefined;
	/** The first `length` characters of a text; '' without one. */
	text(tag: number, length: number): string;
}

/** True for the first bytes of a TIFF or BigTIFF. */
export function isTiff(bytes: Uint8Array): boolean {
	const start = String.fromCharCode(...bytes.subarray(0, 4));
	return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(start);
}

function readFields(reader: Reader, at: number): { readonly fields: Map<number, Field>; readonly next: number } {
	const { big } = reader;
	const entries = reader.number(at, big ? 8 : 2);
	const [first, entryBytes, valueBytes] = big ? [at + 8, 20, 8] : [at + 2, 12, 4];
	if (entries < 1 || first + entries * entryBytes > reader.length) throw unreadable('TIFF', 'has a damaged directory');
	const fields = new Map<number, Field>();
	for (let i = 0; i < entries; i++) {
		const entry = first + i * entryBytes;
		const [tag, type] = [reader.number(entry, 2), reader.number(entry + 2, 2)];
		const count = reader.number(entry + 4, big ? 8 : 4);
		const place = entry + (big ? 12 : 8);
		const inside = count * (type === textType ? 1 : (typeBytes[type] ?? Infinity)) <= valueBytes;
		// The first of two equal tags counts, as in libtiff.
		if (!fields.has(tag)) fields.set(tag, { type, count, offset: inside ? place : reader.number(place, big ? 8 : 4) });
	}
	const end = first + entries * entryBytes;
	return { fields, next: end + (big ? 8 : 4) <= reader.length ? reader.number(end, big ? 8 : 4) : 0 };
}

function readerOf(bytes: Bytes): Reader {
	const reader = new Reader(bytes);
	if (reader.big && (reader.number(4, 2) !== 8 || reader.number(6, 2) !== 0)) throw unreadable('TIFF', 'has a damaged header');
	return reader;
}

/** Where the directory of the first page stands. Throws `image-unreadable`. */
export function firstTiffDirectory(bytes: Bytes): number {
	const reader = readerOf(bytes);
	return reader.big ? reader.number(8, 8) : reader.number(4, 4);
}

/** Reads the directory at `at`, else the first. Throws `image-unreadable`. */
export function readTiffDirectory(bytes: Bytes, at = firstTiffDirectory(bytes)): TiffDirectory {
	const reader = readerOf(bytes);
	const { fields, next } = readFields(reader, at);
	return {
		littleEndian: reader.littleEndian,
		next,
		numbers(tag) {
			const field = fields.get(tag);
			if (!field) return undefined;
			const size = typeBytes[field.type];
			if (size === undefined || field.count < 1 || field.count > maxValues) throw unreadable('TIFF', `has a damaged field ${tag}`);
			return Array.from({ length: field.count }, (_, i) => reader.number(field.offset + i * size, size));
		},
		text(tag, length) {
			const { type, count, offset } = fields.get(tag) ?? { type: 0, count: 0, offset: 0 };
			return type === textType ? new TextDecoder('latin1').decode(bytes.subarray(offset, offset + Math.min(count, length))) : '';
		},
	};
}
