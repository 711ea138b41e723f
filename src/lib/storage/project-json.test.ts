import { expect, test } from 'vitest';
import { recordFromBytes, recordToBytes } from './project-json.ts';

const text = (record: unknown): string => new TextDecoder().decode(recordToBytes(record));

test('a record is written with its keys in order, and what JSON cannot say under marks', () => {
	// 1 as float32 is 0x3f800000, little-endian 00 00 80 3f: base64 AACAPw==.
	expect(text({ b: Float32Array.of(1), a: [Number.NaN, -0, -Infinity, 0.1] })).toBe(
		'{"a":[{"$number":"NaN"},{"$number":"-0"},{"$number":"-Infinity"},0.1],"b":{"$float32":"AACAPw=="}}',
	);
	expect(text({ $uint8: 'x' })).toBe('{"$$uint8":"x"}');
});

test('records come back exactly', () => {
	const record = {
		$number: 'NaN',
		$$odd: { $float32: 'AACAPw==' },
		['__proto__']: [null, true, ''],
		zero: -0,
		pixels: Uint8Array.of(0, 255),
		counts: Uint32Array.of(4_294_967_295),
		losses: Float32Array.of(Number.NaN, Infinity, -0),
		// Longer than one piece of the base64.
		long: new Uint8Array(100_000).map((_, place) => place * 7),
	};
	const back = recordFromBytes(recordToBytes(record));
	expect(back).toEqual(record);
	expect(Object.is((back as typeof record).zero, -0)).toBe(true);
	expect(recordToBytes(back)).toEqual(recordToBytes(record));
});

test('only the bytes that an array shows are written, not its buffer', () => {
	expect(text(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe('{"$uint8":"AgM="}');
});

test.each(['{', '{"$number":1}', '{"$float64":""}', '{"$float32":"AAA="}', '{"$uint8":"*"}', '\u0000'])('%s is refused', (wrong) => {
	expect(() => recordFromBytes(new TextEncoder().encode(wrong))).toThrow();
});
