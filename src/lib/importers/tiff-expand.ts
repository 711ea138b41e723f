/** The compressions of TIFF, each to exactly the bytes that a strip or tile must have. Source: TIFF 6.0, sections 9 and 13. */
import { type Bytes, unreadable, unsupported } from './format.ts';
import { InflateError, inflateExactly } from './inflate.ts';
import type { TiffCompression } from './tiff-layout.ts';

const clear = 256;
const end = 257;
const maxCodes = 4096;

function damaged(): Error {
	return unreadable('TIFF', 'has damaged compressed data');
}

/** LZW with codes from the highest bit on, each one bit longer one code early. */
function expandLzw(data: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
	// The first code clears the table; in the order of GIF's bits, which early writers used, it begins otherwise.
	if (data[0] === 0 && (data[1]! & 1) === 1) throw unsupported('TIFF with LZW from before 1992');
	const output = new Uint8Array(length);
	const earlier = new Uint16Array(maxCodes);
	const lastByte = new Uint8Array(maxCodes);
	const stringLength = new Uint32Array(maxCodes).fill(1, 0, clear);
	for (let code = 0; code < clear; code++) lastByte[code] = code;
	let [next, codeSize, previous, written, bits, bitCount, position] = [end + 1, 9, -1, 0, 0, 0, 0];

	/** Writes the string of `code` so that it ends at `stop`, and returns its first byte. */
	const writeString = (code: number, stop: number): number => {
		let current = code;
		for (let place = stop - 1; ; place--) {
			if (place < length) output[place] = lastByte[current]!;
			if (stringLength[current] === 1) return lastByte[current]!;
			current = earlier[current]!;
		}
	};

	while (written < length) {
		while (bitCount < codeSize) {
			if (position >= data.length) throw unreadable('TIFF', 'is cut off');
			bits = ((bits << 8) | data[position++]!) & 0xffffff;
			bitCount += 8;
		}
		bitCount -= codeSize;
		const code = (bits >> bitCount) & ((1 << codeSize) - 1);
		if (code === end) throw unreadable('TIFF', 'ends before its last pixel');
		if (code === clear) {
			[next, codeSize, previous] = [end + 1, 9, -1];
			continue;
		}
		if (previous < 0) {
			if (code > end) throw damaged();
			output[written++] = lastByte[code]!;
			previous = code;
			continue;
		}
		if (code > next || next >= maxCodes) throw damaged();
		// A code that is just being defined is the previous string plus that string's own first byte.
		const isNew = code === next;
		const stop = written + (isNew ? stringLength[previous]! + 1 : stringLength[code]!);
		const first = writeString(isNew ? previous : code, isNew ? stop - 1 : stop);
		if (isNew && stop - 1 < length) output[stop - 1] = first;
		earlier[next] = previous;
		lastByte[next] = first;
		stringLength[next] = stringLength[previous]! + 1;
		next++;
		if (next + 1 >= 1 << codeSize && codeSize < 12) codeSize++;
		[written, previous] = [stop, code];
	}
	return output;
}

/** Runs: n ≥ 0 is n + 1 literal bytes, −n one byte n + 1 times, −128 nothing. */
function expandPackBits(data: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
	const output = new Uint8Array(length);
	let [written, position] = [0, 0];
	while (written < length) {
		if (position >= data.length) throw unreadable('TIFF', 'is cut off');
		const control = data[position++]!;
		if (control === 128) continue;
		const count = control < 128 ? control + 1 : 257 - control;
		const taken = control < 128 ? count : 1;
		if (written + count > length) throw damaged();
		if (position + taken > data.length) throw unreadable('TIFF', 'is cut off');
		if (control < 128) output.set(data.subarray(position, position + count), written);
		else output.fill(data[position]!, written, written + count);
		position += taken;
		written += count;
	}
	return output;
}

/** Exactly `length` bytes. Throws `image-unreadable` when the data holds fewer or is damaged. */
export function expand(data: Bytes, compression: TiffCompression, length: number): Uint8Array<ArrayBuffer> {
	switch (compression) {
		case 'none':
			if (data.length < length) throw unreadable('TIFF', 'is cut off');
			return data.slice(0, length);
		case 'lzw':
			return expandLzw(data, length);
		case 'packbits':
			return expandPackBits(data, length);
		case 'deflate':
			try {
				return inflateExactly(data, length);
			} catch (cause) {
				if (cause instanceof InflateError) throw unreadable('TIFF', cause.message, { cause });
				throw cause;
			}
		default:
			return compression satisfies never;
	}
}
