/** What the runs of an experiment begin from and are shown, as arrays that other programs read. */

export interface ExportedArray {
	readonly name: string;
	readonly shape: readonly number[];
	/** Row-major. */
	readonly data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
}

export interface ExportedSeed {
	readonly seed: number;
	/** At step 0, by `<layer>/<weight>`. */
	readonly weights: readonly ExportedArray[];
	/**
	 * Always `batches` [steps, batch]: which training image stands where. With `ExportedRuns.shared` also `symmetries` [steps, batch]:
	 * quarter turns, and 4 more for a flip. Else `images` [steps, batch, size, size, inputs] and `classes` [steps, batch, size, size].
	 */
	readonly arrays: readonly ExportedArray[];
}

export interface ExportedRuns {
	readonly inputs: number;
	readonly outputs: number;
	/** Pixels of each class over the training part. */
	readonly classPixels: readonly number[];
	readonly stepsPerEpoch: number;
	/** Steps of a run, and how many of them the arrays hold: fewer where more did not fit. */
	readonly totalSteps: number;
	readonly heldSteps: number;
	/** `images` [n, size, size, inputs] and `classes` [n, size, size] where every batch is made of these, laid in one of eight ways; else null. */
	readonly shared: readonly ExportedArray[] | null;
	readonly seeds: readonly ExportedSeed[];
}

export interface ExportRequest {
	readonly experimentId: string;
	/** From 1: whose training part is meant; undefined without folds. */
	readonly fold: number | undefined;
	/** How many bytes images and classes may take; one step of each seed is always there. */
	readonly mostBytes: number;
}
