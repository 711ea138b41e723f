/** Bounded inflating of zlib data: never more than the header promised, and the checksum holds. */
import { Inflate } from 'fflate';
import { adler32 } from './checksums.ts';

/** Compressed bytes per step; one step yields at most 1032 times as many (the deflate limit). */
const stepBytes = 16_384;

/** Why zlib data could not be inflated; `message` completes "This file …". */
export class InflateError extends Error {}

function checkHeader(zlib: Uint8Array): void {
	const method = zlib[0] ?? 0;
	const flags = zlib[1] ?? 0;
	const valid = zlib.length >= 6 && (method & 15) === 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 === 0 && (flags & 32) === 0;
	if (!valid) throw new InflateError('has no valid compressed data');
}

/**
 * Inflates zlib data (RFC 1950) to exactly `length` bytes. Stops as soon as there is more than that.
 * Throws `InflateError` when the data is damaged, shorter, longer, or fails its Adler-32 checksum.
 */
export function inflateExactly(zlib: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
	checkHeader(zlib);
	const output = new Uint8Array(length);
	let written = 0;
	const stream = new Inflate((chunk) => {
		if (written + chunk.length > length) throw new InflateError('holds more pixels than its header says');
		output.set(chunk, written);
		written += chunk.length;
	});
	const body = zlib.subarray(2, -4);
	try {
		for (let start = 0; start < body.length; start += stepBytes) {
			stream.push(body.subarray(start, start + stepBytes), start + stepBytes >= body.length);
		}
	} catch (cause) {
		if (cause instanceof InflateError) throw cause;
		throw new InflateError('has damaged compressed data', { cause });
	}
	if (written < length) throw new InflateError('ends before its last pixel');
	const stored = new DataView(zlib.buffer, zlib.byteOffset + zlib.length - 4, 4).getUint32(0);
	if (adler32(output) !== stored) throw new InflateError('has pixels that do not match their checksum');
	return output;
}
