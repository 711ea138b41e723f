/** The one interface of training, implemented in process by `engine` and across the worker by `worker/client`. */
import type { Explored, ExploreRequest } from './explore.ts';
import type { ExportedRuns, ExportRequest } from './exported-runs.ts';
import type { LossChoice } from './loss-choice.ts';
import type { BatchRequest, BatchSteps } from './loss-steps.ts';
import type { ReportCard } from './report-card.ts';
import type { BackendName, BackendReport, RunEvent } from './run.ts';
import type { LabelScheme, Raster } from './sample.ts';
import type { SlopeMap, SlopeRequest } from './slopes.ts';
import type { Speed, SpeedRequest } from './speed.ts';

export interface OpenOptions {
	readonly experimentId: string;
	/** The runs that this trainer advances, all of one seed and fold. */
	readonly runIds: readonly string[];
	/** `auto` chooses by hardware; anything else is the person's override. */
	readonly backend: BackendName | 'auto';
}

export interface OpenReport {
	readonly backend: BackendReport;
	/** Steps already done, from the latest checkpoint. */
	readonly step: number;
	readonly totalSteps: number;
	/** Trainable and not trainable numbers of one net. */
	readonly parameters: number;
	/** False when the checkpoint was made on another backend, so resuming is close but not bit-identical. */
	readonly identicalResume: boolean;
}

export interface Progress {
	readonly step: number;
	readonly totalSteps: number;
	/** True when no run of this trainer has a step left. */
	readonly done: boolean;
}

export interface CheckpointOptions {
	readonly final: boolean;
	readonly pinned?: boolean;
}

/** Which weights to use: a checkpoint of a run, or an opened model. */
export type ModelRef =
	| { readonly kind: 'run'; readonly experimentId: string; readonly runId: string; readonly which: 'best' | 'last' | 'pinned' }
	| { readonly kind: 'model'; readonly modelId: string };

export interface PredictOptions {
	readonly model: ModelRef;
	readonly image: Raster;
	readonly backend: BackendName | 'auto';
}

/** A prediction at the image's own size. */
export interface Prediction {
	readonly width: number;
	readonly height: number;
	readonly scheme: LabelScheme;
	/** `binary`: probability levels. `classes`: arg-max classes. One entry a pixel. */
	readonly kind: 'binary' | 'classes';
	readonly data: Uint8Array;
	readonly elapsedMs: number;
}

export interface Trainer {
	/** Starts the backend, once; a later call keeps the one that runs. Throws `backend-unavailable` for an override that cannot start. */
	start(backend: BackendName | 'auto'): Promise<BackendReport>;
	/** Loads data, builds one net per run, restores the latest checkpoints. Events flow from here on. */
	open(options: OpenOptions, emit: (event: RunEvent) => void): Promise<OpenReport>;
	/** Advances every live run by up to `steps` batches in lock-step; validates, stores rows and checkpoints at epoch ends. */
	advance(steps: number): Promise<Progress>;
	/**
	 * Writes a checkpoint of every live run now. `final` also scores the test part and marks the runs finished; `pinned`
	 * keeps the checkpoint until its experiment is deleted.
	 */
	checkpoint(options: CheckpointOptions): Promise<void>;
	/** Frees every tensor. The trainer can be opened again. */
	close(): Promise<void>;
	predict(options: PredictOptions): Promise<Prediction>;
	/** The model as the bytes of a TF.js layers zip. */
	exportModel(model: ModelRef): Promise<Uint8Array<ArrayBuffer>>;
	/** Trains made-up images for a moment and says how fast that went. Throws `out-of-memory` where a training would. */
	measure(request: SpeedRequest): Promise<Speed>;
	/** Tries a loss on small cases; the graphs of an own loss are recorded for 1 or 2 images of 16². `channels` of the logits. */
	judge(loss: LossChoice, channels: number): Promise<ReportCard>;
	/** The gradients of losses on one prediction; graphs of own losses are recorded for one image of its longer side. */
	slopes(request: SlopeRequest): Promise<SlopeMap[]>;
	/** Values and summed gradients of losses on made-up predictions; own losses are recorded for one image of the size. */
	explore(request: ExploreRequest): Promise<Explored[]>;
	/** One training step of a run from the images to the gradient. Throws `checkpoint-missing` before the run's first checkpoint. */
	takeApart(request: BatchRequest): Promise<BatchSteps>;
	/** First weights and batches of an experiment, or of one fold of it, whose weights its seeds draw. Throws `dataset-missing` or `dataset-changed`. */
	exportRuns(request: ExportRequest): Promise<ExportedRuns>;
	/** Reads a TF.js layers zip, stores it, and returns its id. Throws `model-unreadable`. */
	importModel(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<string>;
}
