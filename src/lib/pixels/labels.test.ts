import { describe, expect, test } from 'vitest';
import { ignoredClass, type LabelScheme } from '#lib/core/sample.ts';
import { classLookup, storedValueOf, toClassMap, toLabelMap } from './labels.ts';

const named: LabelScheme = {
	kind: 'values',
	classes: [
		{ name: 'background', values: [0, 7] },
		{ name: 'cell', values: [100, 101] },
		{ name: 'wall', values: [300] },
		{ name: 'nowhere', values: [] },
	],
	ignore: [250],
};
const soft: LabelScheme = { kind: 'threshold', threshold: 127, inverted: false, classes: [{ name: 'off' }, { name: 'on' }], ignore: [255] };

describe('classes back to stored values', () => {
	test('a pixel that keeps its class keeps its value, and the others get the first value of theirs', () => {
		const base = { width: 4, height: 1, data: Uint8Array.of(7, 101, 0, 250) };
		expect(toLabelMap(Uint8Array.of(0, 1, 1, ignoredClass), base, named).data).toEqual(Uint8Array.of(7, 101, 100, 250));
	});

	test('values that no class names stay where they are not painted', () => {
		const base = { width: 3, height: 1, data: Uint8Array.of(42, 42, 0) };
		expect(toLabelMap(Uint8Array.of(ignoredClass, 1, ignoredClass), base, named).data).toEqual(Uint8Array.of(42, 100, 250));
	});

	test('a value beyond 255 widens the mask to 16 bits', () => {
		const base = { width: 2, height: 1, data: Uint8Array.of(7, 101) };
		expect(toLabelMap(Uint8Array.of(0, 2), base, named).data).toEqual(Uint16Array.of(7, 300));
	});

	test('a class that no value means cannot be written', () => {
		expect(storedValueOf(named, 3)).toBeNull();
		expect(() => toLabelMap(Uint8Array.of(3), { width: 1, height: 1, data: Uint8Array.of(0) }, named)).toThrow(RangeError);
	});

	test('above a threshold: the value lies on the right side and is not one to ignore', () => {
		// 255 is ignored, so the first value above 127 stands for the foreground.
		expect([0, 1, ignoredClass].map((index) => storedValueOf(soft, index))).toEqual([0, 128, 255]);
		expect([0, 1].map((index) => storedValueOf({ ...soft, inverted: true, ignore: [] }, index))).toEqual([255, 0]);
		expect(storedValueOf({ ...soft, threshold: 255 }, 1)).toBe(256);
		expect(storedValueOf({ ...soft, threshold: 65535 }, 1)).toBeNull();
		expect(storedValueOf({ ...soft, ignore: [] }, ignoredClass)).toBeNull();
	});

	test('there and back is the same class, for every class that has a value', () => {
		for (const scheme of [named, soft, { ...soft, inverted: true }]) {
			const paintable = [0, 1, 2, 3, ignoredClass].filter((index) => storedValueOf(scheme, index) !== null);
			const classes = Uint8Array.from(paintable);
			const base = { width: classes.length, height: 1, data: new Uint8Array(classes.length) };
			expect(toClassMap(toLabelMap(classes, base, scheme), classLookup(scheme))).toEqual(classes);
		}
	});
});
