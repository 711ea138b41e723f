/** What losses push a prediction towards: their gradient on one image, pixel by pixel. */
import type { LossChoice } from './loss-choice.ts';

export interface SlopeRequest {
	/** Pixels, as of a preview. */
	readonly width: number;
	readonly height: number;
	/** The prediction: ⌊256·p⌋ of each pixel, as previews are stored. */
	readonly levels: Uint8Array;
	/** The truth: 0, 1, or `ignoredClass`. */
	readonly classes: Uint8Array;
	readonly losses: readonly LossChoice[];
	/** Where in the run, 0 … 1: scheduled losses change over it. */
	readonly progress: number;
}

/** Where the gradient's mass Σ|∂L/∂logit| lies; the three add up to 1, and are null where there is no gradient. */
export interface SlopeShares {
	/** Pixels within 2 of the other class. */
	readonly border: number;
	/** The other pixels of the object. */
	readonly foreground: number;
	/** The other pixels around it. */
	readonly background: number;
}

export interface SlopeMap {
	/** Key of the loss. */
	readonly key: string;
	readonly value: number;
	/** ∂L/∂logit of each pixel; 0 at ignored ones. Training goes against it. */
	readonly slopes: Float32Array;
	/** Largest |∂L/∂logit|. */
	readonly largest: number;
	readonly shares: SlopeShares | null;
}
