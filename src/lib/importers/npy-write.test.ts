import { describe, expect, test } from 'vitest';
import { npy } from './npy.ts';
import { writeNpy } from './npy-write.ts';

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

describe('a written NumPy array', () => {
	test('has the bytes that the format says', () => {
		const bytes = writeNpy([1, 2], Float32Array.of(1, -2));
		// 10 bytes before the header, whose length 0x0076 = 118 makes 128 = 2 · 64.
		expect([...bytes.subarray(0, 10)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0x76, 0]);
		const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }";
		expect(text(bytes.subarray(10, 128))).toBe(`${header}${' '.repeat(118 - header.length - 1)}\n`);
		// 1 = 0x3f800000 and −2 = 0xc0000000, lowest byte first.
		expect([...bytes.subarray(128)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
	});

	test('says one axis, no axis, and the type of its numbers as Python does', () => {
		expect(text(writeNpy([2], Int32Array.of(1, 2)))).toContain("{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }");
		expect(text(writeNpy([], Uint8Array.of(7)))).toContain("{'descr': '|u1', 'fortran_order': False, 'shape': (), }");
	});

	test('is read back, from the middle of a buffer as well', async () => {
		const bytes = writeNpy([2, 3], Uint8Array.of(9, 1, 2, 3, 4, 5, 6, 9).subarray(1, 7));
		expect(await npy.readLabels(bytes, {})).toMatchObject({ width: 3, height: 2, data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
	});

	test('is refused where shape and numbers differ', () => {
		expect(() => writeNpy([2, 2], Uint8Array.of(1, 2, 3))).toThrow(RangeError);
	});
});
