/** The trainer in process: lock-step runs of one seed and fold over the same batches. `worker/` puts it behind a worker. */
import { AppError } from '#lib/core/errors.ts';
import type { Explored, ExploreRequest } from '#lib/core/explore.ts';
import type { ExportedRuns, ExportRequest } from '#lib/core/exported-runs.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { BatchRequest, BatchSteps } from '#lib/core/loss-steps.ts';
import type { Records } from '#lib/core/records.ts';
import type { ReportCard } from '#lib/core/report-card.ts';
import type { SlopeMap, SlopeRequest } from '#lib/core/slopes.ts';
import { experimentOfFold, type BackendReport, type ExperimentRecord, type RunEvent } from '#lib/core/run.ts';
import type {
	CheckpointOptions,
	ModelRef,
	OpenOptions,
	OpenReport,
	PredictOptions,
	Prediction,
	Progress,
	Trainer,
} from '#lib/core/trainer.ts';
import { startBackend, type EnginePlatform, type StartedBackend } from './backend.ts';
import { BatchSource } from './batches.ts';
import { ExperimentData } from './experiment-data.ts';
import { exportRuns } from './export-runs.ts';
import { explore } from './explore.ts';
import { judgeLoss } from './judge-loss.ts';
import { LiveRun } from './live-run.ts';
import { checkBuffers, checkMemory, memoryFailure } from './memory-limit.ts';
import { exportModel, importModel } from './model-file.ts';
import { Predictor } from './predictor.ts';
import { slopeMaps } from './slopes.ts';
import { takeApart } from './take-apart.ts';
import { disposeBatch, toBatch } from './targets.ts';

/** A checkpoint is written at least this often inside a long epoch. */
const checkpointEveryMs = 60_000;

interface OpenExperiment {
	readonly experiment: ExperimentRecord;
	readonly data: ExperimentData;
	readonly batches: BatchSource;
	readonly runs: readonly LiveRun[];
	readonly totalSteps: number;
	step: number;
	savedAt: number;
}

export class EngineTrainer implements Trainer {
	readonly #records: Records;
	readonly #platform: EnginePlatform;
	readonly #predictor: Predictor;
	#backend: Promise<StartedBackend> | null = null;
	#open: OpenExperiment | null = null;
	#emit: (event: RunEvent) => void = () => undefined;

	constructor(records: Records, platform: EnginePlatform) {
		this.#records = records;
		this.#platform = platform;
		this.#predictor = new Predictor(records);
	}

	async start(backend: OpenOptions['backend']): Promise<BackendReport> {
		return (await this.#start(backend)).report;
	}

	async open(options: OpenOptions, emit: (event: RunEvent) => void): Promise<OpenReport> {
		await this.close();
		this.#emit = emit;
		emit({ type: 'phase', phase: 'building', detail: 'starting the backend' });
		const { report, largestBufferBytes } = await this.#start(options.backend);
		emit({ type: 'backend', backend: report });
		const stored = await this.#records.getExperiment(options.experimentId);
		if (!stored) throw new AppError('checkpoint-missing', { experiment: options.experimentId });
		const records = stored.runs.filter((run) => options.runIds.includes(run.id));
		const experiment = experimentOfFold(stored, records[0]?.fold);
		emit({ type: 'phase', phase: 'loading', detail: `${experiment.split.train.length} training images` });
		const data = await ExperimentData.load(this.#records, experiment);
		const batches = new BatchSource(data.training, experiment.spec, records[0]?.seed ?? 0);
		if (report.name === 'wasm') checkMemory(experiment.spec, data.outputs, records.length);
		if (largestBufferBytes !== null) checkBuffers(experiment.spec, data.outputs, largestBufferBytes);
		const totalSteps = batches.stepsPerEpoch * experiment.spec.training.epochs;
		const written = `${report.name} ${report.device}`;
		const runs = records.map((record) => new LiveRun(this.#records, experiment, data, record, totalSteps, written));
		const writers = new Set<string>();
		for (const run of runs) {
			const writer = run.live ? await run.restore() : undefined;
			if (writer !== undefined) writers.add(writer);
		}
		// Lock-step: after a crash between two runs' checkpoints the runs may differ by an epoch; the later ones wait.
		const live = runs.filter((run) => run.live);
		const step = live.length > 0 ? Math.min(...live.map((run) => run.record.step)) : totalSteps;
		this.#open = { experiment, data, batches, runs, totalSteps, step, savedAt: Date.now() };
		for (const run of live) await run.update({ state: 'running' });
		emit({ type: 'phase', phase: 'compiling', detail: report.name === 'webgpu' || report.name === 'webgl' ? 'compiling shaders' : '' });
		return {
			backend: report,
			step,
			totalSteps,
			parameters: runs[0]?.parameters ?? 0,
			identicalResume: [...writers].every((writer) => writer === written),
		};
	}

	async advance(steps: number): Promise<Progress> {
		const open = this.#opened();
		const { gpu } = await this.#start('auto');
		for (let i = 0; i < steps && !this.#done(open); i++) {
			await this.#stepAll(open).catch((error: unknown) => {
				// A lost device rejects what was being read; its loss is the failure, not that.
				gpu.check();
				memoryFailure(error);
			});
		}
		return { step: open.step, totalSteps: open.totalSteps, done: this.#done(open) };
	}

	async checkpoint({ final, pinned = false }: CheckpointOptions): Promise<void> {
		const { runs } = this.#opened();
		this.#emit({ type: 'phase', phase: final ? 'testing' : 'saving', detail: '' });
		for (const run of runs.filter((candidate) => candidate.live)) {
			if (final) await run.finish();
			else await run.save(pinned ? ['latest', 'pinned'] : ['latest'], { state: 'paused' });
			this.#emit({ type: 'checkpoint', runId: run.record.id, step: run.record.step });
			this.#emit({ type: 'run', run: run.record });
		}
	}

	close(): Promise<void> {
		for (const run of this.#open?.runs ?? []) run[Symbol.dispose]();
		this.#open = null;
		return Promise.resolve();
	}

	async predict(options: PredictOptions): Promise<Prediction> {
		const { gpu } = await this.#start(options.backend);
		const prediction = await this.#predictor.predict(options.model, options.image);
		gpu.check();
		return prediction;
	}

	async exportModel(model: ModelRef): Promise<Uint8Array<ArrayBuffer>> {
		await this.#start('auto');
		return exportModel(await this.#predictor.load(model));
	}

	judge(loss: LossChoice, channels: number): Promise<ReportCard> {
		return this.#checked(() => judgeLoss(loss, channels));
	}

	slopes(request: SlopeRequest): Promise<SlopeMap[]> {
		return this.#checked(() => slopeMaps(request));
	}

	explore(request: ExploreRequest): Promise<Explored[]> {
		return this.#checked(() => explore(request));
	}

	takeApart(request: BatchRequest): Promise<BatchSteps> {
		return this.#checked(async () => {
			const { experiment, data } = await this.#load(request.experimentId, ({ runs }) => runs.find(({ id }) => id === request.runId)?.fold);
			return takeApart(this.#records, experiment, data, request);
		});
	}

	exportRuns({ experimentId, fold, mostBytes }: ExportRequest): Promise<ExportedRuns> {
		return this.#checked(async () => {
			const { experiment, data } = await this.#load(experimentId, () => fold);
			return exportRuns(experiment, data, mostBytes);
		});
	}

	async importModel(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
		await this.#start('auto');
		return importModel(this.#records, bytes, name);
	}

	/** What a computation gives, unless the GPU failed meanwhile. */
	async #checked<Result>(compute: () => Promise<Result>): Promise<Result> {
		const { gpu } = await this.#start('auto');
		const result = await compute();
		gpu.check();
		return result;
	}

	/** Starts the backend once; a later call with another choice keeps the one that runs. */
	#start(choice: OpenOptions['backend']): Promise<StartedBackend> {
		this.#backend ??= startBackend(choice, this.#platform);
		this.#backend.catch(() => (this.#backend = null));
		return this.#backend;
	}

	/** A stored experiment as a run of a fold sees it, with its samples, which are there already where runs of its fold are open. */
	async #load(
		experimentId: string,
		foldOf: (stored: ExperimentRecord) => number | undefined,
	): Promise<Pick<OpenExperiment, 'experiment' | 'data'>> {
		const stored = await this.#records.getExperiment(experimentId);
		if (!stored) throw new AppError('checkpoint-missing', { experiment: experimentId });
		const fold = foldOf(stored);
		const experiment = experimentOfFold(stored, fold);
		const open = this.#open?.experiment.id === experimentId && this.#open.runs[0]?.record.fold === fold ? this.#open.data : undefined;
		return { experiment, data: open ?? (await ExperimentData.load(this.#records, experiment)) };
	}

	#opened(): OpenExperiment {
		if (!this.#open) throw new TypeError('no experiment is open');
		return this.#open;
	}

	#done(open: OpenExperiment): boolean {
		return open.step >= open.totalSteps || !open.runs.some((run) => run.live && !run.exhausted);
	}

	/** One batch for every run that stands at this step. */
	async #stepAll(open: OpenExperiment): Promise<void> {
		const startedAt = performance.now();
		const due = open.runs.filter((run) => run.live && !run.exhausted && run.record.step === open.step);
		const targetNames = [...new Set(due.flatMap((run) => run.targetNames))];
		const batch = toBatch(open.batches.pairs(open.step), open.data.outputs, targetNames, open.data.maps);
		const losses: [string, number][] = [];
		for (const run of due) {
			const loss = await run.step(batch);
			if (loss !== null) losses.push([run.record.id, loss]);
			else this.#emit({ type: 'run', run: run.record });
		}
		disposeBatch(batch);
		(await this.#start('auto')).gpu.check();
		const step = open.step++;
		const epoch = Math.floor(step / open.batches.stepsPerEpoch) + 1;
		const images = open.experiment.spec.training.batchSize * due.length;
		this.#emit({ type: 'step', step, epoch, losses, images, elapsedMs: performance.now() - startedAt });
		if (open.step % open.batches.stepsPerEpoch === 0) await this.#endEpoch(open, due);
		else if (Date.now() - open.savedAt > checkpointEveryMs) await this.#saveAll(open, due);
	}

	async #endEpoch(open: OpenExperiment, due: readonly LiveRun[]): Promise<void> {
		this.#emit({ type: 'phase', phase: 'validating', detail: '' });
		for (const run of due) {
			if (!run.live) continue;
			const { row, previews } = await run.endEpoch();
			this.#emit({ type: 'epoch', row, previews });
			if (run.live && run.exhausted) await run.finish();
			this.#emit({ type: 'run', run: run.record });
		}
		open.savedAt = Date.now();
	}

	async #saveAll(open: OpenExperiment, due: readonly LiveRun[]): Promise<void> {
		for (const run of due) if (run.live) await run.save(['latest']);
		open.savedAt = Date.now();
	}
}
