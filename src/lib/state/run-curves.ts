/** What is drawn of a run over its steps and epochs. Pure. */
import type { EpochRow } from '#lib/core/run.ts';

/** How a run, or all seeds of a loss, are named and drawn. */
export interface RunFace {
	/** Of the run; where seeds are taken together or only one is shown, the key of the loss. */
	readonly id: string;
	readonly name: string;
	/** Place of its loss in the experiment: decides colour and marker. */
	readonly place: number;
}

export interface Curve extends RunFace {
	readonly x: readonly number[];
	readonly y: readonly (number | null)[];
	/** Half the height of the band, where seeds are taken together. */
	readonly spread?: readonly (number | null)[];
}

/** Validation score of one epoch after the other, where there is a validation part. */
export function scoreCurve(face: RunFace, rows: readonly EpochRow[], score: (row: EpochRow) => number | null): Curve {
	const validated = rows.filter((row) => row.validation.length > 0);
	return { ...face, x: validated.map((row) => row.epoch), y: validated.map(score) };
}

/** A run's own loss; never on one axis with another loss. */
export interface OwnLoss extends RunFace {
	readonly training: Curve;
	/** Without points where there is no validation part. */
	readonly validation: Curve;
}

/** @param underWay losses of the steps since the last epoch */
export function ownLossOf(face: RunFace, rows: readonly EpochRow[], underWay: readonly number[]): OwnLoss {
	const steps = [...rows.flatMap((row) => [...row.stepLosses]), ...underWay];
	const validated = rows.filter((row) => row.validationLoss !== null);
	return {
		...face,
		training: { ...face, x: steps.map((_, step) => step + 1), y: steps },
		validation: { ...face, x: validated.map((row) => row.step), y: validated.map((row) => row.validationLoss) },
	};
}

/** What the loss of a run learns, steers or schedules, over the epochs. */
export interface Adaptation extends RunFace {
	/** One per number, by the words that the loss has for it. */
	readonly readings: readonly { readonly name: string; readonly x: readonly number[]; readonly y: readonly (number | null)[] }[];
}

/** Without readings for a loss that adapts nothing. */
export function adaptationOf(face: RunFace, rows: readonly EpochRow[]): Adaptation {
	const names = [...new Set(rows.flatMap((row) => Object.keys(row.readings ?? {})))];
	const x = rows.map((row) => row.epoch);
	return { ...face, readings: names.map((name) => ({ name, x, y: rows.map((row) => row.readings?.[name] ?? null) })) };
}
