/** What the values of a data set's masks probably mean. A suggestion with its reasons: the person has the last word. */
import type { LabelScheme } from '#lib/core/sample.ts';
import { classLookup } from '#lib/pixels/labels.ts';
import { type ClassMap, readByClassMap } from './class-maps.ts';
import { colourTotals, readColours } from './colour-readings.ts';
import { isVocFolder, knownSetOf } from './known-sets.ts';
import {
	ascending,
	type LabelProposal,
	maxClasses,
	pixelsOf,
	type ReadingId,
	readingsOf,
	type ReadLabels,
	totals,
} from './label-proposal.ts';
import type { MaskFacts, ValueCounts } from './mask-values.ts';
import { hasSoftEdges, looksNumbered, readAny, readTouching, readValues } from './value-readings.ts';

/** What is known besides the values. */
export interface LabelHints {
	/** Some image has more than one mask file, so each marks one object. */
	readonly severalParts: boolean;
	/** Paths of the mask files. */
	readonly maskPaths: readonly string[];
	/** A list of classes that was opened with them. */
	readonly classMap: ClassMap | null;
	/** What the person chose; another one where these masks cannot be read so. */
	readonly reading: ReadingId | null;
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

/** True for a palette with more in it than greys. */
function hasColours({ hasPalette, colourOf }: MaskFacts): boolean {
	const isGrey = (colour: number): boolean => colour % 0x010101 === 0;
	return hasPalette && [...(colourOf?.values() ?? [])].some((colour) => !isGrey(colour));
}

type Chosen = ReadLabels & Pick<LabelProposal, 'reading' | 'readings'>;

const severalNote =
	'Some images have several mask files, one for each object: together they are the foreground (every pixel that is not zero).';
const numberedNote = 'The values look like numbered objects: each file counts from 0 to its own end.';

/** Carries out a reading; `values` and `colours` by the list of classes where one fits. */
function carryOut(reading: ReadingId, files: readonly MaskFacts[], hints: LabelHints): ReadLabels {
	if (reading === 'touching') return readTouching();
	if (reading === 'any') return readAny(hints.severalParts ? severalNote : null);
	const known = knownSetOf(hints.maskPaths, [...totals(files, (_file, value) => value).keys()]);
	const map = hints.classMap ?? (known ? { source: known.name, entries: known.entries } : null);
	const byMap = map === null ? null : readByClassMap(files, map);
	if (byMap) return byMap;
	const plain = reading === 'colours' ? readColours(files) : readValues(files, isVocFolder(hints.maskPaths));
	return hints.classMap === null
		? plain
		: { ...plain, notes: [`The classes from ${hints.classMap.source} do not fit the masks and are not used.`, ...plain.notes] };
}

/** The ways in which these masks can be read, the best one first. */
function possible(files: readonly MaskFacts[], hints: LabelHints): ReadingId[] {
	if (hints.severalParts) return ['any', 'touching'];
	const anyColoured = files.some((file) => file.kind === 'colours');
	const values = ascending(totals(files, (_file, value) => value));
	if (anyColoured || valuesDisagree(files)) {
		const tooMany = colourTotals(files).size > maxClasses && hints.classMap === null;
		return tooMany ? ['colours', 'any', 'touching'] : ['colours', 'any'];
	}
	const withPalette = files.some(hasColours) ? (['colours'] as const) : [];
	if (hints.classMap !== null) return ['values', ...withPalette, 'any', 'touching'];
	if (hasSoftEdges(values, files)) return ['values'];
	if (values.length > maxClasses) return ['values', 'any', 'touching'];
	// Two files may agree by chance.
	if (looksNumbered(files)) return files.length > 2 ? ['any', 'touching', 'values'] : ['values', 'any', 'touching'];
	return values.length > 2 ? ['values', ...withPalette, 'any', 'touching'] : ['values', ...withPalette];
}

function choose(files: readonly MaskFacts[], hints: LabelHints): Chosen {
	const ids = possible(files, hints);
	const reading = ids.find((id) => id === hints.reading) ?? ids[0] ?? 'values';
	const read = carryOut(reading, files, hints);
	const numbered = !hints.severalParts && looksNumbered(files) ? [numberedNote] : [];
	return { ...read, notes: [...numbered, ...read.notes], reading, readings: readingsOf(...ids) };
}

/** A binary mask with more foreground than this may be inverted. */
const suspiciousForeground = 0.6;
/** So may one with half as much, when nearly the whole border of the images is foreground. */
const suspiciousEdge = { edge: 0.8, all: 0.4 };

/** Share of the pixels that are foreground; null when none counts. */
function foregroundOf(counts: ValueCounts, scheme: LabelScheme): number | null {
	const lookup = classLookup(scheme);
	const counted = counts.filter(([value]) => (lookup[value] ?? 255) !== 255);
	const all = pixelsOf(counted);
	return all === 0 ? null : pixelsOf(counted.filter(([value]) => lookup[value] !== 0)) / all;
}

/** Whether background and foreground may be exchanged. `counts` and `edge` are of label values. */
export function polarityOf(scheme: LabelScheme, counts: ValueCounts, edge: ValueCounts): LabelProposal['polarity'] {
	if (scheme.classes.length !== 2) return null;
	const share = foregroundOf(counts, scheme) ?? 0;
	const atEdge = foregroundOf(edge, scheme) ?? 0;
	const doubtful = share > suspiciousForeground || (atEdge > suspiciousEdge.edge && share > suspiciousEdge.all);
	return doubtful ? { share } : null;
}

/** Says so when nothing is marked at all. */
export function emptinessNotes(scheme: LabelScheme, counts: ValueCounts): string[] {
	return foregroundOf(counts, scheme) === 0 ? ['Every mask is empty: there is nothing to learn.'] : [];
}

/** Suggests what mask files mean. `files`: one entry per mask file that was read. */
export function suggestLabels(files: readonly MaskFacts[], hints: LabelHints): Omit<LabelProposal, 'polarity'> {
	const fileNotes = [...new Set(files.flatMap((file) => file.notes))];
	const proposal = choose(files, hints);
	return { ...proposal, notes: [...fileNotes, ...proposal.notes] };
}
