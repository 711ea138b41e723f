/** Masks in one channel: classes by value, soft edges, numbered objects. */
import type { LabelScheme } from '#lib/core/sample.ts';
import { ascending, markedScheme, maxClasses, pixelsOf, type ReadLabels, totals } from './label-proposal.ts';
import type { MaskFacts, ValueCounts } from './mask-values.ts';

/** Values up to here can be class indices. */
const largestIndex = 31;

function thresholdScheme(threshold: number): LabelScheme {
	return { kind: 'threshold', threshold, inverted: false, classes: [{ name: 'background' }, { name: 'foreground' }], ignore: [] };
}

/** One class per value; class 0 is the value 0, or the most frequent one. */
export function valuesScheme(values: ValueCounts, ignore: readonly number[]): LabelScheme {
	const classed = values.filter(([value]) => !ignore.includes(value));
	const mostFrequent = classed.reduce((best, entry) => (entry[1] > best[1] ? entry : best), classed[0] ?? [0, 0]);
	const background = classed.some(([value]) => value === 0) ? 0 : mostFrequent[0];
	const others = classed.map(([value]) => value).filter((value) => value !== background);
	// A set of empty masks has one value; 255 is then what a foreground would be.
	const foreground = others.length === 0 ? [background === 255 ? 0 : 255] : others;
	const nameOf = (index: number): string => (foreground.length === 1 ? 'foreground' : `class ${index + 1}`);
	return {
		kind: 'values',
		classes: [
			{ name: 'background', values: [background] },
			...foreground.map((value, index) => ({ name: nameOf(index), values: [value] })),
		],
		ignore,
	};
}

/** Values that usually mean "not labelled": 255 (or 65535) over small indices or in Pascal VOC's folder, and 11 in CamVid. */
function voidValues(values: readonly number[], isVoc: boolean): { ignore: number[]; notes: string[] } {
	for (const mark of [255, 65535]) {
		const others = values.filter((value) => value !== mark);
		const smallIndices = others.every((value) => value <= largestIndex);
		if (!values.includes(mark) || !smallIndices) continue;
		if (others.length >= 2) {
			return { ignore: [mark], notes: [`The value ${mark} stands apart from the classes, so it is taken as “not labelled” and ignored.`] };
		}
		if (isVoc) return { ignore: [mark], notes: ['In Pascal VOC’s folder “SegmentationClass” 255 means “not labelled”; it is ignored.'] };
	}
	if (values.length === 12 && values.every((value, index) => value === index)) {
		return { ignore: [11], notes: ['The values run from 0 to 11 as in CamVid, where 11 means “not labelled”; it is ignored.'] };
	}
	return { ignore: [], notes: [] };
}

/** True when values pile up at both ends: an object drawn with soft edges, or a JPEG of a binary mask. */
function isBimodal(values: ValueCounts): boolean {
	const largest = values.at(-1)?.[0] ?? 0;
	const low = pixelsOf(values.filter(([value]) => value <= 0.1 * largest));
	const high = pixelsOf(values.filter(([value]) => value >= 0.9 * largest));
	const middle = pixelsOf(values) - low - high;
	return low > 0 && high > 0 && middle <= high && middle <= low;
}

/** Share of the pixels between both ends from which on a file with many values looks like a photo. */
const photoMiddle = 0.3;

/** True for a file that is no mask by itself: many colours, or many levels without a pile at both ends. */
export function looksLikePhoto(file: MaskFacts): boolean {
	if (file.counts.length <= maxClasses) return false;
	if (file.kind === 'colours') return !hasDominantColours(file);
	const largest = file.counts[file.counts.length - 1]?.[0] ?? 0;
	const middle = pixelsOf(file.counts.filter(([value]) => value > 0.1 * largest && value < 0.9 * largest));
	return !isBimodal(file.counts) && middle > photoMiddle * pixelsOf(file.counts);
}

/** True when a few colours fill nearly the whole picture: a mask with softened edges. */
function hasDominantColours({ counts, width, height }: MaskFacts): boolean {
	const largest = [...counts].sort(([, a], [, b]) => b - a).slice(0, maxClasses);
	return pixelsOf(largest) >= 0.9 * width * height;
}

/** Few values but still soft edges: 0 and 255 and a scatter of levels between that hold little. */
function hasScatteredEdge(values: ValueCounts): boolean {
	const between = values.filter(([value]) => value !== 0 && value !== 255);
	const high = values.find(([value]) => value === 255)?.[1] ?? 0;
	return between.length >= 4 && between.some(([value]) => value > largestIndex) && pixelsOf(between) < 0.25 * high;
}

/** Numbered objects: each file counts 0, 1, 2, … to its own end. */
export function looksNumbered(files: readonly MaskFacts[]): boolean {
	const ends = files.map((file) => file.counts.length);
	const contiguous = files.every((file) => file.kind === 'values' && file.counts.every(([value], index) => value === index));
	return contiguous && Math.max(...ends) >= 5 && new Set(ends).size > 1;
}

/** The level of one half among probabilities: 0.5 is rounded up to 128. */
const halfLevel = 127;

function readThreshold(values: ValueCounts, files: readonly MaskFacts[]): ReadLabels {
	if (files.some(({ probabilities }) => probabilities)) {
		const notes = ['The masks hold fractions from 0 to 1, taken in 256 levels: a pixel of 0.5 or more counts as foreground.'];
		return { encoding: { kind: 'stored' }, scheme: thresholdScheme(halfLevel), notes, warning: null };
	}
	const lossy = files.some((file) => file.lossy);
	const largest = values.at(-1)?.[0] ?? 0;
	const threshold = Math.floor(largest / 2);
	const cause = lossy
		? 'The masks are JPEG files, which blur values'
		: `The masks have ${values.length} grey levels, most pixels at either end`;
	const notes = [`${cause}: a pixel above ${threshold} counts as foreground.`];
	return { encoding: { kind: 'stored' }, scheme: thresholdScheme(threshold), notes, warning: null };
}

function readTooMany(values: ValueCounts): ReadLabels {
	const note = `The masks have ${values.length} different values: too many for classes. If each number marks one object, “any object” is the foreground (every value above 0).`;
	const warning = { code: 'mask-has-too-many-values', facts: { values: values.length, most: maxClasses } } as const;
	return { encoding: { kind: 'stored' }, scheme: thresholdScheme(0), notes: [note], warning };
}

/** 0 and 1 in some files, 0 and 255 in others: one meaning, written by two programs. */
function foregroundIsWritten1And255(values: ValueCounts, files: readonly MaskFacts[]): boolean {
	const inOneFile = (file: MaskFacts): boolean => [1, 255].every((mark) => file.counts.some(([value]) => value === mark));
	return values.map(([value]) => value).join() === '0,1,255' && !files.some(inOneFile);
}

const mixedBinary: ReadLabels = {
	encoding: { kind: 'stored' },
	scheme: {
		kind: 'values',
		classes: [
			{ name: 'background', values: [0] },
			{ name: 'foreground', values: [1, 255] },
		],
		ignore: [],
	},
	notes: ['Some masks write the foreground as 1 and others as 255; both are taken.'],
	warning: null,
};

/** True when the values are levels of a soft edge, not classes. */
export function hasSoftEdges(values: ValueCounts, files: readonly MaskFacts[]): boolean {
	if (files.some(({ probabilities }) => probabilities)) return true;
	const lossy = files.some((file) => file.lossy);
	return values.length > 2 && (lossy || values.length > maxClasses || hasScatteredEdge(values)) && isBimodal(values);
}

/** Each stored value is a class, unless the values are soft edges or too many. */
export function readValues(files: readonly MaskFacts[], isVoc: boolean): ReadLabels {
	const values = ascending(totals(files, (_file, value) => value));
	if (hasSoftEdges(values, files)) return readThreshold(values, files);
	if (values.length > maxClasses) return readTooMany(values);
	if (!isVoc && foregroundIsWritten1And255(values, files)) return mixedBinary;
	const { ignore, notes } = voidValues(
		values.map(([value]) => value),
		isVoc,
	);
	return { encoding: { kind: 'stored' }, scheme: valuesScheme(values, ignore), notes, warning: null };
}

/** Whatever is marked is one class: every value but 0, every colour but black, every shape. */
export function readAny(note: string | null): ReadLabels {
	return { encoding: { kind: 'union' }, scheme: markedScheme(), notes: note === null ? [] : [note], warning: null };
}

/** Objects, and the lines where two of them touch. */
export function readTouching(): ReadLabels {
	const classes = [
		{ name: 'background', values: [0] },
		{ name: 'object', values: [1] },
		{ name: 'touching line', values: [2] },
	];
	const note = 'A pixel lies on a line when its 3 × 3 neighbourhood holds two different objects.';
	return { encoding: { kind: 'objects' }, scheme: { kind: 'values', classes, ignore: [] }, notes: [note], warning: null };
}
