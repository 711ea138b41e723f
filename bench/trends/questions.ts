/** The published trends as questions, each answered by an interval over seeds. */
import { meanInterval, type MeanInterval } from '#lib/stats/interval.ts';
import type { Measures } from './measures.ts';

/** Measures of every run of one experiment, by the label of the loss, in the order of their seeds. */
export type Table = Readonly<Record<string, readonly Measures[]>>;

export type Verdict = 'trend' | 'no trend' | 'opposite';

export interface Answer {
	readonly question: string;
	/** What was measured, with its sign as the publication would have it. */
	readonly quantity: string;
	/** Null where no seed has a value. */
	readonly interval: MeanInterval | null;
	readonly verdict: Verdict;
}

type Pick = (measures: Measures) => number;
export const saturated: Pick = ({ probabilities }) => probabilities?.saturated ?? Number.NaN;
export const recall: Pick = ({ recall: value }) => value;
export const dice: Pick = ({ dice: value }) => value;
export const bestDice: Pick = ({ probabilities }) => probabilities?.best.dice ?? Number.NaN;
export const calibration: Pick = ({ probabilities }) => probabilities?.calibrationError ?? Number.NaN;
/** A run that marks nothing has no precision, and its seed is left out. */
export const precision: Pick = ({ precision: value }) => value ?? Number.NaN;

function runsOf(table: Table, label: string): readonly Measures[] {
	const runs = table[label];
	if (!runs || runs.length === 0) throw new RangeError(`no run of ${label}`);
	return runs;
}

/** `above`: an effect is there when the whole interval lies above 0, and goes the other way when it lies below. */
export function verdictOf({ mean, margin }: MeanInterval): Verdict {
	if (margin === null) return 'no trend';
	if (mean - margin > 0) return 'trend';
	return mean + margin < 0 ? 'opposite' : 'no trend';
}

/** One value a seed; seeds for which it is not defined are left out, and counted in words. */
function answer(question: string, quantity: string, values: readonly number[]): Answer {
	const defined = values.filter(Number.isFinite);
	if (defined.length === 0) return { question, quantity: `${quantity} (nowhere defined)`, interval: null, verdict: 'no trend' };
	const interval = meanInterval(defined);
	const words = defined.length < values.length ? `${quantity} (${defined.length} of ${values.length} seeds)` : quantity;
	return { question, quantity: words, interval, verdict: verdictOf(interval) };
}

/** Does `pick` differ between two losses? Paired by seed: both began with the same weights and saw the same batches. */
export function difference(table: Table, question: string, more: string, less: string, name: string, pick: Pick): Answer {
	const gaps = runsOf(table, more).map((run) => pick(run) - valueAt(table, less, run.seed, pick));
	return answer(question, `${name}: ${more} − ${less}`, gaps);
}

/** Is `more` at most `by` below `other`? Paired by seed, as `difference`. */
export function notFarBelow(table: Table, question: string, more: string, other: string, name: string, pick: Pick, by: number): Answer {
	const gaps = runsOf(table, more).map((run) => pick(run) - valueAt(table, other, run.seed, pick) + by);
	return answer(question, `${name}: ${more} − ${other} + ${by}`, gaps);
}

/** `pick` of the run of one seed; NaN where there is none. */
function valueAt(table: Table, label: string, seed: number, pick: Pick): number {
	const run = runsOf(table, label).find((candidate) => candidate.seed === seed);
	return run ? pick(run) : Number.NaN;
}

/** Slope of `pick` over a parameter by least squares, seed by seed. `sign` −1 asks for a fall. */
export function slope(
	table: Table,
	question: string,
	labels: readonly (readonly [at: number, label: string])[],
	name: string,
	pick: Pick,
	sign: 1 | -1 = 1,
): Answer {
	const centre = labels.reduce((sum, [at]) => sum + at, 0) / labels.length;
	const spread = labels.reduce((sum, [at]) => sum + (at - centre) ** 2, 0);
	const seeds = runsOf(table, labels[0]?.[1] ?? '').map(({ seed }) => seed);
	const slopes = seeds.map((seed) => {
		const terms = labels.map(([at, label]) => (at - centre) * valueAt(table, label, seed, pick));
		return (sign * terms.reduce((sum, term) => sum + term, 0)) / spread;
	});
	return answer(question, `${sign < 0 ? '−' : ''}slope of ${name}, ${labels[0]?.[1] ?? ''} to ${labels.at(-1)?.[1] ?? ''}`, slopes);
}

/** Highest less lowest mean of `pick` over some losses, seed by seed. */
export function spread(table: Table, labels: readonly string[], pick: Pick): number[] {
	const seeds = runsOf(table, labels[0] ?? '').map(({ seed }) => seed);
	return seeds.map((seed) => {
		const values = labels.map((label) => valueAt(table, label, seed, pick));
		return Math.max(...values) - Math.min(...values);
	});
}

/** Do losses differ more under imbalance than without? Unpaired: seed by seed in the order given. */
export function spreadShrinks(rare: Table, common: Table, question: string, labels: readonly string[]): Answer {
	const [few, many] = [spread(rare, labels, dice), spread(common, labels, dice)];
	return answer(
		question,
		'spread of Dice over the losses, rare − common foreground',
		few.map((value, i) => value - (many[i] ?? Number.NaN)),
	);
}
