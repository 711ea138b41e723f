/** What a loss does on cases whose right answer is known, before it is trained. */
import type { StepStats } from './loss-steps.ts';

/** Side and number of the images that every case has. */
export const judgedSize = 16;
export const judgedBatch = 2;

export const caseIds = ['perfect', 'inverted', 'empty', 'full', 'onePixel', 'random'] as const;
export type CaseId = (typeof caseIds)[number];

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
