/** Small NumPy files to open, for tests. */
import type { Bytes } from '../format.ts';

/** A file with this header, padded as NumPy does it, and these samples. */
export function npyFile(header: string, samples: Uint8Array, version: 1 | 2 | 3 = 1): Bytes {
	const start = version === 1 ? 10 : 12;
	const text = new TextEncoder().encode(`${header.padEnd(Math.ceil((start + header.length + 1) / 64) * 64 - start - 1)}\n`);
	const bytes = new Uint8Array(start + text.length + samples.length);
	bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
	const view = new DataView(bytes.buffer);
	if (version === 1) view.setUint16(8, text.length, true);
	else view.setUint32(8, text.length, true);
	bytes.set(text, start);
	bytes.set(samples, start + text.length);
	return bytes;
}
