/** The trainer across the worker. The caller cannot tell it from the one in process. */
import { expose, transfer, wrap } from 'comlink';
import { AppError } from '#lib/core/errors.ts';
import type { Explored, ExploreRequest } from '#lib/core/explore.ts';
import type { ExportedRuns, ExportRequest } from '#lib/core/exported-runs.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { Records } from '#lib/core/records.ts';
import type { ReportCard } from '#lib/core/report-card.ts';
import type { BatchRequest, BatchSteps } from '#lib/core/loss-steps.ts';
import type { SlopeMap, SlopeRequest } from '#lib/core/slopes.ts';
import type { Speed, SpeedRequest } from '#lib/core/speed.ts';
import type { BackendReport, RunEvent } from '#lib/core/run.ts';
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
import { startModuleWorker } from './start-worker.ts';
import workerUrl from './train.worker.ts?worker&url';
import { fromWire, isEventMessage, type Reply, type TrainWorkerApi } from './wire.ts';

export interface TrainerClientOptions {
	readonly basePath: string;
	/** The page's records when they live in memory; null when the worker opens IndexedDB itself. */
	readonly memoryRecords: Records | null;
}

export class TrainerClient implements Trainer, Disposable {
	readonly #worker: Worker;
	readonly #api: ReturnType<typeof wrap<TrainWorkerApi>>;
	readonly #connected: Promise<void>;
	/** Rejects when the worker dies; calls race against it, because Comlink never settles them then. */
	readonly #death: Promise<never>;
	#die: (reason: AppError) => void = () => undefined;
	#emit: (event: RunEvent) => void = () => undefined;

	constructor({ basePath, memoryRecords }: TrainerClientOptions) {
		this.#worker = startModuleWorker(workerUrl);
		this.#api = wrap<TrainWorkerApi>(this.#worker);
		this.#death = new Promise((_, reject) => (this.#die = reject));
		this.#death.catch(() => undefined);
		this.#worker.addEventListener('error', (event) =>
			this.#die(new AppError('worker-died', { message: event.message || 'no reason given' })),
		);
		this.#worker.addEventListener('messageerror', () => this.#die(new AppError('worker-died', { message: 'a message could not be read' })));
		this.#worker.addEventListener('message', (event: MessageEvent<unknown>) => {
			if (isEventMessage(event.data)) this.#emit(event.data.overlapEvent);
		});
		this.#connected = this.#connect(basePath, memoryRecords);
		this.#connected.catch(() => undefined);
	}

	async #connect(basePath: string, memoryRecords: Records | null): Promise<void> {
		if (!memoryRecords) return this.#settle(this.#api.connect(basePath, null));
		const { port1, port2 } = new MessageChannel();
		expose(memoryRecords, port1);
		return this.#settle(this.#api.connect(basePath, transfer(port2, [port2])));
	}

	async #settle<T>(call: Promise<Reply<T>>): Promise<T> {
		const answer = await Promise.race([call, this.#death]);
		if (answer.ok) return answer.value;
		throw fromWire(answer.error);
	}

	async #call<T>(call: () => Promise<Reply<T>>): Promise<T> {
		await this.#connected;
		return this.#settle(call());
	}

	start(backend: OpenOptions['backend']): Promise<BackendReport> {
		return this.#call(() => this.#api.start(backend));
	}

	open(options: OpenOptions, emit: (event: RunEvent) => void): Promise<OpenReport> {
		this.#emit = emit;
		return this.#call(() => this.#api.open(options));
	}

	advance(steps: number): Promise<Progress> {
		return this.#call(() => this.#api.advance(steps));
	}

	checkpoint(options: CheckpointOptions): Promise<void> {
		return this.#call(() => this.#api.checkpoint(options));
	}

	close(): Promise<void> {
		return this.#call(() => this.#api.close());
	}

	predict(options: PredictOptions): Promise<Prediction> {
		return this.#call(() => this.#api.predict(options));
	}

	exportModel(model: ModelRef): Promise<Uint8Array<ArrayBuffer>> {
		return this.#call(() => this.#api.exportModel(model));
	}

	measure(request: SpeedRequest): Promise<Speed> {
		return this.#call(() => this.#api.measure(request));
	}

	judge(loss: LossChoice, channels: number): Promise<ReportCard> {
		return this.#call(() => this.#api.judge(loss, channels));
	}

	slopes(request: SlopeRequest): Promise<SlopeMap[]> {
		return this.#call(() => this.#api.slopes(request));
	}

	explore(request: ExploreRequest): Promise<Explored[]> {
		return this.#call(() => this.#api.explore(request));
	}

	takeApart(request: BatchRequest): Promise<BatchSteps> {
		return this.#call(() => this.#api.takeApart(request));
	}

	exportRuns(request: ExportRequest): Promise<ExportedRuns> {
		return this.#call(() => this.#api.exportRuns(request));
	}

	importModel(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
		return this.#call(() => this.#api.importModel(bytes, name));
	}

	/** Ends the worker at once; calls still open reject with `cancelled`. */
	[Symbol.dispose](): void {
		this.#die(new AppError('cancelled'));
		this.#worker.terminate();
	}
}
