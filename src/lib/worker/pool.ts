/** Several trainers as one: the lock-step runs of a seed spread over workers, so that every core is used. */
import type { Explored, ExploreRequest } from '#lib/core/explore.ts';
import type { ExportedRuns, ExportRequest } from '#lib/core/exported-runs.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { ReportCard } from '#lib/core/report-card.ts';
import type { BatchRequest, BatchSteps } from '#lib/core/loss-steps.ts';
import type { SlopeMap, SlopeRequest } from '#lib/core/slopes.ts';
import { workersFor, type Speed, type SpeedRequest } from '#lib/core/speed.ts';
import type { BackendName, BackendReport, RunEvent } from '#lib/core/run.ts';
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

export type DisposableTrainer = Trainer & Disposable;

export interface PoolOptions {
	/** Makes one more trainer; the first is made on first use. */
	readonly create: () => DisposableTrainer;
	/** Processor cores of the machine. */
	readonly cores: number;
}

export class TrainerPool implements Trainer, Disposable {
	readonly #options: PoolOptions;
	readonly #trainers: DisposableTrainer[] = [];
	/** Trainers that hold runs of the open experiment. */
	#active: readonly DisposableTrainer[] = [];

	constructor(options: PoolOptions) {
		this.#options = options;
	}

	get #first(): DisposableTrainer {
		const first = this.#trainers[0] ?? this.#options.create();
		this.#trainers[0] = first;
		return first;
	}

	start(backend: OpenOptions['backend']): Promise<BackendReport> {
		return this.#first.start(backend);
	}

	/** As many trainers as so many runs are spread over. */
	#trainersFor(backend: BackendName, runs: number): readonly DisposableTrainer[] {
		const wanted = workersFor(backend, this.#options.cores, runs);
		while (this.#trainers.length < wanted) this.#trainers.push(this.#options.create());
		return this.#trainers.slice(0, wanted);
	}

	async open(options: OpenOptions, emit: (event: RunEvent) => void): Promise<OpenReport> {
		const { name } = await this.start(options.backend);
		this.#active = this.#trainersFor(name, options.runIds.length);
		const share = (place: number): string[] => options.runIds.filter((_, run) => run % this.#active.length === place);
		const reports = await Promise.all(
			this.#active.map((trainer, place) => trainer.open({ ...options, backend: name, runIds: share(place) }, emit)),
		);
		const [first] = reports;
		if (!first) throw new TypeError('no trainer is open');
		return {
			...first,
			step: Math.min(...reports.map((report) => report.step)),
			identicalResume: reports.every((report) => report.identicalResume),
		};
	}

	async advance(steps: number): Promise<Progress> {
		const all = await Promise.all(this.#active.map((trainer) => trainer.advance(steps)));
		return {
			step: Math.min(...all.map((progress) => progress.step)),
			totalSteps: Math.max(...all.map((progress) => progress.totalSteps)),
			done: all.every((progress) => progress.done),
		};
	}

	async checkpoint(options: CheckpointOptions): Promise<void> {
		await Promise.all(this.#active.map((trainer) => trainer.checkpoint(options)));
	}

	/** Frees the runs and ends every worker but the first, which stays for predictions. */
	async close(): Promise<void> {
		await Promise.all(this.#active.map((trainer) => trainer.close()));
		this.#active = [];
		this.#endOthers();
	}

	#endOthers(): void {
		for (const trainer of this.#trainers.splice(1)) trainer[Symbol.dispose]();
	}

	/** All workers at once, each with the losses that it would train: the slowest sets the pace. */
	async measure(request: SpeedRequest): Promise<Speed> {
		const { name } = await this.start(request.backend);
		const { spec } = request;
		const trainers = this.#trainersFor(name, spec.losses.length);
		const share = (place: number) => spec.losses.filter((_, loss) => loss % trainers.length === place);
		try {
			const speeds = await Promise.all(
				trainers.map((trainer, place) => trainer.measure({ ...request, backend: name, spec: { ...spec, losses: share(place) } })),
			);
			const slowest = (key: keyof Speed): number => Math.max(...speeds.map((speed) => speed[key]));
			return {
				stepMs: slowest('stepMs'),
				squareMs: slowest('squareMs'),
				megapixelMs: slowest('megapixelMs'),
				saveMs: slowest('saveMs'),
			};
		} finally {
			if (this.#active.length === 0) this.#endOthers();
		}
	}

	predict(options: PredictOptions): Promise<Prediction> {
		return this.#first.predict(options);
	}

	exportModel(model: ModelRef): Promise<Uint8Array<ArrayBuffer>> {
		return this.#first.exportModel(model);
	}

	judge(loss: LossChoice, channels: number): Promise<ReportCard> {
		return this.#first.judge(loss, channels);
	}

	slopes(request: SlopeRequest): Promise<SlopeMap[]> {
		return this.#first.slopes(request);
	}

	explore(request: ExploreRequest): Promise<Explored[]> {
		return this.#first.explore(request);
	}

	takeApart(request: BatchRequest): Promise<BatchSteps> {
		return this.#first.takeApart(request);
	}

	exportRuns(request: ExportRequest): Promise<ExportedRuns> {
		return this.#first.exportRuns(request);
	}

	importModel(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
		return this.#first.importModel(bytes, name);
	}

	/** Ends every worker; the next call starts anew, for instance with another backend. */
	restart(): void {
		for (const trainer of this.#trainers.splice(0)) trainer[Symbol.dispose]();
		this.#active = [];
	}

	[Symbol.dispose](): void {
		this.restart();
	}
}
