/** A loss on made-up predictions of one made-up mask: how its value and its gradient move when a prediction goes wrong. */
import type { LossChoice } from './loss-choice.ts';

export interface ExploreRequest {
	/** Pixels a side of the square mask. */
	readonly size: number;
	/** The truth, 0 or 1 each pixel. */
	readonly classes: Uint8Array;
	/** Predictions to judge: the probability of each pixel, above 0 and below 1. */
	readonly predictions: readonly Float32Array[];
	readonly losses: readonly LossChoice[];
}

/** What one loss says of one prediction. */
export interface ExplorePoint {
	readonly value: number;
	/** Σ ∂L/∂logit over the pixels of the object; training moves them the other way. */
	readonly foreground: number;
	/** The same over the pixels around it. */
	readonly background: number;
}

/** The points of one loss, in the order of the predictions. */
export interface Explored {
	/** Key of the loss. */
	readonly key: string;
	readonly points: readonly ExplorePoint[];
}
