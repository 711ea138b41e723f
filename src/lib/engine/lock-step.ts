/** The runs of one seed and fold over the same batches. */
import type { ExperimentRecord, RunEvent } from '#lib/core/run.ts';
import type { BatchSource } from './batches.ts';
import type { ExperimentData } from './experiment-data.ts';
import type { LiveRun } from './live-run.ts';
import { disposeBatch, toBatch } from './targets.ts';

/** A checkpoint is written at least this often inside a long epoch. */
const checkpointEveryMs = 60_000;

export interface LockStepParts {
	readonly experiment: ExperimentRecord;
	readonly data: ExperimentData;
	readonly batches: BatchSource;
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
	readonly #batches: BatchSource;
	readonly #emit: (event: RunEvent) => void;
	#savedAt = Date.now();

	constructor({ experiment, data, batches, runs, totalSteps, step, emit }: LockStepParts) {
		this.experiment = experiment;
		this.data = data;
		this.runs = runs;
		this.totalSteps = totalSteps;
		this.step = step;
		this.#batches = batches;
		this.#emit = emit;
	}

	/** True when no run has a step left. */
	get done(): boolean {
		return this.step >= this.totalSteps || !this.runs.some((run) => run.live && !run.exhausted);
	}

	/** One batch for every run that stands at this step. `check` throws when what was computed cannot be trusted. */
	async advance(check: () => void): Promise<void> {
		const startedAt = performance.now();
		const due = this.runs.filter((run) => run.live && !run.exhausted && run.record.step === this.step);
		const targetNames = [...new Set(due.flatMap((run) => run.targetNames))];
		const batch = toBatch(this.#batches.pairs(this.step), this.data.outputs, targetNames, this.data.maps);
		const losses: [string, number][] = [];
		for (const run of due) {
			const loss = await run.step(batch);
			if (loss !== null) losses.push([run.record.id, loss]);
			else this.#emit({ type: 'run', run: run.record });
		}
		disposeBatch(batch);
		check();
		const step = this.step++;
		const epoch = Math.floor(step / this.#batches.stepsPerEpoch) + 1;
		const images = this.experiment.spec.training.batchSize * due.length;
		this.#emit({ type: 'step', step, epoch, losses, images, elapsedMs: performance.now() - startedAt });
		if (this.step % this.#batches.stepsPerEpoch === 0) await this.#endEpoch(due);
		else if (Date.now() - this.#savedAt > checkpointEveryMs) await this.#saveAll(due);
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
	}
}
