/** What a loss does on cases whose right answer is known, before it is trained. */

/** Side and number of the images that every case has. */
export const judgedSize = 16;
export const judgedBatch = 2;

export const caseIds = ['perfect', 'inverted', 'empty', 'full', 'onePixel', 'random'] as const;
export type CaseId = (typeof caseIds)[number];

/** What one operation of a recorded loss gave in one case. */
export interface StepStats {
	/** As TensorFlow.js calls it; `input`, `constant` and `builtIn` for what is no operation. */
	readonly op: string;
	/** Which input or built-in loss; '' for an operation. */
	readonly name: string;
	/** Line of the code, from 1 on; 0 for what nobody wrote. */
	readonly line: number;
	readonly shape: readonly number[];
	/** Of the finite values; NaN without any. */
	readonly min: number;
	readonly mean: number;
	readonly max: number;
	/** How many values are infinite or no number, and the place of the first, one index an axis. */
	readonly notFinite: number;
	readonly firstAt: readonly number[];
}

export interface JudgedCase {
	readonly id: CaseId;
	readonly value: number;
	/** Largest |∂L/∂logit|; NaN where a slope is not finite. */
	readonly slope: number;
	/** Step by step, for a loss that is a graph; none for others. */
	readonly steps: readonly StepStats[];
}

export interface ReportCard {
	readonly cases: readonly JudgedCase[];
	/** The loss against the probability of all true pixels while the others are right, and of all false pixels while those are. */
	readonly curve: readonly { readonly p: number; readonly foreground: number; readonly background: number }[];
	/** Greatest distance between the gradient and finite differences along drawn directions, as a share of the largest of both. */
	readonly slopeError: number;
	/** Milliseconds of value and gradient over those of Dice, at 2 images of 16². */
	readonly costOverDice: number;
}
