import { expect, test } from 'vitest';
import { chunkBytes, joinChunks, splitIntoChunks } from './chunks.ts';

test('a length that is a whole number of chunks gives no empty chunk at the end', () => {
	expect(splitIntoChunks(new Uint8Array(2 * chunkBytes)).map((chunk) => chunk.byteLength)).toEqual([chunkBytes, chunkBytes]);
	expect(splitIntoChunks(new Uint8Array(0))).toEqual([]);
});

test('one byte more gives one chunk more', () => {
	expect(splitIntoChunks(new Uint8Array(chunkBytes + 1)).map((chunk) => chunk.byteLength)).toEqual([chunkBytes, 1]);
});

test('chunks of 16-bit samples hold both bytes of each', () => {
	// Little-endian: 0x0102 is stored as 02 01.
	expect([...joinChunks(splitIntoChunks(Uint16Array.of(0x0102, 0xfffe)))]).toEqual([2, 1, 0xfe, 0xff]);
});
