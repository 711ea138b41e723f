import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tiff } from './tiff.ts';
import { writeTiff } from './tiff-write.ts';

/** Lowest byte first. */
const short = (value: number): number[] => [value & 255, value >> 8];
const long = (value: number): number[] => [...short(value & 65535), ...short(value >>> 16)];

describe('a written TIFF', () => {
	test('has the bytes that the format says', () => {
		// Twelve fields of twelve bytes from 10 on, four bytes of "no next directory", the resolution at 158, the pixels at 166.
		const field = (tag: number, type: 3 | 4 | 5, value: number): number[] => [...short(tag), ...short(type), ...long(1), ...long(value)];
		expect([...writeTiff(3, 2, Uint8Array.of(0, 1, 2, 3, 4, 255))]).toEqual([
			...[0x49, 0x49, ...short(42), ...long(8), ...short(12)],
			...field(256, 4, 3),
			...field(257, 4, 2),
			...field(258, 3, 8),
			...field(259, 3, 1),
			...field(262, 3, 1),
			...field(273, 4, 166),
			...field(277, 3, 1),
			...field(278, 4, 2),
			...field(279, 4, 6),
			...field(282, 5, 158),
			...field(283, 5, 158),
			...field(296, 3, 1),
			...[...long(0), ...long(1), ...long(1)],
			...[0, 1, 2, 3, 4, 255],
		]);
	});

	test('is read back as it was', async () => {
		const picture = fc
			.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
			.chain(([width, height]) => fc.tuple(fc.constant(width), fc.uint8Array({ minLength: width * height, maxLength: width * height })));
		await fc.assert(
			fc.asyncProperty(picture, async ([width, data]) => {
				const height = data.length / width;
				const bytes = writeTiff(width, height, data);
				expect(tiff.readHeader(bytes)).toMatchObject({ width, height, channels: 1, maxValue: 255, notes: [] });
				expect(await tiff.readLabels(bytes, {})).toMatchObject({ width, height, channels: 1, palette: null, data: Uint8Array.from(data) });
			}),
		);
	});

	test('is refused where size and values differ', () => {
		expect(() => writeTiff(2, 2, Uint8Array.of(1, 2, 3))).toThrow(RangeError);
	});
});
