import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import type { Records } from '#lib/core/records.ts';
import type { RunEvent, RunRecord } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import type { Trainer } from '#lib/core/trainer.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { Training } from './training.svelte.ts';

const dataset: DatasetMeta = {
	version: 1,
	id: 'd',
	name: 'cells',
	createdAt: 0,
	source: { kind: 'files' },
	samples: [],
	scheme: {
		kind: 'values',
		classes: [
			{ name: 'background', values: [0] },
			{ name: 'cell', values: [1] },
		],
		ignore: [],
	},
	sizeBytes: 0,
	fingerprint: 'f',
};
const loss = (key: string) => ({ key, label: key, loss: 'dice', values: {}, learningRateFactor: 1 });
const spec: ExperimentSpec = {
	...defaultSpec,
	seeds: [1, 2],
	losses: [loss('a'), loss('b')],
	training: { ...defaultSpec.training, epochs: 3, stepsPerEpoch: 2 },
};
/** Nothing has to be recorded. */
const given = ({ spec: own }: { readonly spec: ExperimentSpec }) => Promise.resolve(own);
const split = { train: ['1', '2'], validation: [], test: [] };

/** A trainer of six steps that only counts; `onAdvance` runs before each slice. */
class CountingTrainer implements Pick<Trainer, 'start' | 'open' | 'advance' | 'checkpoint' | 'close'> {
	readonly calls: string[] = [];
	readonly #records: Records;
	#steps = new Map<string, number>();
	#open: readonly string[] = [];
	#emit: (event: RunEvent) => void = () => undefined;
	onAdvance: () => void = () => undefined;

	constructor(records: Records) {
		this.#records = records;
	}

	start() {
		return Promise.resolve({ name: 'cpu', device: '', reason: '' } as const);
	}

	open: Trainer['open'] = ({ runIds }, emit) => {
		this.calls.push(`open ${runIds.join(' ')}`);
		this.#open = runIds;
		this.#emit = emit;
		return Promise.resolve({
			backend: { name: 'cpu', device: '', reason: '' },
			step: this.#step,
			totalSteps: 6,
			parameters: 1,
			identicalResume: true,
		});
	};

	get #step(): number {
		return Math.min(...this.#open.map((id) => this.#steps.get(id) ?? 0));
	}

	advance: Trainer['advance'] = (steps) => {
		this.onAdvance();
		for (let i = 0; i < steps && this.#step < 6; i++) {
			const step = this.#step;
			this.#emit({ type: 'step', step, epoch: 1, losses: this.#open.map((id) => [id, 0.5]), images: 2, elapsedMs: 1 });
			for (const id of this.#open) this.#steps.set(id, step + 1);
		}
		return Promise.resolve({ step: this.#step, totalSteps: 6, done: this.#step >= 6 });
	};

	checkpoint: Trainer['checkpoint'] = async ({ final }) => {
		this.calls.push(final ? 'finish' : 'save');
		for (const id of this.#open) {
			const experiment = (await this.#records.listExperiments())[0];
			const old = experiment?.runs.find((run) => run.id === id);
			if (!experiment || !old) throw new Error('no run');
			const run: RunRecord = { ...old, state: final ? 'finished' : 'paused', step: this.#steps.get(id) ?? 0 };
			await this.#records.updateRun(experiment.id, id, run);
			this.#emit({ type: 'run', run });
		}
	};

	close: Trainer['close'] = () => {
		this.calls.push('close');
		return Promise.resolve();
	};
}

describe('Training', () => {
	let trainer: CountingTrainer;
	let training: Training;
	let records: Records;

	beforeEach(() => {
		records = memoryRecords('a test');
		trainer = new CountingTrainer(records);
		const unused = () => Promise.reject(new Error('not part of this test'));
		const whole: Trainer = Object.assign(trainer, {
			predict: unused,
			exportModel: unused,
			importModel: unused,
			measure: unused,
			judge: unused,
			slopes: unused,
			explore: unused,
			takeApart: unused,
			exportRuns: unused,
		});
		training = new Training(records, whole, given, () => 50);
	});

	it('says how long all seeds will take before the first step, where that was measured', async () => {
		const eta: (number | null)[] = [];
		trainer.onAdvance = () => eta.push(training.pace.etaMs);
		await training.start(dataset, spec, split, 'auto');
		// Six steps of 50 ms, and six more of the second seed.
		expect(eta[0]).toBe(600);
		expect(trainer.calls.at(-1)).toBe('close');
	});

	it('trains the seeds one after the other and finishes every run', async () => {
		await training.start(dataset, spec, split, 'auto');
		expect(trainer.calls).toEqual(['open a-s1 b-s1', 'finish', 'close', 'open a-s2 b-s2', 'finish', 'close']);
		expect(training.phase).toBe('idle');
		expect(training.runs.map((run) => [run.id, run.state, run.step])).toEqual([
			['a-s1', 'finished', 6],
			['b-s1', 'finished', 6],
			['a-s2', 'finished', 6],
			['b-s2', 'finished', 6],
		]);
		expect(training.resumable).toBe(false);
	});

	it('trains the folds of a seed one after the other, all losses of a fold together', async () => {
		const folded = { ...spec, split: { ...spec.split, folds: 3 } };
		const dealt = { train: [], validation: ['1', '2', '3'], test: [], folds: [['1'], ['2'], ['3']] };
		await training.start(dataset, folded, dealt, 'auto');
		expect(trainer.calls.filter((call) => call.startsWith('open'))).toEqual([
			...['open a-s1-f1 b-s1-f1', 'open a-s1-f2 b-s1-f2', 'open a-s1-f3 b-s1-f3'],
			...['open a-s2-f1 b-s2-f1', 'open a-s2-f2 b-s2-f2', 'open a-s2-f3 b-s2-f3'],
		]);
		expect(training.runs.every(({ state }) => state === 'finished')).toBe(true);
	});

	it('pauses after the slice under way, keeps a checkpoint, and resumes where it stood', async () => {
		trainer.onAdvance = () => training.pause();
		await training.start(dataset, spec, split, 'auto');
		expect([training.phase, training.resumable]).toEqual(['paused', true]);
		expect(trainer.calls.at(-1)).toBe('save');
		const stoodAt = training.runs[0]?.step;
		trainer.onAdvance = () => undefined;
		await training.resume('auto', 1);
		expect(training.runs[0]?.step).toBe((stoodAt ?? 0) + 1);
		await training.resume('auto');
		expect(training.runs.every((run) => run.state === 'finished')).toBe(true);
	});

	it('ends every run on Stop, those of later seeds too', async () => {
		trainer.onAdvance = () => void training.stop('auto');
		await training.start(dataset, spec, split, 'auto');
		expect(training.phase).toBe('idle');
		expect(training.runs.every((run) => run.state === 'finished')).toBe(true);
		expect(trainer.calls.filter((call) => call.startsWith('open'))).toEqual(['open a-s1 b-s1']);
	});

	it('is paused, with the reason, when the trainer dies, and opens the runs again on Resume', async () => {
		trainer.onAdvance = () => {
			throw new AppError('worker-died');
		};
		await training.start(dataset, spec, split, 'auto');
		expect(training.phase).toBe('paused');
		expect(training.error).toMatchObject({ code: 'worker-died' });
		trainer.onAdvance = () => undefined;
		await training.resume('auto');
		expect(training.error).toBeNull();
		expect(trainer.calls.filter((call) => call === 'open a-s1 b-s1')).toHaveLength(2);
		expect(training.phase).toBe('idle');
	});

	it('says where a reopened experiment stands before anything is trained', async () => {
		trainer.onAdvance = () => training.pause();
		await training.start(dataset, spec, split, 'auto');
		const again = new Training(
			records,
			Object.assign(new CountingTrainer(records), { predict: training.pin, exportModel: training.pin, importModel: training.pin }) as never,
			given,
		);
		await again.reopen(training.experiment?.id ?? '');
		expect([again.phase, again.totalSteps, again.pace.done]).toEqual(['paused', 6, training.runs[0]?.step]);
	});
});
