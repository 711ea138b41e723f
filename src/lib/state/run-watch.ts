/**
 * What goes wrong in a run, by its own numbers: named when it happens, with a reason and what to try. Pure.
 * The remedies are those that people are given for these troubles again and again in the issue trackers of
 * segmentation libraries: learning rate, sampling, smoothing, class weights, another loss beside it.
 */
import type { EpochRow, RunRecord } from '#lib/core/run.ts';
import { countsAt, pool } from '#lib/metrics/confusion.ts';
import { selectionDice } from '#lib/metrics/selection.ts';
import { collapseOf } from '#lib/metrics/summary.ts';

export type SignId = 'background' | 'foreground' | 'class-missing' | 'not-finite' | 'flat' | 'oscillation' | 'overfitting';

export interface Sign {
	readonly id: SignId;
	/** Epoch since which it holds. */
	readonly since: number;
	/** What holds, with its numbers: half a sentence. */
	readonly what: string;
	readonly why: string;
	readonly remedies: readonly string[];
}

/** What else is known of the run. */
export interface WatchedRun {
	readonly state: RunRecord['state'];
	readonly failure: RunRecord['failure'];
	/** Ascending by epoch. */
	readonly rows: readonly EpochRow[];
	readonly thresholdLevel: number;
	/** Names of the classes, background first. */
	readonly classNames: readonly string[];
}

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const short = (value: number): string => value.toPrecision(3);

/** The first epoch of the unbroken stretch at the end in which `holds`; null when the last does not. */
function sinceWhen(rows: readonly EpochRow[], holds: (row: EpochRow) => boolean): number | null {
	const broken = rows.findLastIndex((row) => !holds(row));
	return rows[broken + 1]?.epoch ?? null;
}

function collapse({ rows, thresholdLevel }: WatchedRun): Sign[] {
	const now = rows.at(-1) && collapseOf(rows.at(-1)?.validation ?? [], thresholdLevel);
	if (!now) return [];
	const since = sinceWhen(rows, (row) => collapseOf(row.validation, thresholdLevel) === now) ?? 0;
	// After one epoch many runs mark nothing yet.
	if (rows.length < 2) return [];
	if (now === 'predicts no foreground') {
		return [
			{
				id: 'background',
				since,
				what: `marks nothing: every validation pixel is below the threshold`,
				why: 'Where the object is small, calling everything background is nearly right for a loss that averages over pixels.',
				remedies: [
					'Give it time if the curve has just begun to move, or raise the learning rate.',
					'Weigh the foreground (a larger weight or α), or choose a loss of overlap such as Dice or Tversky.',
					'Look at a lower threshold: the order of the pixels may be right already.',
				],
			},
		];
	}
	return [
		{
			id: 'foreground',
			since,
			what: 'marks everything: every validation pixel is above the threshold',
			why: 'Missing a pixel costs much more than a false one, or the net has saturated at the start.',
			remedies: [
				'Lower the weight of missed pixels (Tversky’s weights, class weights).',
				'Lower the learning rate, or add a loss that looks at each pixel, such as cross-entropy.',
			],
		},
	];
}

/** Classes that the truth has and the prediction never. */
function missingClasses({ rows, classNames, thresholdLevel }: WatchedRun): Sign[] {
	const missingIn = (row: EpochRow): string[] =>
		classNames.slice(1).filter((_, place) => {
			const counts = pool(row.validation.map((image) => countsAt(image, thresholdLevel, place + 1)));
			return counts.truePositives + counts.falseNegatives > 0 && counts.truePositives + counts.falsePositives === 0;
		});
	const last = rows.at(-1);
	if (classNames.length < 3 || rows.length < 3 || !last) return [];
	const missing = missingIn(last);
	// All of them is a collapse, and called that.
	if (missing.length === 0 || missing.length === classNames.length - 1) return [];
	return [
		{
			id: 'class-missing',
			since: sinceWhen(rows, (row) => missing.every((name) => missingIn(row).includes(name))) ?? last.epoch,
			what: `never predicts ${missing.join(' and ')}`,
			why: 'A rare class adds little to a loss that averages over pixels.',
			remedies: ['Weigh the classes by how rare they are, or choose a loss of overlap, which counts each class alike.'],
		},
	];
}

function notFinite({ state, failure, rows }: WatchedRun): Sign[] {
	if (state !== 'failed' || failure?.code !== 'not-finite') return [];
	const what = typeof failure.facts['what'] === 'string' ? failure.facts['what'] : 'loss';
	return [
		{
			id: 'not-finite',
			since: (rows.at(-1)?.epoch ?? 0) + 1,
			what: `stopped: the ${what} became infinite or no number`,
			why: 'A step was too large, or the loss divides by, or takes the logarithm or a power of, something that reached 0.',
			remedies: [
				'Lower the learning rate, or clip gradients.',
				'Raise the smoothing of a loss of overlap, or its exponent γ to 1 or more.',
			],
		},
	];
}

/** A gradient that has all but vanished while the masks are still bad. */
function flat({ rows, thresholdLevel }: WatchedRun): Sign[] {
	const last = rows.at(-1);
	const steepest = Math.max(...rows.map(({ gradientNorm }) => gradientNorm));
	const dice = last && selectionDice(last.validation, thresholdLevel);
	if (!last || rows.length < 3 || dice === undefined || dice === null || dice >= 0.5) return [];
	const isFlat = (row: EpochRow): boolean => row.gradientNorm < Math.max(1e-7, 1e-3 * steepest);
	const since = sinceWhen(rows, isFlat);
	if (since === null) return [];
	return [
		{
			id: 'flat',
			since,
			what: `no longer learns: its gradient is ${short(last.gradientNorm)}, at most ${short(steepest)} before, at a Dice of ${dice.toFixed(2)}`,
			why: 'The probabilities have saturated, or the loss is level where the net stands: losses of overlap are, once nothing overlaps.',
			remedies: [
				'Start again with a smaller learning rate.',
				'Add a loss that has a slope everywhere, such as cross-entropy, with a small weight.',
			],
		},
	];
}

/** Validation Dice that goes up and down by turns. */
function oscillation({ rows, thresholdLevel }: WatchedRun): Sign[] {
	const span = 6;
	const scores = rows.slice(-span - 1).map((row) => selectionDice(row.validation, thresholdLevel));
	const known = scores.filter((score) => score !== null);
	if (known.length < span + 1) return [];
	const steps = known.slice(1).map((score, place) => score - (known[place] ?? score));
	const turns = steps.slice(1).filter((step, place) => step * (steps[place] ?? 0) < 0).length;
	const size = mean(steps.map(Math.abs));
	if (turns < span - 2 || size < 0.05) return [];
	return [
		{
			id: 'oscillation',
			since: rows.at(-span - 1)?.epoch ?? 1,
			what: `swings: its validation Dice moves by ${size.toFixed(2)} an epoch, up and down by turns`,
			why: 'The steps are too long for where it stands, or each batch asks for something else.',
			remedies: ['Lower the learning rate, or let it fall over the run.', 'Choose a larger batch.'],
		},
	];
}

/** Validation loss that rises while the training loss falls. Both are the run's own, so their scale does not matter. */
function overfitting({ rows }: WatchedRun): Sign[] {
	const measured = rows.filter((row) => row.validationLoss !== null && row.stepLosses.length > 0);
	const losses = measured.map((row) => row.validationLoss ?? 0);
	const lowest = losses.indexOf(Math.min(...losses));
	const [first, least, last] = [measured[0], measured[lowest], measured.at(-1)];
	if (!first || !least || !last || measured.length - 1 - lowest < 3) return [];
	const [before, after] = [mean(least.stepLosses), mean(last.stepLosses)];
	const fall = (losses[0] ?? 0) - (losses[lowest] ?? 0);
	const rise = (losses.at(-1) ?? 0) - (losses[lowest] ?? 0);
	if (rise < 0.1 * fall || rise <= 0 || after >= before) return [];
	return [
		{
			id: 'overfitting',
			since: least.epoch,
			what: `over-fits: its validation loss was lowest after epoch ${least.epoch} (${short(losses[lowest] ?? 0)}) and is ${short(losses.at(-1) ?? 0)} now, while training fell from ${short(before)} to ${short(after)}`,
			why: 'The net learns its training images by heart.',
			remedies: [
				'The best weights are kept: use those.',
				'Augment more, add dropout or weight decay, choose a smaller net, or more images.',
			],
		},
	];
}

/** All signs of a run at the end of its rows, the gravest first. */
export function signsOf(run: WatchedRun): readonly Sign[] {
	return [notFinite, collapse, missingClasses, flat, oscillation, overfitting].flatMap((sign) => sign(run));
}
