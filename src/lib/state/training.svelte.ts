/** One experiment on the screen: its runs, their curves and previews, and the buttons that move them. */
import { AppError } from '#lib/core/errors.ts';
import { stepsPerEpoch, type ExperimentSpec } from '#lib/core/experiment.ts';
import { comparisonHash } from '#lib/core/hash.ts';
import type { Records } from '#lib/core/records.ts';
import {
	isSameRepeat,
	queuedRuns,
	repeatsOf,
	type BackendName,
	type BackendReport,
	type EpochRow,
	type ExperimentRecord,
	type Repeat,
	type RunEvent,
	type RunRecord,
	type WeightsOrigin,
} from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { splitOfFold, type Split } from '#lib/core/split.ts';
import type { OpenReport, Trainer } from '#lib/core/trainer.ts';
import { Pace } from './pace.svelte.ts';
import { Previews } from './previews.svelte.ts';

/**
 * `idle`: nothing open or nothing left to do · `starting`: building nets · `running` · `pausing`, `stopping`: finishing
 * the batch and writing a checkpoint · `paused`: can be resumed.
 */
export type Phase = 'idle' | 'starting' | 'running' | 'pausing' | 'stopping' | 'paused';

/** Milliseconds of work asked for at a time: short enough for Pause to feel at once, long enough to cost nothing. */
const sliceMs = 250;

/** Milliseconds that a lock-step batch of a fold is expected to take; null where nothing was measured. */
export type ExpectStep = (experiment: ExperimentRecord, fold: number | undefined, backend: BackendReport) => number | null;

const isOpen = (run: RunRecord): boolean => run.state !== 'finished' && run.state !== 'failed';

export class Training {
	experiment = $state.raw<ExperimentRecord | null>(null);
	phase = $state<Phase>('idle');
	/** What the trainer is doing, in a few words. */
	doing = $state('');
	backend = $state.raw<BackendReport | null>(null);
	error = $state.raw<unknown>(null);
	/** Set after resuming on another backend than the checkpoint's. */
	notIdentical = $state(false);
	totalSteps = $state(0);
	rows = $state.raw<readonly EpochRow[]>([]);
	/** Losses of the epoch under way, by run; replaced on every change. */
	partial = $state.raw<ReadonlyMap<string, readonly number[]>>(new Map());
	/** Of the training workers; see `App.foreignRequests`. */
	foreignRequests = $state(0);
	readonly pace = new Pace();
	readonly previews: Previews;
	readonly #records: Records;
	readonly #trainer: Trainer;
	readonly #record: (experiment: ExperimentRecord) => Promise<ExperimentSpec>;
	readonly #expect: ExpectStep;
	/** Whose runs the trainer holds. */
	current = $state.raw<Repeat | null>(null);

	/** `record` gives the spec of an experiment with its own losses recorded, for one that came without recordings. */
	constructor(
		records: Records,
		trainer: Trainer,
		record: (experiment: ExperimentRecord) => Promise<ExperimentSpec>,
		expect: ExpectStep = () => null,
	) {
		this.#records = records;
		this.#trainer = trainer;
		this.#record = record;
		this.#expect = expect;
		this.previews = new Previews(records);
	}

	readonly runs: readonly RunRecord[] = $derived(this.experiment?.runs ?? []);
	/** Epochs that every run of the list has a row of, or the newest of any run while it trains. */
	readonly epochs: number = $derived(this.rows.reduce((most, row) => Math.max(most, row.epoch), 0));
	readonly active: boolean = $derived(this.phase !== 'idle' && this.phase !== 'paused');
	readonly resumable: boolean = $derived(!this.active && this.runs.some(isOpen));

	/** Makes a new experiment of the spec, which may take a while to get ready, and starts it, from weights of other runs where they are given. */
	async start(
		dataset: DatasetMeta,
		given: ExperimentSpec | Promise<ExperimentSpec>,
		split: Split,
		backend: BackendName | 'auto',
		startsFrom?: WeightsOrigin,
	): Promise<void> {
		await this.#guarded(async () => {
			const spec = await given;
			await this.#release();
			const createdAt = Date.now();
			const record: ExperimentRecord = {
				version: 1,
				id: crypto.randomUUID(),
				name: `${dataset.name}, ${spec.losses.length} losses${startsFrom ? ', trained on' : ''}`,
				createdAt,
				datasetId: dataset.id,
				datasetFingerprint: dataset.fingerprint,
				scheme: $state.snapshot(dataset.scheme),
				spec: $state.snapshot(spec),
				split,
				hash: await comparisonHash(spec, dataset, split, startsFrom),
				backend: null,
				runs: queuedRuns(spec),
				...(startsFrom ? { startsFrom } : {}),
			};
			await this.#records.putExperiment(record);
			this.#show(record, []);
			await this.#run(backend, Infinity);
		});
	}

	/** Shows a stored experiment as it was left. */
	async reopen(experimentId: string): Promise<void> {
		const record = await this.#records.getExperiment(experimentId);
		if (!record) throw new AppError('checkpoint-missing', { experiment: experimentId });
		await this.#release();
		const runs = record.runs.map((run) => (run.state === 'running' ? { ...run, state: 'paused' as const } : run));
		this.#show({ ...record, runs }, await this.#records.listRows(experimentId));
		this.phase = runs.some(isOpen) ? 'paused' : 'idle';
		const { training } = record.spec;
		const { train } = splitOfFold(record.split, (runs.find(isOpen) ?? runs.at(-1))?.fold);
		this.totalSteps = training.epochs * stepsPerEpoch(training, train.length);
		this.pace.begin(Math.max(0, ...runs.filter(isOpen).map((run) => run.step)), this.totalSteps);
	}

	/** Goes on where the runs stand; `steps` stops after so many. */
	async resume(backend: BackendName | 'auto', steps = Infinity): Promise<void> {
		if (!this.resumable) return;
		await this.#guarded(() => this.#run(backend, steps));
	}

	pause(): void {
		if (this.phase === 'running' || this.phase === 'starting') this.phase = 'pausing';
	}

	/** Ends the runs for good where they stand, and keeps their models. */
	async stop(backend: BackendName | 'auto'): Promise<void> {
		if (this.phase === 'running' || this.phase === 'starting') {
			this.phase = 'stopping';
			return;
		}
		if (this.phase !== 'paused') return;
		await this.#guarded(async () => {
			this.phase = 'stopping';
			await this.#openRuns(backend);
			await this.#finishRepeat();
		});
	}

	/** Keeps the paused runs' weights as they are, whatever comes after. */
	async pin(backend: BackendName | 'auto'): Promise<void> {
		if (this.phase !== 'paused') return;
		await this.#guarded(async () => {
			await this.#openRuns(backend);
			await this.#trainer.checkpoint({ final: false, pinned: true });
			this.doing = `step ${this.pace.done} is pinned`;
		});
	}

	/** Nothing on the screen. */
	async clear(): Promise<void> {
		await this.#release();
		this.experiment = null;
		this.rows = [];
		this.phase = 'idle';
	}

	/** Pauses and resolves when the checkpoint is written; at once when nothing runs. */
	async pauseAndWait(): Promise<void> {
		this.pause();
		await this.#work;
	}

	/** The trainer's workers are about to end: what is open there is opened again from its checkpoint. */
	async forgetTrainer(): Promise<void> {
		await this.#release();
	}

	#show(record: ExperimentRecord, rows: readonly EpochRow[]): void {
		this.experiment = record;
		this.backend = record.backend;
		this.rows = rows;
		this.partial = new Map();
		this.previews.reset(record.id);
		this.notIdentical = false;
		this.doing = '';
	}

	#work: Promise<void> = Promise.resolve();

	#guarded(work: () => Promise<void>): Promise<void> {
		this.#work = this.#catching(work);
		return this.#work;
	}

	async #catching(work: () => Promise<void>): Promise<void> {
		this.error = null;
		try {
			await work();
		} catch (error) {
			this.error = error;
			this.current = null;
			this.phase = this.runs.some(isOpen) ? 'paused' : 'idle';
		}
	}

	async #release(): Promise<void> {
		if (this.current) await this.#trainer.close();
		this.current = null;
	}

	/** The first run that is not done; those that share its seed and fold train with it. */
	#next(): RunRecord | undefined {
		return this.runs.find(isOpen);
	}

	async #openRuns(backend: BackendName | 'auto'): Promise<OpenReport | null> {
		const { experiment } = this;
		const next = this.#next();
		if (!experiment || !next || (this.current && isSameRepeat(this.current, next))) return null;
		const runIds = this.runs.filter((run) => isSameRepeat(run, next) && isOpen(run)).map((run) => run.id);
		this.partial = new Map();
		if (experiment.spec.losses.some(({ own }) => own?.graphs.length === 0))
			this.experiment = { ...experiment, spec: await this.#record(experiment) };
		await this.#noteBackend(await this.#trainer.start(backend));
		const report = await this.#trainer.open({ experimentId: experiment.id, runIds, backend }, (event) => this.#hear(event));
		this.current = next;
		this.notIdentical = !report.identicalResume;
		this.totalSteps = report.totalSteps;
		this.backend = report.backend;
		this.pace.begin(report.step, report.totalSteps, {
			laterSteps: this.#waiting(next) * report.totalSteps,
			expectedStepMs: this.#expect(experiment, next.fold, report.backend),
		});
		return report;
	}

	/** Seeds and folds that come after the one that trains. */
	#waiting(now: Repeat): number {
		const repeats = this.experiment ? repeatsOf(this.experiment.spec) : [];
		return repeats.filter((repeat) => !isSameRepeat(repeat, now) && this.runs.some((run) => isOpen(run) && isSameRepeat(run, repeat)))
			.length;
	}

	/** With recordings that were just made. Before the runs are open: afterwards only the trainer writes to the record. */
	async #noteBackend(backend: BackendReport): Promise<void> {
		this.backend = backend;
		if (!this.experiment) return;
		this.experiment = { ...this.experiment, backend };
		await this.#records.putExperiment($state.snapshot(this.experiment));
	}

	async #run(backend: BackendName | 'auto', steps: number): Promise<void> {
		this.phase = 'starting';
		while (this.#next()) {
			await this.#openRuns(backend);
			// Pause and Stop may have been pressed while the nets were built.
			if (this.#isIn('starting')) this.phase = 'running';
			const done = await this.#advanceUntilAsked(steps);
			if (done || this.#isIn('stopping')) await this.#finishRepeat();
			else {
				await this.#trainer.checkpoint({ final: false });
				this.phase = 'paused';
			}
			if (!this.#isIn('running')) return;
		}
		this.phase = 'idle';
	}

	/** The phase as it is now: buttons move it while a call is awaited, which the compiler cannot know. */
	#isIn(phase: Phase): boolean {
		return this.phase === phase;
	}

	/** Resolves true when the runs are done, false when a pause, a stop or the limit of steps came first. */
	async #advanceUntilAsked(limit: number): Promise<boolean> {
		let left = limit;
		while (this.phase === 'running' && left > 0) {
			const slice = Math.min(left, Math.max(1, Math.min(50, Math.floor(sliceMs / this.pace.stepMs))));
			const progress = await this.#trainer.advance(slice);
			left -= slice;
			if (progress.done) return true;
		}
		return false;
	}

	async #finishRepeat(): Promise<void> {
		const stopped = this.phase === 'stopping';
		await this.#trainer.checkpoint({ final: true });
		await this.#release();
		this.doing = '';
		if (!stopped) return;
		// Runs of seeds and folds that never began are closed as well: Stop ends the experiment.
		for (const run of this.runs.filter(isOpen)) await this.#close(run);
		this.phase = 'idle';
	}

	async #close(run: RunRecord): Promise<void> {
		const closed: RunRecord = { ...run, state: 'finished' };
		if (this.experiment) await this.#records.updateRun(this.experiment.id, run.id, closed);
		this.#replaceRun(closed);
	}

	#replaceRun(run: RunRecord): void {
		if (!this.experiment) return;
		this.experiment = { ...this.experiment, runs: this.experiment.runs.map((old) => (old.id === run.id ? run : old)) };
	}

	#hear(event: RunEvent): void {
		switch (event.type) {
			case 'phase':
				this.doing = event.detail || event.phase;
				return;
			case 'backend':
				this.backend = event.backend;
				return;
			case 'step':
				this.doing = '';
				this.pace.step(event.step, event.losses.length, event.images);
				this.#addLosses(event.losses);
				return;
			case 'epoch':
				this.previews.add(event.row.runId, event.row.epoch, event.previews);
				this.rows = [...this.rows.filter((row) => row.runId !== event.row.runId || row.epoch !== event.row.epoch), event.row];
				this.partial = new Map([...this.partial].filter(([runId]) => runId !== event.row.runId));
				return;
			case 'run':
				this.#replaceRun(event.run);
				return;
			case 'checkpoint':
				return;
			case 'foreign-requests':
				this.foreignRequests += event.count;
				return;
			default:
				event satisfies never;
		}
	}

	#addLosses(losses: readonly (readonly [string, number])[]): void {
		const next = new Map(this.partial);
		for (const [runId, loss] of losses) next.set(runId, [...(next.get(runId) ?? []), loss]);
		this.partial = next;
	}
}
