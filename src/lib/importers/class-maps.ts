/** Masks whose classes are listed in a file beside them, or are known by the name of their data set. */
import type { LabelScheme } from '#lib/core/sample.ts';
import { colourTotals, hexOf } from './colour-readings.ts';
import type { LabelMapEntry } from './descriptors/label-map.ts';
import { ascending, maxNamedClasses, percent, pixelsOf, type ReadLabels, totals } from './label-proposal.ts';
import type { MaskFacts, ValueCounts } from './mask-values.ts';

/** A list of classes and where it is from. */
export interface ClassMap {
	/** Completes the sentence "The classes are from …". */
	readonly source: string;
	readonly entries: readonly LabelMapEntry[];
}

const backgroundName = /^_*(?:background|backgrnd|bg|back)_*$/iu;
const ignoredName = /^_*(?:void|ignored?|ignore label|unlabell?ed|not labell?ed|unsure|don'?t care|unknown)_*$/iu;

export const isBackgroundName = (name: string): boolean => backgroundName.test(name.trim());
export const isIgnoredName = (name: string): boolean => ignoredName.test(name.trim());

/** Less of all pixels than this may be of no class of the list. */
const mostUnknown = 0.02;

const shortName = (name: string): string => name.trim().slice(0, 60) || 'class';

/** A scheme from label values and what each is. Class 0 is the background, else the first class of the list. */
function schemeOf(values: ValueCounts, entryOf: (value: number) => LabelMapEntry | null): LabelScheme | null {
	const ignore: number[] = [];
	const classes = new Map<string, { name: string; colour?: string; values: number[]; order: number }>();
	for (const [value] of values) {
		const entry = entryOf(value);
		if (entry === null || isIgnoredName(entry.name)) ignore.push(value);
		else {
			const known = classes.get(entry.name);
			if (known) known.values.push(value);
			else
				classes.set(entry.name, {
					name: shortName(entry.name),
					...colourField(entry),
					values: [value],
					order: isBackgroundName(entry.name) ? -1 : 0,
				});
		}
	}
	if (classes.size < 1 || classes.size > maxNamedClasses) return null;
	const sorted = [...classes.values()].sort((a, b) => a.order - b.order);
	// A set in which only one class occurs still has two sides.
	if (sorted.length === 1) sorted.push({ name: isBackgroundName(sorted[0]?.name ?? '') ? 'foreground' : 'other', values: [], order: 0 });
	return { kind: 'values', classes: sorted.map(({ order: _order, ...entry }) => entry), ignore };
}

function colourField({ colour, name }: LabelMapEntry): { colour?: string } {
	return colour === null || isBackgroundName(name) ? {} : { colour: hexOf(colour) };
}

/** What is said of classes that never occur, and of values that are no class. */
function remarks(map: ClassMap, used: ReadonlySet<LabelMapEntry>, unknownShare: number, unknown: readonly string[]): string[] {
	const absent = map.entries.filter((entry) => !used.has(entry) && !isIgnoredName(entry.name)).map(({ name }) => name);
	const ignored = [...used].filter(({ name }) => isIgnoredName(name)).map(({ name }) => name);
	const list = (names: readonly string[]): string => [...new Set(names)].map((name) => `“${name}”`).join(', ');
	return [
		`The classes are from ${map.source}.`,
		...(ignored.length > 0 ? [`${list(ignored)} counts as “not labelled” and is ignored.`] : []),
		...(absent.length > 0
			? [
					`Classes that never occur are left out: ${list(absent.slice(0, 12))}${absent.length > 12 ? ` and ${absent.length - 12} more` : ''}.`,
				]
			: []),
		...(unknown.length > 0
			? [
					`${unknown.slice(0, 8).join(', ')} ${unknown.length === 1 ? 'is' : 'are'} in no class and ignored (${percent(unknownShare)} of the pixels).`,
				]
			: []),
	];
}

function readBy(
	values: ValueCounts,
	map: ClassMap,
	entryOf: (value: number) => LabelMapEntry | null,
	nameOf: (value: number) => string,
): Omit<ReadLabels, 'encoding'> | null {
	const unknown = values.filter(([value]) => entryOf(value) === null);
	const share = pixelsOf(unknown) / Math.max(1, pixelsOf(values));
	// 255 is what most tools write for "not labelled", listed or not.
	if (pixelsOf(unknown.filter(([value]) => value !== 255)) > mostUnknown * pixelsOf(values)) return null;
	const scheme = schemeOf(values, entryOf);
	if (scheme === null) return null;
	const used = new Set(values.map(([value]) => entryOf(value)).filter((entry) => entry !== null));
	return {
		scheme,
		notes: remarks(
			map,
			used,
			share,
			unknown.map(([value]) => nameOf(value)),
		),
		warning: null,
	};
}

/** Classes by the stored values. */
function readByValue(files: readonly MaskFacts[], map: ClassMap): ReadLabels | null {
	if (files.some((file) => file.kind === 'colours')) return null;
	const entryOf = (value: number): LabelMapEntry | null => map.entries.find((entry) => entry.value === value) ?? null;
	const values = ascending(totals(files, (_file, value) => value));
	const read = readBy(values, map, entryOf, (value) => `The value ${value}`);
	return read ? { encoding: { kind: 'stored' }, ...read } : null;
}

/** Classes by colours, of palettes or of the pixels. */
function readByColour(files: readonly MaskFacts[], map: ClassMap): ReadLabels | null {
	if (!map.entries.some((entry) => entry.colour !== null)) return null;
	const counts = colourTotals(files);
	const listed = map.entries.flatMap(({ colour }) => (colour !== null && counts.has(colour) ? [colour] : []));
	const others = [...counts.keys()].filter((colour) => !listed.includes(colour));
	if (listed.length === 0 || listed.length + others.length > 256) return null;
	const colours = [...new Set(listed), ...others];
	const entryOf = (place: number): LabelMapEntry | null => map.entries.find((entry) => entry.colour === colours[place]) ?? null;
	const values = colours.map((colour, place) => [place, counts.get(colour) ?? 0] as const);
	const read = readBy(values, map, entryOf, (place) => `The colour ${hexOf(colours[place] ?? 0)}`);
	return read ? { encoding: { kind: 'colours', colours, nearest: false }, ...read } : null;
}

/** Reads masks by a list of classes; null when the list does not fit them. Colours decide before values, as palettes vary. */
export function readByClassMap(files: readonly MaskFacts[], map: ClassMap): ReadLabels | null {
	const coloured = files.some((file) => file.kind === 'colours' || file.hasPalette);
	return (coloured ? readByColour(files, map) : null) ?? readByValue(files, map) ?? readByColour(files, map);
}
