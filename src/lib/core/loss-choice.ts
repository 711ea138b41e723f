/** Which loss a run trains on: one from the shelf, or a weighted sum of several. */
import * as v from 'valibot';
import { amount } from './bounds.ts';
import { lossGraphsSchema } from './loss-graph.ts';

const lossValuesSchema = v.record(v.string(), v.union([v.number(), v.boolean(), v.string()]));

/** How the weight of a term goes over the run: `from` until `begin`, `to` from `end` on; `begin` and `end` are shares of the run. */
export const weightScheduleSchema = v.pipe(
	v.object({
		/** `constant` stays at `from`; `step` changes at `end`. */
		curve: v.picklist(['constant', 'linear', 'cosine', 'step']),
		from: amount(0, 1000),
		to: amount(0, 1000),
		begin: amount(0, 1),
		end: amount(0, 1),
	}),
	v.check(({ begin, end }) => begin <= end, 'The weight ends changing before it begins.'),
);
export type WeightSchedule = v.InferOutput<typeof weightScheduleSchema>;

/** The same weight over the whole run. */
export function constantWeight(weight: number): WeightSchedule {
	return { curve: 'constant', from: weight, to: weight, begin: 0, end: 1 };
}

/** One term of a weighted sum. */
export const lossTermSchema = v.object({
	/** Id on the losses shelf. */
	loss: v.pipe(v.string(), v.maxLength(60)),
	values: lossValuesSchema,
	weight: weightScheduleSchema,
});
export type LossTerm = v.InferOutput<typeof lossTermSchema>;

/** Terms of one weighted sum. */
export const mostTerms = 6;

/** True for the parameter values of a weighted sum that learns its weights: its schedules then say nothing. */
export function learnsWeights({ weighting = 'scheduled' }: LossChoice['values']): boolean {
	return weighting !== 'scheduled';
}

/** Stands for a sum of `terms` where the id of a loss on the shelf would stand. */
export const weightedSumId = 'weightedSum';

/** Stands for a loss that a person wrote where the id of a loss on the shelf would stand. */
export const ownLossId = 'ownLoss';

/** Longest code of a loss, characters. */
export const longestCode = 20_000;

const ownParamSchema = v.variant('kind', [
	v.object({
		kind: v.literal('number'),
		label: v.string(),
		help: v.string(),
		min: v.number(),
		max: v.number(),
		step: v.number(),
		default: v.number(),
	}),
	v.object({ kind: v.literal('boolean'), label: v.string(), help: v.string(), default: v.boolean() }),
]);

/** A loss of a person's own: its code, which only the cage ever runs, and what the code was recorded to, which is trained. */
export const ownLossSchema = v.object({
	name: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
	code: v.pipe(v.string(), v.maxLength(longestCode)),
	/** Of the constructor, by name. */
	params: v.record(v.pipe(v.string(), v.maxLength(40)), ownParamSchema),
	/** For the values and sizes of the experiment; recorded anew at each start, and empty until then. */
	graphs: lossGraphsSchema,
});
export type OwnLoss = v.InferOutput<typeof ownLossSchema>;

/** One loss of an experiment, with its parameter values. One run per loss and seed. */
export const lossChoiceSchema = v.pipe(
	v.object({
		/** Unique within the experiment; names the run, for instance `tversky` or `tversky-2`. */
		key: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/u)),
		/** Shown to people, for instance `Tversky .3/.7`. */
		label: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
		/** Id on the losses shelf, or `weightedSum`. */
		loss: v.pipe(v.string(), v.maxLength(60)),
		values: lossValuesSchema,
		/** What a weighted sum adds up; absent for every other loss. */
		terms: v.optional(v.pipe(v.array(lossTermSchema), v.minLength(1), v.maxLength(mostTerms))),
		/** What a person wrote; absent for every other loss. */
		own: v.optional(ownLossSchema),
		/** Multiplies the experiment's learning rate for this loss alone. */
		learningRateFactor: amount(0.001, 1000),
	}),
	v.check(({ loss, terms }) => (loss === weightedSumId) === (terms !== undefined), 'Only a weighted sum has terms.'),
	v.check(({ loss, own }) => (loss === ownLossId) === (own !== undefined), 'Only a loss of your own has code.'),
);
export type LossChoice = v.InferOutput<typeof lossChoiceSchema>;

/** The weight at `progress`, 0 at the first step of the run … 1 at the last. */
export function weightAt({ curve, from, to, begin, end }: WeightSchedule, progress: number): number {
	if (curve === 'constant') return from;
	if (progress >= end) return to;
	if (curve === 'step' || progress <= begin) return from;
	const share = (progress - begin) / (end - begin);
	return from + (to - from) * (curve === 'linear' ? share : (1 - Math.cos(Math.PI * share)) / 2);
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

/** `1`, `0.01 → 1 over the run`, `0.01 → 1 between 20 % and 70 % of the run`, `0 → 1 at 50 % of the run`. */
export function weightInWords({ curve, from, to, begin, end }: WeightSchedule): string {
	if (curve === 'constant') return String(from);
	const change = `${from} → ${to}`;
	if (curve === 'step' || begin === end) return `${change} at ${percent(end)} of the run`;
	const span = begin === 0 && end === 1 ? 'over the run' : `between ${percent(begin)} and ${percent(end)} of the run`;
	return `${change} ${span}${curve === 'cosine' ? ', gently at both ends' : ''}`;
}
