/** What training produces: evidence, rows, previews, records and the events that announce them. */
import type { ErrorCode, ErrorFacts } from './errors.ts';
import type { ExperimentSpec } from './experiment.ts';
import type { LabelScheme } from './sample.ts';
import { splitOfFold, type Split } from './split.ts';

/** Probabilities are kept as levels 0…255: level = min(255, ⌊256 p⌋). A pixel is foreground when level ≥ threshold level. */
export const defaultThresholdLevel = 128;

/**
 * What one whole image at native size says about a run, enough for every threshold's confusion counts.
 * - `binary`: pixels per probability level; entries 0–255 count background pixels, 256–511 foreground pixels.
 * - `classes`: confusion matrix, row = truth, column = arg-max prediction, `classes`² entries.
 * Ignored pixels are left out.
 */
export type ImageEvidence =
	| { readonly kind: 'binary'; readonly sampleId: string; readonly histogram: Uint32Array }
	| { readonly kind: 'classes'; readonly sampleId: string; readonly classes: number; readonly confusion: Uint32Array };

/** Validation images, the first of the split, whose previews every epoch keeps whatever their size. */
export const leastPreviews = 12;

/** The prediction for one image, small. `binary`: probability levels. `classes`: the arg-max class of each pixel. */
export interface Preview {
	readonly sampleId: string;
	readonly kind: 'binary' | 'classes';
	readonly width: number;
	readonly height: number;
	readonly data: Uint8Array;
}

/** One epoch of one run. Append-only; never rewritten. */
export interface EpochRow {
	readonly version: 1;
	readonly experimentId: string;
	readonly runId: string;
	/** From 1. */
	readonly epoch: number;
	/** Optimizer steps done at the end of the epoch. */
	readonly step: number;
	/** Own loss of every step of the epoch. */
	readonly stepLosses: Float32Array;
	/** Own loss over the validation part; null without one. */
	readonly validationLoss: number | null;
	readonly learningRate: number;
	/** Global norm of the gradient, mean over the epoch. */
	readonly gradientNorm: number;
	/** What the loss learnt, steered or scheduled, at the end of the epoch, by the words that people read; absent where there is nothing. */
	readonly readings?: Readonly<Record<string, number>>;
	readonly validation: readonly ImageEvidence[];
}

export type RunState = 'queued' | 'running' | 'paused' | 'finished' | 'failed';

export interface RunFailure {
	readonly code: ErrorCode;
	readonly facts: ErrorFacts;
}

/** A run = one loss × one seed × one fold, where there are folds. */
export interface RunRecord {
	/** `<loss key>-s<seed>`, with folds `<loss key>-s<seed>-f<fold>`; unique within its experiment. */
	readonly id: string;
	readonly lossKey: string;
	readonly seed: number;
	/** From 1: which fold of the split validates. Absent without cross-validation. */
	readonly fold?: number;
	readonly state: RunState;
	/** Steps done. */
	readonly step: number;
	/** Epochs completed. */
	readonly epoch: number;
	/** The epoch with the highest pooled validation Dice, mean over the foreground classes; null before the first or without validation. */
	readonly best: { readonly epoch: number; readonly dice: number } | null;
	readonly failure: RunFailure | null;
	/** SHA-256 of the final weights; null until finished. */
	readonly weightsHash: string | null;
	/** Evidence on the test part for the best and the last weights; null until finished or without a test part. */
	readonly test: { readonly best: readonly ImageEvidence[]; readonly last: readonly ImageEvidence[] } | null;
}

export type BackendName = 'webgpu' | 'wasm' | 'webgl' | 'cpu';

export interface BackendReport {
	readonly name: BackendName;
	/** The adapter or instruction set, for instance `Apple M2` or `SIMD`. */
	readonly device: string;
	/** Why this backend and not a faster one; one sentence. */
	readonly reason: string;
}

/** Weights that the runs have at step 0 instead of those that their seeds draw; their optimizers begin anew. */
export interface WeightsOrigin {
	readonly experimentId: string;
	/** Its name when these runs began; it may be deleted since. */
	readonly experimentName: string;
	readonly which: 'best' | 'last';
	readonly runs: readonly {
		readonly runId: string;
		/** The run of that experiment, and where it stood. */
		readonly from: string;
		readonly epoch: number;
		/** `checkpointHash` of its checkpoint. */
		readonly checkpoint: string;
	}[];
}

export interface ExperimentRecord {
	readonly version: 1;
	readonly id: string;
	readonly name: string;
	readonly createdAt: number;
	readonly datasetId: string;
	readonly datasetFingerprint: string;
	/** What the mask values meant when the runs began; the data set's own may be changed later. */
	readonly scheme: LabelScheme;
	readonly spec: ExperimentSpec;
	readonly split: Split;
	/** See `comparisonHash`. */
	readonly hash: string;
	/** The backend of the latest session; null before the first step. */
	readonly backend: BackendReport | null;
	readonly runs: readonly RunRecord[];
	/** Absent where the seeds draw the weights. */
	readonly startsFrom?: WeightsOrigin;
}

/** What the trainer says while it works. One union, switched over with `satisfies never`. */
export type RunEvent =
	| {
			readonly type: 'phase';
			readonly phase: 'loading' | 'preparing' | 'building' | 'compiling' | 'validating' | 'testing' | 'saving';
			readonly detail: string;
	  }
	| { readonly type: 'backend'; readonly backend: BackendReport }
	/** After each lock-step batch: `losses` holds each live run's own loss of that batch. */
	| {
			readonly type: 'step';
			readonly step: number;
			readonly epoch: number;
			readonly losses: readonly (readonly [runId: string, loss: number])[];
			readonly images: number;
			readonly elapsedMs: number;
	  }
	/** After each epoch of a run; the row and previews are already stored. */
	| { readonly type: 'epoch'; readonly row: EpochRow; readonly previews: readonly Preview[] }
	| { readonly type: 'run'; readonly run: RunRecord }
	| { readonly type: 'checkpoint'; readonly runId: string; readonly step: number }
	/** The worker itself asked another host for something: never in a sound build, so it is counted and shown. */
	| { readonly type: 'foreign-requests'; readonly count: number };

/** What repeats a loss. Runs that share both advance in lock-step. */
export type Repeat = Pick<RunRecord, 'seed' | 'fold'>;

export const isSameRepeat = (a: Repeat, b: Repeat): boolean => a.seed === b.seed && a.fold === b.fold;

/** Every seed with every fold of it, in the order in which they train. */
export function repeatsOf({ seeds, split: { folds } }: Pick<ExperimentSpec, 'seeds' | 'split'>): Repeat[] {
	if (folds === undefined) return seeds.map((seed) => ({ seed }));
	return seeds.flatMap((seed) => Array.from({ length: folds }, (_, place) => ({ seed, fold: place + 1 })));
}

/** `seed 2, fold 1 of 5`, without what there is only one of. */
export function repeatInWords({ seed, fold }: Repeat, { seeds, split }: Pick<ExperimentSpec, 'seeds' | 'split'>): string {
	const words = [...(seeds.length > 1 ? [`seed ${seed}`] : []), ...(fold === undefined ? [] : [`fold ${fold} of ${split.folds ?? fold}`])];
	return words.join(', ');
}

/** The experiment as the runs of a fold see it. */
export function experimentOfFold(experiment: ExperimentRecord, fold: number | undefined): ExperimentRecord {
	return { ...experiment, split: splitOfFold(experiment.split, fold) };
}

function runIdOf(lossKey: string, { seed, fold }: Repeat): string {
	return `${lossKey}-s${seed}${fold === undefined ? '' : `-f${fold}`}`;
}

/** One run per repeat and loss, none begun. */
export function queuedRuns(spec: Pick<ExperimentSpec, 'seeds' | 'split' | 'losses'>): RunRecord[] {
	return repeatsOf(spec).flatMap((repeat) =>
		spec.losses.map(({ key }) => ({
			id: runIdOf(key, repeat),
			lossKey: key,
			...repeat,
			state: 'queued',
			step: 0,
			epoch: 0,
			best: null,
			failure: null,
			weightsHash: null,
			test: null,
		})),
	);
}
