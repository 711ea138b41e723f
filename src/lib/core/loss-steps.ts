/** A loss taken apart: what each of its operations gives, in numbers. */

/** What one operation gave. */
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

/** Which training step of which run. */
export interface BatchRequest {
	readonly experimentId: string;
	readonly runId: string;
	/** Whose weights. */
	readonly which: 'best' | 'last';
	/** Which batch of the run, from 0 on. */
	readonly batch: number;
}

/** A training step from the images to the gradient, without its update. */
export interface BatchSteps {
	/** Samples of the batch, in its order. */
	readonly sampleIds: readonly string[];
	/** Epochs after which the weights were kept. */
	readonly epoch: number;
	/** Image, logits, probabilities, the loss' operations in order, the loss, ∂L/∂logits. */
	readonly steps: readonly StepStats[];
	/** Why the loss' operations are not among them; '' where they are. */
	readonly reason: string;
}
