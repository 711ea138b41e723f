/** What the values of a data set's masks probably mean. A suggestion with its reasons: the person has the last word. */
import type { ErrorFacts } from '#lib/core/errors.ts';
import type { LabelScheme } from '#lib/core/sample.ts';
import type { LabelEncoding, MaskFacts, ValueCounts } from './mask-values.ts';

export interface LabelProposal {
	readonly encoding: LabelEncoding;
	readonly scheme: LabelScheme;
	/** What was found and assumed, as sentences. */
	readonly notes: readonly string[];
	/** Set when the values fit no reading well; `scheme` is then the safest one. */
	readonly warning: { readonly code: 'mask-has-too-many-values'; readonly facts: ErrorFacts } | null;
}

/** More values than this are no classes. */
export const maxClasses = 32;

/** Values up to here can be class indices. */
const largestIndex = 31;
/** A binary mask with more foreground than this may be inverted. */
const suspiciousForeground = 0.6;

type MutableCounts = Map<number, number>;

function totals(files: readonly MaskFacts[], nameOf: (file: MaskFacts, value: number) => number): MutableCounts {
	const sums: MutableCounts = new Map();
	for (const file of files) {
		for (const [value, count] of file.counts) {
			const name = nameOf(file, value);
			sums.set(name, (sums.get(name) ?? 0) + count);
		}
	}
	return sums;
}

function ascending(counts: MutableCounts): ValueCounts {
	return [...counts].sort(([a], [b]) => a - b);
}

const pixelsOf = (counts: ValueCounts): number => counts.reduce((sum, [, count]) => sum + count, 0);

function percent(share: number): string {
	return `${(100 * share).toFixed(share < 0.01 ? 2 : 0)} %`;
}

function thresholdScheme(threshold: number): LabelScheme {
	return { kind: 'threshold', threshold, inverted: false, classes: [{ name: 'background' }, { name: 'foreground' }], ignore: [] };
}

/** One class per value; class 0 is the value 0, or the most frequent one. */
function valuesScheme(values: ValueCounts, ignore: readonly number[]): LabelScheme {
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

/** Values that usually mean "not labelled": 255 (or 65535) over small indices, and 11 in CamVid. */
function voidValues(values: readonly number[]): { ignore: number[]; notes: string[] } {
	for (const mark of [255, 65535]) {
		const others = values.filter((value) => value !== mark);
		if (values.includes(mark) && others.length >= 2 && others.every((value) => value <= largestIndex)) {
			return { ignore: [mark], notes: [`The value ${mark} stands apart from the classes, so it is taken as “not labelled” and ignored.`] };
		}
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
	if (file.kind === 'colours') return true;
	const largest = file.counts[file.counts.length - 1]?.[0] ?? 0;
	const middle = pixelsOf(file.counts.filter(([value]) => value > 0.1 * largest && value < 0.9 * largest));
	return !isBimodal(file.counts) && middle > photoMiddle * pixelsOf(file.counts);
}

/** Few values but still soft edges: 0 and 255 and a scatter of levels between that hold little. */
function hasScatteredEdge(values: ValueCounts): boolean {
	const between = values.filter(([value]) => value !== 0 && value !== 255);
	const high = values.find(([value]) => value === 255)?.[1] ?? 0;
	return between.length >= 4 && between.some(([value]) => value > largestIndex) && pixelsOf(between) < 0.25 * high;
}

/** Numbered objects: each file counts 0, 1, 2, … to its own end. */
function looksNumbered(files: readonly MaskFacts[]): boolean {
	const ends = files.map((file) => file.counts.length);
	const contiguous = files.every((file) => file.counts.every(([value], index) => value === index));
	return contiguous && Math.max(...ends) >= 5 && new Set(ends).size > 1;
}

function polarityNotes(values: ValueCounts, scheme: LabelScheme): string[] {
	if (scheme.classes.length !== 2) return [];
	const isForeground = ([value]: readonly [number, number]): boolean =>
		scheme.kind === 'threshold' ? value > scheme.threshold : (scheme.classes[1]?.values.includes(value) ?? false);
	const share = pixelsOf(values.filter(isForeground)) / Math.max(1, pixelsOf(values));
	if (share === 0) return ['Every mask is empty: there is nothing to learn.'];
	if (share <= suspiciousForeground) return [];
	return [`${percent(share)} of all pixels are foreground. If the dark part is what you look for, swap the two classes.`];
}

type Reading = Omit<LabelProposal, 'encoding'>;

function readThreshold(values: ValueCounts, lossy: boolean): Reading {
	const largest = values.at(-1)?.[0] ?? 0;
	const threshold = Math.floor(largest / 2);
	const scheme = thresholdScheme(threshold);
	const cause = lossy
		? 'The masks are JPEG files, which blur values'
		: `The masks have ${values.length} grey levels, most pixels at either end`;
	return { scheme, notes: [`${cause}: a pixel above ${threshold} counts as foreground.`, ...polarityNotes(values, scheme)], warning: null };
}

function readTooMany(values: ValueCounts): Reading {
	const scheme = thresholdScheme(0);
	const note = `The masks have ${values.length} different values: too many for classes. If each number marks one object, “any object” is the foreground (every value above 0).`;
	return { scheme, notes: [note], warning: { code: 'mask-has-too-many-values', facts: { values: values.length, most: maxClasses } } };
}

/** 0 and 1 in some files, 0 and 255 in others: one meaning, written by two programs. */
function foregroundIsWritten1And255(values: ValueCounts, files: readonly MaskFacts[]): boolean {
	const inOneFile = (file: MaskFacts): boolean => [1, 255].every((mark) => file.counts.some(([value]) => value === mark));
	return values.map(([value]) => value).join() === '0,1,255' && !files.some(inOneFile);
}

function readMixedBinary(values: ValueCounts): Reading {
	const classes = [
		{ name: 'background', values: [0] },
		{ name: 'foreground', values: [1, 255] },
	];
	const scheme: LabelScheme = { kind: 'values', classes, ignore: [] };
	return {
		scheme,
		notes: ['Some masks write the foreground as 1 and others as 255; both are taken.', ...polarityNotes(values, scheme)],
		warning: null,
	};
}

function readValues(values: ValueCounts, files: readonly MaskFacts[]): Reading {
	const lossy = files.some((file) => file.lossy);
	if (values.length > 2 && (lossy || values.length > maxClasses || hasScatteredEdge(values)) && isBimodal(values))
		return readThreshold(values, lossy);
	if (values.length > maxClasses) return readTooMany(values);
	if (foregroundIsWritten1And255(values, files)) return readMixedBinary(values);
	const { ignore, notes } = voidValues(values.map(([value]) => value));
	const scheme = valuesScheme(values, ignore);
	const numbered = looksNumbered(files) ? ['The values look like numbered objects. If they are, join them into one class “object”.'] : [];
	return { scheme, notes: [...notes, ...numbered, ...polarityNotes(values, scheme)], warning: null };
}

/** True when a stored value does not have one colour throughout, so that colours, not values, say what is meant. */
function valuesDisagree(files: readonly MaskFacts[]): boolean {
	const withPalette = files.filter((file) => file.hasPalette);
	if (withPalette.length === 0) return false;
	const seen = new Map<number, number>();
	for (const file of files) {
		for (const [index, colour] of file.colourOf ?? []) {
			if ((seen.get(index) ?? colour) !== colour) return true;
			seen.set(index, colour);
		}
	}
	return false;
}

const red = (colour: number): number => colour >> 16;
const green = (colour: number): number => (colour >> 8) & 255;
const blue = (colour: number): number => colour & 255;
/** Rec. 601 luma in thousandths. */
const luminance = (colour: number): number => 299 * red(colour) + 587 * green(colour) + 114 * blue(colour);
const hex = (colour: number): string => `#${colour.toString(16).padStart(6, '0')}`;

function proposeColours(files: readonly MaskFacts[]): LabelProposal {
	const colourOf = (file: MaskFacts, value: number): number => (file.kind === 'colours' ? value : (file.colourOf?.get(value) ?? value));
	const counts = totals(files, colourOf);
	if (counts.size > maxClasses) {
		const warning = { code: 'mask-has-too-many-values', facts: { values: counts.size, most: maxClasses } } as const;
		const note = `The masks have ${counts.size} or more colours: too many for classes. Every pixel that is not black counts as foreground.`;
		return { ...unionProposal(note), warning };
	}
	const colours = [...counts.keys()].sort((a, b) => luminance(a) - luminance(b) || a - b);
	const places = new Map(colours.map((colour, place) => [colour, place]));
	const values = ascending(new Map([...counts].map(([colour, count]) => [places.get(colour) ?? 0, count])));
	const scheme = valuesScheme(values, []);
	const table = colours.map((colour, place) => `${place} is ${hex(colour)}`).join(', ');
	return {
		encoding: { kind: 'colours', colours },
		scheme,
		notes: [`Colours are classes, the darkest first: ${table}.`, ...polarityNotes(values, scheme)],
		warning: null,
	};
}

function unionProposal(note: string): LabelProposal {
	return {
		encoding: { kind: 'union' },
		scheme: valuesScheme(
			[
				[0, 1],
				[1, 1],
			],
			[],
		),
		notes: [note],
		warning: null,
	};
}

function manyFilesProposal(): LabelProposal {
	return unionProposal(
		'Some images have several mask files, one for each object: together they are the foreground (every pixel that is not zero).',
	);
}

/**
 * Suggests what the masks mean. `files`: one entry per mask file that was read.
 * `severalParts`: some image has more than one mask file, so each marks one object.
 */
export function suggestLabels(files: readonly MaskFacts[], severalParts: boolean): LabelProposal {
	const fileNotes = [...new Set(files.flatMap((file) => file.notes))];
	const proposal = severalParts
		? manyFilesProposal()
		: files.some((file) => file.kind === 'colours') || valuesDisagree(files)
			? proposeColours(files)
			: { encoding: { kind: 'stored' } as const, ...readValues(ascending(totals(files, (_file, value) => value)), files) };
	return { ...proposal, notes: [...fileNotes, ...proposal.notes] };
}
