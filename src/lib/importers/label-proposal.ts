/** What the values of a data set's masks may mean: the words that all readings share. */
import type { ErrorFacts } from '#lib/core/errors.ts';
import type { LabelScheme } from '#lib/core/sample.ts';
import type { LabelEncoding, MaskFacts, ValueCounts } from './mask-values.ts';

/** A way to read the masks that a person can choose. */
export interface Reading {
	readonly id: ReadingId;
	/** What a pixel then means, as a short phrase. */
	readonly label: string;
}

/**
 * - `values`: each stored value is a class
 * - `colours`: each colour is a class
 * - `shapes`: each class of the annotation file is a class
 * - `any`: whatever is marked is one class
 * - `touching`: whatever is marked, and a class for the lines where two objects meet
 */
export type ReadingId = 'values' | 'colours' | 'shapes' | 'any' | 'touching';

export interface LabelProposal {
	readonly encoding: LabelEncoding;
	readonly scheme: LabelScheme;
	/** What was found and assumed, as sentences. */
	readonly notes: readonly string[];
	/** Set when the values fit no reading well; `scheme` is then the safest one. */
	readonly warning: { readonly code: 'mask-has-too-many-values'; readonly facts: ErrorFacts } | null;
	/** The ways to read these masks, the proposed one first; one of them is `reading`. */
	readonly readings: readonly Reading[];
	readonly reading: ReadingId;
	/** Set where background and foreground may be exchanged; `share` of the pixels is foreground as proposed, 0…1. */
	readonly polarity: { readonly share: number } | null;
}

/** One reading carried out; the choice between readings is made around it. */
export type ReadLabels = Pick<LabelProposal, 'encoding' | 'scheme' | 'notes' | 'warning'>;

/** More values than this are no classes, unless a file names them. */
export const maxClasses = 32;

/** As many as a scheme may have. */
export const maxNamedClasses = 64;

const readingLabels: Readonly<Record<ReadingId, string>> = {
	values: 'Each value is a class',
	colours: 'Each colour is a class',
	shapes: 'The classes of the annotations',
	any: 'Whatever is marked is one class',
	touching: 'Marked objects, and a class for the lines where two of them touch',
};

export function readingsOf(...ids: readonly ReadingId[]): Reading[] {
	return [...new Set(ids)].map((id) => ({ id, label: readingLabels[id] }));
}

/** Pixels per value over all files; `nameOf` gives the value under which a stored one counts. */
export function totals(files: readonly MaskFacts[], nameOf: (file: MaskFacts, value: number) => number): Map<number, number> {
	const sums = new Map<number, number>();
	for (const file of files) {
		for (const [value, count] of file.counts) {
			const name = nameOf(file, value);
			sums.set(name, (sums.get(name) ?? 0) + count);
		}
	}
	return sums;
}

export function ascending(counts: ReadonlyMap<number, number>): ValueCounts {
	return [...counts].sort(([a], [b]) => a - b);
}

export const pixelsOf = (counts: ValueCounts): number => counts.reduce((sum, [, count]) => sum + count, 0);

export function percent(share: number): string {
	return `${(100 * share).toFixed(share < 0.01 ? 2 : 0)} %`;
}

/** Two classes: 0, and the value 1. */
export function markedScheme(name = 'foreground'): LabelScheme {
	const classes = [
		{ name: 'background', values: [0] },
		{ name, values: [1] },
	];
	return { kind: 'values', classes, ignore: [] };
}
