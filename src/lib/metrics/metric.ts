/** The one contract of every metric: a number from four counts, or nothing where it is not defined. */
import type { ConfusionCounts } from './confusion.ts';

/** A number from four counts; not all are scores. */
export interface CountFigure {
	/** camelCase, stable for ever. */
	readonly id: string;
	readonly name: string;
	/** The formula in counts, as plain text. */
	readonly definition: string;
	/** What happens on empty masks; one sentence. */
	readonly emptyRule: string;
	/** Null where it is not defined, shown as "–". */
	compute(counts: ConfusionCounts): number | null;
}

export interface Metric extends CountFigure {
	readonly higherIsBetter: boolean;
}

/** A share of two pixel counts; null for 0/0. */
export function ratio(part: number, whole: number): number | null {
	return whole === 0 ? null : part / whole;
}
