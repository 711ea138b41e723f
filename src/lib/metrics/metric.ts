/** The one contract of every metric: a number from four counts, or nothing where it is not defined. */
import type { ConfusionCounts } from './confusion.ts';

export interface Metric {
	/** camelCase, stable for ever. */
	readonly id: string;
	readonly name: string;
	/** The formula in counts, as plain text. */
	readonly definition: string;
	/** What happens on empty masks; one sentence. */
	readonly emptyRule: string;
	readonly higherIsBetter: boolean;
	/** Null where the metric is not defined, shown as "–". */
	compute(counts: ConfusionCounts): number | null;
}

/** A share of two pixel counts; null for 0/0. */
export function ratio(part: number, whole: number): number | null {
	return whole === 0 ? null : part / whole;
}
