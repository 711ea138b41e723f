/** The runs of one seed and fold over the same batches. */
import type { Records } from '#lib/core/records.ts';
import type { ExperimentRecord, RunEvent, RunRecord } from '#lib/core/run.ts';
import type { StartedBackend } from './backend.ts';
import { BatchMaker } from './batch-maker.ts';
import type { ExperimentData } from './experiment-data.ts';
import { LiveRun } from './live-run.ts';
import { disposeBatch, type Batch } from './targets.ts';

/** A checkpoint is written at least this often inside a long epoch. */
const checkpointEveryMs = 60_000;

interface RestoreParts extends Pick<LockStepParts, 'experiment' | 'data' | 'emit'> {
	/** Of the runs. */
	readonly records: readonly RunRecord[];
	readonly started: StartedBackend;
}

export interface LockStepParts {
	readonly experiment: ExperimentRecord;
	readonly data: ExperimentData;
	readonly batches: BatchMaker;
	readonly runs: readonly LiveRun[];
	readonly totalSteps: number;
	/** Steps done by the run that is furthest behind. */
	readonly step: number;
	readonly emit: (event: RunEvent) => void;
}

export class LockStep implements Disposable {
	readonly experiment: ExperimentRecord;
	readonly data: ExperimentData;
	readonly runs: readonly LiveRun[];
	readonly totalSteps: number;
	step: number;
	readonly #batches: BatchMaker;
	readonly #emit: (event: RunEvent) => void;
	#savedAt = Date.now();
	/** Steps whose numbers were not read back yet. */
	readonly #unread: { readonly step: number; readonly due: readonly LiveRun[]; readonly startedAt: number }[] = [];

	constructor({ experiment, data, batches, runs, totalSteps, step, emit }: LockStepParts) {
		this.experiment = experiment;
		this.data = data;
		this.runs = runs;
		this.totalSteps = totalSteps;
		this.step = step;
		this.#batches = batches;
		this.#emit = emit;
	}

	/**
	 * Makes the runs of one seed and fold and takes them to where they were left. `writers` are the backends that wrote their checkpoints,
	 * `written` what this one writes. Frees all of it when it throws.
	 */
	static async restore(
		storage: Records,
		{ experiment, data, records, started, emit }: RestoreParts,
	): Promise<{ readonly lockStep: LockStep; readonly writers: ReadonlySet<string>; readonly written: string }> {
		const { report, largestBufferBytes: largestBytes } = started;
		const { outputs, maps } = data;
		const written = `${report.name} ${report.device}`;
		const writers = new Set<string>();
		const batches = new BatchMaker(data.training, experiment.spec, records[0]?.seed ?? 0, { outputs, maps, largestBytes });
		const totalSteps = batches.stepsPerEpoch * experiment.spec.training.epochs;
		const runs: LiveRun[] = [];
		try {
			for (const record of records) {
				const run = new LiveRun(storage, experiment, data, record, totalSteps, written);
				runs.push(run);
				const writer = run.live ? await run.restore() : undefined;
				if (writer !== undefined) writers.add(writer);
			}
		} catch (error) {
			for (const made of [...runs, batches]) made[Symbol.dispose]();
			throw error;
		}
		// After a crash between two runs' checkpoints the runs may differ by an epoch; the later ones wait.
		const steps = runs.filter(({ live }) => live).map((run) => run.record.step);
		const step = steps.length > 0 ? Math.min(...steps) : totalSteps;
		return { lockStep: new LockStep({ experiment, data, batches, runs, totalSteps, step, emit }), writers, written };
	}

	/** True when no run has a step left. */
	get done(): boolean {
		return this.step >= this.totalSteps || !this.runs.some((run) => run.live && !run.exhausted);
	}

	/** Asks for all that a step and scoring will compute, for the backend to compile it. Nothing of it may be read. */
	rehearse(): void {
		const live = this.runs.filter((run) => run.live);
		const batch = this.#batch(live);
		try {
			for (const run of live) run.rehearse(batch);
		} finally {
			disposeBatch(batch);
		}
	}

	#batch(due: readonly LiveRun[]): Batch {
		return this.#batches.batch(this.step, [...new Set(due.flatMap((run) => run.targetNames))]);
	}

	/**
	 * Up to `steps` batches for every run that stands at the step. What the steps tell is read back together at the end, and before
	 * anything is stored or a loss needs it: on a GPU reading waits for all that was asked before.
	 * @param check throws when what was computed cannot be trusted
	 */
	async advance(steps: number, check: () => void): Promise<void> {
		for (let taken = 0; taken < steps && !this.done; taken++) await this.#step(check);
		await this.#settle(check);
	}

	async #step(check: () => void): Promise<void> {
		const startedAt = performance.now();
		const due = this.runs.filter((run) => run.live && !run.exhausted && run.record.step === this.step);
		const batch = this.#batch(due);
		const waiting = due.map((run) => run.take(batch));
		disposeBatch(batch);
		this.#unread.push({ step: this.step++, due, startedAt });
		const isEpochEnd = this.step % this.#batches.stepsPerEpoch === 0;
		const isSaveDue = Date.now() - this.#savedAt > checkpointEveryMs;
		if (isEpochEnd || isSaveDue || waiting.includes(true)) await this.#settle(check);
		if (isEpochEnd) await this.#endEpoch(due);
		else if (isSaveDue) await this.#saveAll(due);
	}

	/** Reads back what the steps since the last time gave, and tells it. */
	async #settle(check: () => void): Promise<void> {
		const unread = this.#unread.splice(0);
		const [head] = unread;
		if (!head) return;
		const runs = [...new Set(unread.flatMap(({ due }) => due))];
		const losses = await Promise.all(runs.map((run) => run.settle()));
		check();
		for (const run of runs) if (!run.live) this.#emit({ type: 'run', run: run.record });
		const elapsedMs = (performance.now() - head.startedAt) / unread.length;
		for (const { step } of unread) {
			const seen = runs.flatMap(({ record }, place): [string, number][] => {
				const loss = losses[place]?.get(step);
				return loss === undefined ? [] : [[record.id, loss]];
			});
			const epoch = Math.floor(step / this.#batches.stepsPerEpoch) + 1;
			const images = this.experiment.spec.training.batchSize * seen.length;
			this.#emit({ type: 'step', step, epoch, losses: seen, images, elapsedMs });
		}
	}

	async #endEpoch(due: readonly LiveRun[]): Promise<void> {
		this.#emit({ type: 'phase', phase: 'validating', detail: '' });
		for (const run of due) {
			if (!run.live) continue;
			const { row, previews } = await run.endEpoch();
			this.#emit({ type: 'epoch', row, previews });
			if (run.live && run.exhausted) await run.finish();
			this.#emit({ type: 'run', run: run.record });
		}
		this.#savedAt = Date.now();
	}

	async #saveAll(due: readonly LiveRun[]): Promise<void> {
		for (const run of due) if (run.live) await run.save(['latest']);
		this.#savedAt = Date.now();
	}

	[Symbol.dispose](): void {
		for (const run of this.runs) run[Symbol.dispose]();
		this.#batches[Symbol.dispose]();
	}
}
