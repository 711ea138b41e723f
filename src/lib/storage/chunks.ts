/** Bytes as chunks: what is large is stored in pieces of at most 4 MiB, as plain ArrayBuffers (WebKit has broken stored Blobs repeatedly). */
import { sha256 } from '#lib/core/hash.ts';

/** Largest stored piece, bytes. A multiple of every element size that is stored. */
export const chunkBytes = 4 * 1024 * 1024;

/** Copies the bytes that a view shows into chunks, each when it is asked for; no bytes give no chunks. */
export function* eachChunk(view: Uint8Array | Uint16Array): Generator<ArrayBuffer> {
	const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
	for (let start = 0; start < bytes.length; start += chunkBytes) yield new Uint8Array(bytes.subarray(start, start + chunkBytes)).buffer;
}

/** The same, all at once. */
export function splitIntoChunks(view: Uint8Array | Uint16Array): ArrayBuffer[] {
	return [...eachChunk(view)];
}

/** The chunks end to end, copied. */
export function joinChunks(chunks: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
	let offset = 0;
	for (const chunk of chunks) {
		bytes.set(new Uint8Array(chunk), offset);
		offset += chunk.byteLength;
	}
	return bytes;
}

/** SHA-256 (hex) of each chunk, in order. */
export function hashChunks(chunks: readonly ArrayBuffer[]): Promise<string[]> {
	return Promise.all(chunks.map((chunk) => sha256(new Uint8Array(chunk))));
}
