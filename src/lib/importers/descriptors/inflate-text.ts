/** Inflates small pictures that are packed inside annotation files. */
import { Unzlib } from 'fflate';
import type { Bytes } from '../format.ts';

/** Larger than any mask of an image that is opened here would be as PNG. */
const maxBytes = 64 * 2 ** 20;

const stepBytes = 16_384;

/** The content of zlib data; null when it is damaged or larger than 64 MB. */
export function inflateAtMost(zlib: Uint8Array): Bytes | null {
	const chunks: Uint8Array[] = [];
	let size = 0;
	const stream = new Unzlib((chunk) => {
		size += chunk.length;
		if (size <= maxBytes) chunks.push(chunk);
	});
	try {
		for (let start = 0; start < zlib.length && size <= maxBytes; start += stepBytes) {
			stream.push(zlib.subarray(start, start + stepBytes), start + stepBytes >= zlib.length);
		}
	} catch {
		return null;
	}
	if (size > maxBytes) return null;
	const content = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		content.set(chunk, at);
		at += chunk.length;
	}
	return content;
}
