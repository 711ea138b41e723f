/** Masks in colours: each colour a class, in lossy pictures the nearest one. */
import { ascending, maxClasses, percent, pixelsOf, type ReadLabels, totals } from './label-proposal.ts';
import type { MaskFacts } from './mask-values.ts';
import { readAny, valuesScheme } from './value-readings.ts';

const red = (colour: number): number => colour >> 16;
const green = (colour: number): number => (colour >> 8) & 255;
const blue = (colour: number): number => colour & 255;
/** Rec. 601 luma in thousandths. */
const luminance = (colour: number): number => 299 * red(colour) + 587 * green(colour) + 114 * blue(colour);

export const hexOf = (colour: number): string => `#${colour.toString(16).padStart(6, '0')}`;

/** Pixels per colour over all files. */
export function colourTotals(files: readonly MaskFacts[]): Map<number, number> {
	return totals(files, (file, value) => (file.kind === 'colours' ? value : (file.colourOf?.get(value) ?? value)));
}

/** Classes differ by at least this much in some channel. */
const betweenClasses = 48;
/** Blur and JPEG leave most pixels of a class this near to its colour. */
const withinClass = 16;
/** A colour that holds less of all pixels is an edge, not a class. */
const leastShare = 0.0005;
/** Share of the pixels that must lie that near to some class: in photos, colours fill the room between them. */
const leastCoverage = 0.85;

const distance = (a: number, b: number): number =>
	Math.max(Math.abs(red(a) - red(b)), Math.abs(green(a) - green(b)), Math.abs(blue(a) - blue(b)));

/** The few colours around which all others lie; null when there are no such. */
function dominantColours(counts: ReadonlyMap<number, number>, pixels: number): number[] | null {
	const sorted = [...counts].sort(([, a], [, b]) => b - a).filter(([, count]) => count >= leastShare * pixels);
	const chosen: number[] = [];
	for (const [colour] of sorted) if (!chosen.some((other) => distance(other, colour) < betweenClasses)) chosen.push(colour);
	if (chosen.length < 2 || chosen.length > maxClasses) return null;
	const covered = pixelsOf([...counts].filter(([colour]) => chosen.some((other) => distance(other, colour) <= withinClass)));
	return covered >= leastCoverage * pixels ? chosen : null;
}

function byColour(colours: readonly number[], counts: ReadonlyMap<number, number>, nearest: boolean, notes: readonly string[]): ReadLabels {
	const sorted = [...colours].sort((a, b) => luminance(a) - luminance(b) || a - b);
	const values = ascending(new Map(sorted.map((colour, place) => [place, counts.get(colour) ?? 0])));
	const scheme = valuesScheme(values, []);
	const coloured =
		scheme.kind === 'values'
			? {
					...scheme,
					classes: scheme.classes.map((entry, index) => ({
						...entry,
						...(index === 0 ? {} : { colour: hexOf(sorted[entry.values[0] ?? 0] ?? 0) }),
					})),
				}
			: scheme;
	const table = sorted.map((colour, place) => `${place} is ${hexOf(colour)}`).join(', ');
	const note = `Colours are classes, the darkest first: ${table}.`;
	return { encoding: { kind: 'colours', colours: sorted, nearest }, scheme: coloured, notes: [note, ...notes], warning: null };
}

/** Each colour is a class. */
export function readColours(files: readonly MaskFacts[]): ReadLabels {
	const counts = colourTotals(files);
	if (counts.size <= maxClasses) return byColour([...counts.keys()], counts, false, []);
	const pixels = files.reduce((sum, file) => sum + file.width * file.height, 0);
	const dominant = dominantColours(counts, pixels);
	if (dominant) {
		const exact = pixelsOf([...counts].filter(([colour]) => dominant.includes(colour)));
		const note = `The masks hold ${counts.size > 1024 ? 'over a thousand' : counts.size} colours, as blurred edges or JPEG leave them; every pixel goes to the nearest of these. ${percent(1 - exact / pixels)} of the pixels were not of such a colour.`;
		return byColour(dominant, counts, true, [note]);
	}
	const warning = { code: 'mask-has-too-many-values', facts: { values: counts.size, most: maxClasses } } as const;
	const note = `The masks have ${counts.size} or more colours: too many for classes. Every pixel that is not black counts as foreground.`;
	return { ...readAny(note), warning };
}
