/** How fast a computer trains a net, as measured on drawn images. */
import type { ExperimentSpec } from './experiment.ts';
import type { BackendName } from './run.ts';

export interface SpeedRequest {
	/** What is trained: its net with each of its losses, on squares of its size in batches of its size. Own losses are recorded. */
	readonly spec: ExperimentSpec;
	/** Channels of the logits. */
	readonly outputs: number;
	readonly backend: BackendName | 'auto';
	/** Milliseconds after which nothing new is begun; one step at least is taken, however long it takes. */
	readonly forMs: number;
}

/** All in milliseconds, while as many workers are busy as a training of these losses keeps. */
export interface Speed {
	/** One training step of one run. */
	readonly stepMs: number;
	/** Scoring one square of the net's size. */
	readonly squareMs: number;
	/** What a million pixels of an image at its own size add to that. */
	readonly megapixelMs: number;
	/** Getting one run ready to be stored, as at the end of an epoch; writing it is not in it. */
	readonly saveMs: number;
}

/** Workers that the runs of one seed and fold are spread over: a GPU is shared by one, on the processor each core gets one. */
export function workersFor(backend: BackendName, cores: number, runs: number): number {
	return backend === 'wasm' || backend === 'cpu' ? Math.max(1, Math.min(cores, runs)) : 1;
}
