import { describe, expect, test } from 'vitest';
import type { StoredMask } from './format.ts';
import { describeMask, labelMapOf, type MaskFacts } from './mask-values.ts';
import { suggestLabels } from './semantics.ts';

function mask(values: readonly number[], more: Partial<StoredMask> = {}): StoredMask {
	const channels = more.channels ?? 1;
	const data = values.some((value) => value > 255) ? Uint16Array.from(values) : Uint8Array.from(values);
	return { width: values.length / channels, height: 1, channels, data, palette: null, lossy: false, ...more };
}

function proposalOf(...masks: readonly StoredMask[]) {
	return suggestLabels(masks.map(describeMask), false);
}

/** Stored values of each class. */
function classesOf(...masks: readonly StoredMask[]) {
	const { scheme } = proposalOf(...masks);
	return scheme.kind === 'values' ? scheme.classes.map((entry) => entry.values) : `above ${scheme.threshold}`;
}

const repeat = (value: number, times: number): number[] => Array.from({ length: times }, () => value);

describe('values to classes', () => {
	test.each([
		['0 and 1', [0, 0, 1], [[0], [1]]],
		['0 and 255', [0, 0, 255], [[0], [255]]],
		['three grey levels', [0, 0, 128, 255], [[0], [128], [255]]],
		['four class indices', [0, 1, 2, 3], [[0], [1], [2], [3]]],
		['no zero: the most frequent value is the background', [1, 2, 2, 2, 3], [[2], [1], [3]]],
		['16-bit ids', [0, 0, 300, 70], [[0], [70], [300]]],
	])('%s', (_name, values, expected) => {
		expect(classesOf(mask(values))).toEqual(expected);
	});

	test('two classes are called background and foreground, more are numbered', () => {
		expect(proposalOf(mask([0, 1])).scheme.classes.map((entry) => entry.name)).toEqual(['background', 'foreground']);
		expect(proposalOf(mask([0, 1, 2])).scheme.classes.map((entry) => entry.name)).toEqual(['background', 'class 1', 'class 2']);
	});

	test('values are joined over all files', () => {
		expect(classesOf(mask([0, 1]), mask([0, 2]))).toEqual([[0], [1], [2]]);
	});

	test('1 in some files and 255 in others is one foreground', () => {
		expect(classesOf(mask([0, 1]), mask([0, 255]))).toEqual([[0], [1, 255]]);
	});
});

describe('ignored values', () => {
	test('255 over small indices is not labelled', () => {
		const { scheme, notes } = proposalOf(mask([0, 1, 2, 255]));
		expect(scheme.ignore).toEqual([255]);
		expect(scheme.classes).toHaveLength(3);
		expect(notes).toHaveLength(1);
	});

	test('11 over 0…10 is not labelled, as in CamVid', () => {
		const { scheme } = proposalOf(mask([0, 1, 2, 3, 4, 5]), mask([6, 7, 8, 9, 10, 11]));
		expect(scheme.ignore).toEqual([11]);
		expect(scheme.classes).toHaveLength(11);
	});

	test('255 beside 0 and 128 is a class', () => {
		expect(proposalOf(mask([0, 128, 255])).scheme.ignore).toEqual([]);
	});
});

describe('soft edges and too many values', () => {
	const ramp = Array.from({ length: 40 }, (_, i) => 20 + 5 * i);

	test('many levels but most pixels at both ends: a threshold, and a note that says so', () => {
		const { scheme, notes, warning } = proposalOf(mask([...repeat(0, 500), ...ramp, ...repeat(255, 100)]));
		expect(scheme).toMatchObject({ kind: 'threshold', threshold: 127, inverted: false });
		expect(notes[0]).toContain('127');
		expect(warning).toBeNull();
	});

	test('a few scattered levels between 0 and 255 are soft edges too', () => {
		expect(classesOf(mask([...repeat(0, 50), 40, 90, 130, 200, ...repeat(255, 30)]))).toBe('above 127');
	});

	test('a JPEG of a binary mask: a threshold', () => {
		expect(classesOf(mask([...repeat(0, 50), 3, 4, 250, ...repeat(255, 30)], { lossy: true }))).toBe('above 127');
	});

	test('300 objects by number: any object, and a warning', () => {
		const { scheme, warning } = proposalOf(mask([...repeat(0, 1000), ...Array.from({ length: 300 }, (_, i) => i + 1)]));
		expect(scheme).toMatchObject({ kind: 'threshold', threshold: 0 });
		expect(warning).toEqual({ code: 'mask-has-too-many-values', facts: { values: 301, most: 32 } });
	});

	test('few objects by number are pointed out', () => {
		expect(proposalOf(mask([0, 1, 2, 3, 4]), mask([0, 1, 2])).notes.join()).toContain('numbered objects');
	});
});

describe('doubtful sets', () => {
	test('mostly foreground: the polarity is asked about', () => {
		expect(proposalOf(mask([0, 255, 255, 255])).notes.join()).toContain('75 %');
		expect(proposalOf(mask([0, 0, 255])).notes).toEqual([]);
	});

	test('all masks empty: said, and still two classes', () => {
		const { scheme, notes } = proposalOf(mask([0, 0]));
		expect(scheme.classes).toHaveLength(2);
		expect(notes.join()).toContain('empty');
	});
});

describe('colours', () => {
	const red = [255, 0, 0];
	const green = [0, 255, 0];
	const black = [0, 0, 0];
	const grey = [128, 128, 128];

	test('RGB colours become indices, the darkest first', () => {
		const stored = mask([...green, ...black, ...red, ...green], { channels: 3 });
		const { encoding, scheme } = suggestLabels([describeMask(stored)], false);
		expect(encoding).toEqual({ kind: 'colours', colours: [0x000000, 0xff0000, 0x00ff00] });
		expect(scheme.classes).toHaveLength(3);
		expect(labelMapOf([stored], encoding).data).toEqual(Uint8Array.of(2, 0, 1, 2));
	});

	test('a grey file among coloured ones keeps its colours', () => {
		const coloured = mask([...red, ...black], { channels: 3 });
		const allBlack = mask([0, 0]);
		const { encoding } = proposalOf(coloured, allBlack);
		expect(labelMapOf([allBlack], encoding).data).toEqual(Uint8Array.of(0, 0));
	});

	test('grey stored as RGB is one channel, with a note', () => {
		const stored = mask([...black, ...grey], { channels: 3 });
		const { encoding, notes } = proposalOf(stored);
		expect(encoding).toEqual({ kind: 'stored' });
		expect(notes).toHaveLength(1);
		expect(labelMapOf([stored], encoding).data).toEqual(Uint8Array.of(0, 128));
	});

	test('a mask in the transparency of its file is found there', () => {
		const stored = mask([0, 0, 0, 255, 0, 0, 0, 0], { channels: 4 });
		expect(labelMapOf([stored], { kind: 'stored' }).data).toEqual(Uint8Array.of(255, 0));
	});

	test('palettes that agree keep their indices', () => {
		const palette = Uint8Array.of(0, 0, 0, 128, 0, 0);
		expect(proposalOf(mask([0, 1], { palette }), mask([1, 1], { palette })).encoding).toEqual({ kind: 'stored' });
	});

	test('palettes that disagree are read by colour', () => {
		const first = mask([0, 1], { palette: Uint8Array.of(0, 0, 0, 255, 255, 255) });
		const second = mask([0, 1], { palette: Uint8Array.of(255, 255, 255, 0, 0, 0) });
		const { encoding } = proposalOf(first, second);
		expect(labelMapOf([first], encoding).data).toEqual(Uint8Array.of(0, 1));
		expect(labelMapOf([second], encoding).data).toEqual(Uint8Array.of(1, 0));
	});

	test('a photo instead of a mask: too many colours', () => {
		const photo = mask(
			Array.from({ length: 300 }, (_, i) => (i * 37) % 256),
			{ channels: 3 },
		);
		expect(proposalOf(photo).warning?.code).toBe('mask-has-too-many-values');
	});

	test('a colour that was not there at first is refused, not guessed', () => {
		expect(() => labelMapOf([mask(red, { channels: 3 })], { kind: 'colours', colours: [0] })).toThrow('mask-has-too-many-values');
	});
});

describe('several files of one image', () => {
	test('are joined: every non-zero pixel of any file', () => {
		const parts = [mask([0, 255, 0, 0]), mask([0, 0, 7, 0])];
		const facts: MaskFacts[] = parts.map(describeMask);
		const { encoding, scheme } = suggestLabels(facts, true);
		expect(labelMapOf(parts, encoding).data).toEqual(Uint8Array.of(0, 1, 1, 0));
		expect(scheme.kind === 'values' && scheme.classes.map((entry) => entry.values)).toEqual([[0], [1]]);
	});
});
