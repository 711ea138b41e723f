import { describe, expect, test } from 'vitest';
import type { StoredMask } from './format.ts';
import { describeMask, labelMapOf, ObjectFiles } from './mask-values.ts';
import { polarityOf, suggestLabels } from './semantics.ts';

const unknown = { severalParts: false, maskPaths: [], classMap: null, reading: null } as const;

function mask(values: readonly number[], more: Partial<StoredMask> = {}): StoredMask {
	const channels = more.channels ?? 1;
	const data = values.some((value) => value > 255) ? Uint16Array.from(values) : Uint8Array.from(values);
	return { width: values.length / channels, height: 1, channels, data, palette: null, lossy: false, ...more };
}

function proposalOf(...masks: readonly StoredMask[]) {
	return suggestLabels(masks.map(describeMask), unknown);
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
	const polarity = (...masks: readonly StoredMask[]) => {
		const counts = (part: 'counts' | 'edge') => masks.flatMap((entry) => describeMask(entry)[part]);
		return polarityOf(proposalOf(...masks).scheme, counts('counts'), counts('edge'));
	};

	test('mostly foreground: the polarity is asked about', () => {
		expect(polarity(mask([0, 255, 255, 255]))).toEqual({ share: 0.75 });
		expect(polarity(mask([0, 0, 255]))).toBeNull();
		expect(polarity(mask([0, 1, 2, 2, 2, 2]))).toBeNull();
	});

	test('so it is when nearly the whole border of the images is marked', () => {
		// 5 × 5: the border's 16 pixels are marked, the 9 inside are not: 64 %; with a hole of 4 × 4 in 6 × 6 it is 20 of 36, 56 %.
		const ring = (side: number) =>
			Array.from({ length: side * side }, (_, i) =>
				i % side === 0 || i % side === side - 1 || i < side || i >= side * (side - 1) ? 255 : 0,
			);
		expect(polarity(mask(ring(6), { width: 6, height: 6 }))?.share).toBeCloseTo(20 / 36);
		// The same number of pixels inside is no doubt.
		expect(
			polarity(
				mask(
					ring(6).map((value) => 255 - value),
					{ width: 6, height: 6 },
				),
			),
		).toBeNull();
	});

	test('all masks empty: still two classes', () => {
		expect(proposalOf(mask([0, 0])).scheme.classes).toHaveLength(2);
	});
});

describe('readings', () => {
	const readingsOf = (...masks: readonly StoredMask[]) => proposalOf(...masks).readings.map(({ id }) => id);

	test('a plain mask has one; classes can be taken as one object, numbered objects parted where they touch', () => {
		expect(readingsOf(mask([0, 255]))).toEqual(['values']);
		expect(readingsOf(mask([0, 1, 2]))).toEqual(['values', 'any', 'touching']);
		expect(readingsOf(mask([0, 1, 2, 3, 4]), mask([0, 1, 2]), mask([0, 1]))[0]).toBe('any');
		expect(readingsOf(mask([0, 1], { palette: Uint8Array.of(0, 0, 0, 9, 0, 0) }))).toEqual(['values', 'colours']);
		expect(readingsOf(mask([0, 1], { palette: Uint8Array.of(0, 0, 0, 9, 9, 9) }))).toEqual(['values']);
	});

	test('the person’s choice is carried out', () => {
		const files = [mask([0, 0, 5, 5, 9, 9])].map(describeMask);
		const { encoding, scheme, reading } = suggestLabels(files, { ...unknown, reading: 'touching' });
		expect(reading).toBe('touching');
		expect(scheme.classes.map((entry) => entry.name)).toEqual(['background', 'object', 'touching line']);
		expect(labelMapOf(mask([0, 0, 5, 5, 9, 9]), encoding).data).toEqual(Uint8Array.of(0, 0, 1, 2, 2, 1));
		expect(suggestLabels(files, { ...unknown, reading: 'shapes' }).reading).toBe('values');
	});
});

describe('lists of classes', () => {
	const entry = (name: string, value: number | null, colour: number | null = null) => ({ name, value, colour });
	const withMap = (entries: readonly ReturnType<typeof entry>[], ...masks: readonly StoredMask[]) =>
		suggestLabels(masks.map(describeMask), { ...unknown, classMap: { source: '“classes.txt”', entries } });
	const names = ({ scheme }: ReturnType<typeof withMap>) => scheme.classes.map((each) => each.name);

	test('by value: named, the background first, absent classes left out and said', () => {
		const proposal = withMap([entry('cell', 1), entry('debris', 2), entry('background', 0)], mask([0, 0, 1]));
		expect(names(proposal)).toEqual(['background', 'cell']);
		expect(proposal.notes.join()).toContain('“debris”');
	});

	test('“void” is ignored, and so is 255 though it is not listed', () => {
		const proposal = withMap([entry('road', 0), entry('car', 1), entry('Void', 2)], mask([0, 1, 2, 255]));
		expect(names(proposal)).toEqual(['road', 'car']);
		expect(proposal.scheme.ignore).toEqual([2, 255]);
	});

	test('by colour, also through a palette whose indices say nothing', () => {
		const map = [entry('background', 0, 0x000000), entry('weed', 1, 0xff0000), entry('crop', 2, 0x00ff00)];
		const rgb = mask([0, 255, 0, 0, 0, 0, 255, 0, 0], { channels: 3 });
		const inPalette = mask([1, 0], { palette: Uint8Array.of(0, 255, 0, 255, 0, 0) });
		const proposal = withMap(map, rgb, inPalette);
		expect(names(proposal)).toEqual(['background', 'weed', 'crop']);
		expect(proposal.scheme.classes.map((each) => each.colour)).toEqual([undefined, '#ff0000', '#00ff00']);
		const valuesOf = (stored: StoredMask) =>
			[...labelMapOf(stored, proposal.encoding).data].map(
				(value) => proposal.scheme.kind === 'values' && proposal.scheme.classes.find((each) => each.values.includes(value))?.name,
			);
		expect(valuesOf(rgb)).toEqual(['crop', 'background', 'weed']);
		expect(valuesOf(inPalette)).toEqual(['weed', 'crop']);
	});

	test('a list that does not fit is left aside, and that is said', () => {
		const proposal = withMap([entry('a', 7), entry('b', 8)], mask([0, 1]));
		expect(names(proposal)).toEqual(['background', 'foreground']);
		expect(proposal.notes[0]).toContain('do not fit');
	});
});

describe('public sets known by their names', () => {
	const at = (path: string, ...values: readonly number[]) =>
		suggestLabels([describeMask(mask(values))], { ...unknown, maskPaths: [path] }).scheme;

	test('Cityscapes: the classes of the benchmark, all else ignored', () => {
		const scheme = at('gtFine/train/bonn/bonn_1_2_gtFine_labelIds.png', 0, 1, 4, 7, 11, 23, 26, 33);
		expect(scheme.classes.map(({ name }) => name)).toEqual(['road', 'building', 'sky', 'car', 'bicycle']);
		expect(scheme.ignore).toEqual([0, 1, 4]);
	});

	test('the trimaps of the Oxford pets: 1 is the pet, 2 the background, 3 unsure', () => {
		expect(at('annotations/trimaps/Abyssinian_1.png', 1, 2, 3)).toEqual({
			kind: 'values',
			classes: [
				{ name: 'background', values: [2] },
				{ name: 'pet', values: [1] },
			],
			ignore: [3],
		});
	});

	test('Pascal VOC: 255 is void even beside one class', () => {
		expect(at('VOC/SegmentationClass/a.png', 0, 1, 255).ignore).toEqual([255]);
		expect(at('masks/a.png', 0, 255).ignore).toEqual([]);
	});
});

describe('colours', () => {
	const red = [255, 0, 0];
	const green = [0, 255, 0];
	const black = [0, 0, 0];
	const grey = [128, 128, 128];

	test('RGB colours become indices, the darkest first', () => {
		const stored = mask([...green, ...black, ...red, ...green], { channels: 3 });
		const { encoding, scheme } = suggestLabels([describeMask(stored)], unknown);
		expect(encoding).toEqual({ kind: 'colours', colours: [0x000000, 0xff0000, 0x00ff00], nearest: false });
		expect(scheme.classes).toHaveLength(3);
		expect(labelMapOf(stored, encoding).data).toEqual(Uint8Array.of(2, 0, 1, 2));
	});

	test('a grey file among coloured ones keeps its colours', () => {
		const coloured = mask([...red, ...black], { channels: 3 });
		const allBlack = mask([0, 0]);
		const { encoding } = proposalOf(coloured, allBlack);
		expect(labelMapOf(allBlack, encoding).data).toEqual(Uint8Array.of(0, 0));
	});

	test('grey stored as RGB is one channel, with a note', () => {
		const stored = mask([...black, ...grey], { channels: 3 });
		const { encoding, notes } = proposalOf(stored);
		expect(encoding).toEqual({ kind: 'stored' });
		expect(notes).toHaveLength(1);
		expect(labelMapOf(stored, encoding).data).toEqual(Uint8Array.of(0, 128));
	});

	test('a mask in the transparency of its file is found there', () => {
		const stored = mask([0, 0, 0, 255, 0, 0, 0, 0], { channels: 4 });
		expect(labelMapOf(stored, { kind: 'stored' }).data).toEqual(Uint8Array.of(255, 0));
	});

	test('palettes that agree keep their indices', () => {
		const palette = Uint8Array.of(0, 0, 0, 128, 0, 0);
		expect(proposalOf(mask([0, 1], { palette }), mask([1, 1], { palette })).encoding).toEqual({ kind: 'stored' });
	});

	test('palettes that disagree are read by colour', () => {
		const first = mask([0, 1], { palette: Uint8Array.of(0, 0, 0, 255, 255, 255) });
		const second = mask([0, 1], { palette: Uint8Array.of(255, 255, 255, 0, 0, 0) });
		const { encoding } = proposalOf(first, second);
		expect(labelMapOf(first, encoding).data).toEqual(Uint8Array.of(0, 1));
		expect(labelMapOf(second, encoding).data).toEqual(Uint8Array.of(1, 0));
	});

	test('a photo instead of a mask: too many colours', () => {
		const photo = mask(
			Array.from({ length: 300 }, (_, i) => (i * 37) % 256),
			{ channels: 3 },
		);
		expect(proposalOf(photo).warning?.code).toBe('mask-has-too-many-values');
	});

	test('a colour that was not there at first is refused, not guessed', () => {
		expect(() => labelMapOf(mask(red, { channels: 3 }), { kind: 'colours', colours: [0], nearest: false })).toThrow(
			'mask-has-too-many-values',
		);
	});
});

describe('colours that are blurred', () => {
	test('a coloured mask saved as JPEG: the few colours around which the others lie', () => {
		// 200 pixels near black, 100 near red, 40 near green, each within 8 levels of it.
		const near = (red: number, green: number, blue: number, times: number) =>
			Array.from({ length: times }, (_, i) => [red ^ (i % 8), green ^ (i % 3), blue ^ (i % 5)]).flat();
		const stored = mask([...near(0, 0, 0, 200), ...near(248, 0, 0, 100), ...near(0, 248, 0, 40)], { channels: 3, lossy: true });
		const { encoding, scheme, notes, warning } = proposalOf(stored);
		expect(warning).toBeNull();
		expect(scheme.classes).toHaveLength(3);
		expect(notes.join()).toContain('nearest');
		const { data } = labelMapOf(stored, encoding);
		expect([0, 1, 2].map((value) => data.filter((each) => each === value).length).sort((a, b) => b - a)).toEqual([200, 100, 40]);
	});
});

describe('several files of one image', () => {
	test('are joined: every non-zero pixel of any file, or parted where they touch', () => {
		const parts = [mask([0, 255, 255, 0, 0]), mask([0, 0, 0, 7, 0])];
		const { encoding, scheme } = suggestLabels(parts.map(describeMask), { ...unknown, severalParts: true });
		expect(encoding).toEqual({ kind: 'union' });
		expect(scheme.kind === 'values' && scheme.classes.map((each) => each.values)).toEqual([[0], [1]]);
		const files = new ObjectFiles(5, 1);
		for (const part of parts) files.add(part);
		expect(files.labelMap('union').data).toEqual(Uint8Array.of(0, 1, 1, 1, 0));
		expect(files.labelMap('objects').data).toEqual(Uint8Array.of(0, 1, 2, 2, 0));
	});
});
