/** The two checksums inside PNG files. */

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
	let value = byte;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
	return value;
});

/** CRC-32 (ISO 3309) as PNG uses it. */
export function crc32(bytes: Uint8Array): number {
	let value = 0xffffffff;
	for (let i = 0; i < bytes.length; i++) value = crcTable[(value ^ bytes[i]!) & 255]! ^ (value >>> 8);
	return (value ^ 0xffffffff) >>> 0;
}

/** Longest run whose sums stay below 2³², so that the modulo may wait (RFC 1950). */
const adlerRun = 5552;

/** Adler-32 (RFC 1950). */
export function adler32(bytes: Uint8Array): number {
	let low = 1;
	let high = 0;
	for (let start = 0; start < bytes.length; start += adlerRun) {
		const end = Math.min(start + adlerRun, bytes.length);
		for (let i = start; i < end; i++) {
			low += bytes[i]!;
			high += low;
		}
		low %= 65521;
		high %= 65521;
	}
	return ((high << 16) | low) >>> 0;
}
