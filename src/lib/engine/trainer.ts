/** The trainer in process: lock-step runs of one seed and fold over the same batches. `worker/` puts it behind a worker. */
import { AppError } from '#lib/core/errors.ts';
import type { Explored, ExploreRequest } from '#lib/core/explore.ts';
import type { ExportedRuns, ExportRequest } from '#lib/core/exported-runs.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { BatchRequest, BatchSteps } from '#lib/core/loss-steps.ts';
import type { Records } from '#lib/core/records.ts';
import type { ReportCard } from '#lib/core/report-card.ts';
import type { SlopeMap, SlopeRequest } from '#lib/core/slopes.ts';
import type { Speed, SpeedRequest } from '#lib/core/speed.ts';
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
import { ExperimentData } from './experiment-data.ts';
import { exportRuns } from './export-runs.ts';
import { explore } from './explore.ts';
import { judgeLoss } from './judge-loss.ts';
import { LockStep } from './lock-step.ts';
import { measureSpeed } from './measure-speed.ts';
import { checkFits, memoryFailure } from './memory-limit.ts';
import { exportModel, importModel } from './model-file.ts';
import { Predictor } from './predictor.ts';
import { slopeMaps } from './slopes.ts';
import { takeApart } from './take-apart.ts';

export class EngineTrainer implements Trainer {
	readonly #records: Records;
	readonly #platform: EnginePlatform;
	readonly #predictor: Predictor;
	#backend: Promise<StartedBackend> | null = null;
	#open: LockStep | null = null;
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
		const started = await this.#start(options.backend);
		const { report } = started;
		emit({ type: 'backend', backend: report });
		const stored = await this.#records.getExperiment(options.experimentId);
		if (!stored) throw new AppError('checkpoint-missing', { experiment: options.experimentId });
		const records = stored.runs.filter((run) => options.runIds.includes(run.id));
		const experiment = experimentOfFold(stored, records[0]?.fold);
		emit({ type: 'phase', phase: 'loading', detail: `${experiment.split.train.length} training images` });
		const data = await ExperimentData.load(this.#records, experiment);
		checkFits(started, experiment.spec, data.outputs, records.length);
		const { lockStep, writers, written } = await LockStep.restore(this.#records, { experiment, data, records, started, emit });
		this.#open = lockStep;
		for (const run of lockStep.runs.filter(({ live }) => live)) await run.update({ state: 'running' });
		if (report.name === 'webgpu' || report.name === 'webgl') emit({ type: 'phase', phase: 'compiling', detail: 'compiling shaders' });
		if (!lockStep.done)
			await started.compileAhead?.(() => lockStep.rehearse()).catch((error: unknown) => this.#explain(started.gpu, error));
		return {
			backend: report,
			step: lockStep.step,
			totalSteps: lockStep.totalSteps,
			parameters: lockStep.runs[0]?.parameters ?? 0,
			identicalResume: [...writers].every((writer) => writer === written),
		};
	}

	async advance(steps: number): Promise<Progress> {
		const open = this.#opened();
		const { gpu } = await this.#start('auto');
		await open.advance(steps, () => gpu.check()).catch((error: unknown) => this.#explain(gpu, error));
		return { step: open.step, totalSteps: open.totalSteps, done: open.done };
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
		this.#open?.[Symbol.dispose]();
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

	async measure(request: SpeedRequest): Promise<Speed> {
		const started = await this.#start(request.backend);
		const { gpu } = started;
		checkFits(started, request.spec, request.outputs, request.spec.losses.length);
		const speed = await measureSpeed(request, started).catch((error: unknown) => this.#explain(gpu, error));
		gpu.check();
		return speed;
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

	/** Throws what a failed step means. A lost device rejects what was being read; its loss is the failure, not that. */
	#explain(gpu: StartedBackend['gpu'], error: unknown): never {
		gpu.check();
		memoryFailure(error);
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
	): Promise<Pick<LockStep, 'experiment' | 'data'>> {
		const stored = await this.#records.getExperiment(experimentId);
		if (!stored) throw new AppError('checkpoint-missing', { experiment: experimentId });
		const fold = foldOf(stored);
		const experiment = experimentOfFold(stored, fold);
		const open = this.#open?.experiment.id === experimentId && this.#open.runs[0]?.record.fold === fold ? this.#open.data : undefined;
		return { experiment, data: open ?? (await ExperimentData.load(this.#records, experiment)) };
	}

	#opened(): LockStep {
		if (!this.#open) throw new TypeError('no experiment is open');
		return this.#open;
	}
}
