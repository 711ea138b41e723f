import { describe, expect, it, vi } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { queuedRuns, type EpochRow, type ExperimentRecord, type ImageEvidence, type RunRecord } from '#lib/core/run.ts';
import type { Trainer } from '#lib/core/trainer.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { Comparison } from './comparison.svelte.ts';
import { Selection } from './selection.svelte.ts';
import { Training } from './training.svelte.ts';

const loss = (key: string) => ({ key, label: key.toUpperCase(), loss: key, values: {}, learningRateFactor: 1 });
const spec: ExperimentSpec = { ...defaultSpec, losses: [loss('plain'), loss('steered')] };

const row = (runId: string, epoch: number, readings?: Record<string, number>): EpochRow => ({
	version: 1,
	experimentId: 'e',
	runId,
	epoch,
	step: epoch * 3,
	stepLosses: Float32Array.of(1, 1, 1),
	validationLoss: null,
	learningRate: 0.003,
	gradientNorm: 1,
	...(readings ? { readings } : {}),
	validation: [],
});

/** The record's `spec` and `split` may be others. */
async function comparisonOf(
	rows: readonly EpochRow[],
	change: Record<string, Partial<RunRecord>> = {},
	other: Partial<Pick<ExperimentRecord, 'spec' | 'split'>> = {},
	selection = new Selection(),
): Promise<Comparison> {
	const records = memoryRecords('a test');
	const fingerprint = 'f'.repeat(64);
	await records.putExperiment({
		version: 1,
		id: 'e',
		name: 'e',
		createdAt: 0,
		datasetId: 'd',
		datasetFingerprint: fingerprint,
		scheme: { kind: 'values', classes: [], ignore: [] },
		spec,
		split: { train: ['a'], validation: ['v'], test: [] },
		...other,
		hash: fingerprint,
		backend: null,
		runs: queuedRuns(other.spec ?? spec).map((run) => ({ ...run, ...change[run.id] })),
	});
	for (const one of rows)
		await records.putEpoch(one, [{ sampleId: 'v', kind: 'binary', width: 1, height: 1, data: Uint8Array.of(one.epoch) }]);
	const idle: Pick<Trainer, 'close'> = { close: () => Promise.resolve() };
	const training = new Training(records, idle as Trainer, ({ spec }) => Promise.resolve(spec));
	await training.reopen('e');
	return new Comparison(training, selection);
}

it('draws what a loss adapts over the epochs, and nothing for losses that adapt nothing', async () => {
	const { adaptations } = await comparisonOf([
		row('steered-s1', 2, { alpha: 0.4, beta: 0.6 }),
		row('steered-s1', 1, { alpha: 0.5 }),
		row('plain-s1', 1),
		row('plain-s1', 2),
	]);
	expect(adaptations).toEqual([
		{
			id: 'steered',
			name: 'STEERED',
			place: 1,
			readings: [
				{ name: 'alpha', x: [1, 2], y: [0.5, 0.4] },
				{ name: 'beta', x: [1, 2], y: [null, 0.6] },
			],
		},
	]);
});

it('has nothing to draw where no loss adapts anything', async () => {
	expect((await comparisonOf([row('plain-s1', 1)])).adaptations).toEqual([]);
});

it('shows a run that failed up to its last epoch and nothing after it', async () => {
	const rows = [row('plain-s1', 1), row('plain-s1', 2), row('plain-s1', 3), row('steered-s1', 1), row('steered-s1', 2)];
	const comparison = await comparisonOf(rows, { 'plain-s1': { state: 'finished', epoch: 3 }, 'steered-s1': { state: 'failed', epoch: 2 } });
	const shown = () => comparison.onImage('v').map(({ prediction }) => prediction?.data[0] ?? null);
	await vi.waitFor(() => expect(shown()).toEqual([3, null]));
	expect(comparison.onImage('v')[1]?.placeholder).toBe('– stopped after epoch 2');
});

it('shows the last epoch of a run that stopped early of its own accord', async () => {
	const rows = [row('plain-s1', 1), row('plain-s1', 2), row('steered-s1', 1)];
	const comparison = await comparisonOf(rows, {
		'plain-s1': { state: 'finished', epoch: 2 },
		'steered-s1': { state: 'finished', epoch: 1 },
	});
	await vi.waitFor(() => expect(comparison.onImage('v').map(({ prediction }) => prediction?.data[0])).toEqual([2, 1]));
});

describe('with folds', () => {
	const folded: ExperimentSpec = { ...spec, split: { ...spec.split, folds: 3 } };
	const split = { train: [], validation: ['a', 'b', 'c', 'd'], test: [], folds: [['a', 'b'], ['c'], ['d']] };
	/** `hits` of two foreground pixels are found: a Dice of 0, 2/3 or 1. */
	const image = (sampleId: string, hits: number): ImageEvidence => {
		const histogram = new Uint32Array(512);
		[histogram[511], histogram[256], histogram[0]] = [hits, 2 - hits, 1];
		return { kind: 'binary', sampleId, histogram };
	};
	const scored = (runId: string, images: readonly ImageEvidence[]): EpochRow => ({ ...row(runId, 1), validation: images });
	const rows = [
		scored('plain-s1-f1', [image('a', 2), image('b', 1)]),
		scored('plain-s1-f2', [image('c', 0)]),
		scored('plain-s1-f3', [image('d', 2)]),
		scored('steered-s1-f1', [image('a', 1), image('b', 0)]),
		scored('steered-s1-f2', [image('c', 0)]),
		scored('steered-s1-f3', [image('d', 2)]),
	];

	it('compares losses on every image once, in the fold that validates it', async () => {
		const comparison = await comparisonOf(rows, {}, { spec: folded, split });
		const [pair] = comparison.pairs();
		// plain − steered: 1 − 2/3, 2/3 − 0, 0 − 0 and 1 − 1: a mean of 1/4.
		expect(pair).toMatchObject({ images: 4, firstBetter: 2, secondBetter: 0 });
		expect(pair?.difference?.mean).toBeCloseTo(1 / 4, 12);
	});

	it('takes mean and deviation over the runs of all folds', async () => {
		const comparison = await comparisonOf(rows, {}, { spec: folded, split });
		const plain = comparison.scoresOf({ part: 'validation', which: 'last', pooling: 'per-image', classIndex: null })[0];
		// The folds have 5/6, 0 and 1.
		expect(plain).toMatchObject({ name: 'PLAIN', runs: 3 });
		expect(plain?.values['dice']).toBeCloseTo(11 / 18, 12);
		expect(plain?.spreads?.['dice']).toBeCloseTo(Math.sqrt((4 / 18) ** 2 / 2 + (11 / 18) ** 2 / 2 + (7 / 18) ** 2 / 2), 12);
	});

	it('offers no band that holds for independent runs alone', async () => {
		const comparison = await comparisonOf(rows, {}, { spec: folded, split });
		comparison.seedChoice = { view: 'mean', band: 'interval' };
		expect(comparison.band).toBe('deviation');
		const seeds = await comparisonOf([]);
		seeds.seedChoice = { view: 'mean', band: 'interval' };
		expect(seeds.band).toBe('interval');
	});

	it('shows the newest fold with its own images, or the one that is asked for', async () => {
		const selection = new Selection();
		const comparison = await comparisonOf(rows.slice(0, 2), {}, { spec: folded, split }, selection);
		expect([comparison.shownInWords, comparison.imageIds]).toEqual(['fold 2 of 3', ['c']]);
		comparison.turnTo('b');
		expect([comparison.shownInWords, comparison.imageIds]).toEqual(['fold 1 of 3', ['a', 'b']]);
		expect(comparison.onImage('a').map(({ runId, score }) => [runId, score])).toEqual([
			['plain-s1-f1', 1],
			['steered-s1-f1', null],
		]);
		comparison.seedChoice = { view: 'each', band: 'deviation' };
		expect(comparison.scores.map(({ name }) => name)).toEqual([
			...['PLAIN, fold 1 of 3', 'STEERED, fold 1 of 3', 'PLAIN, fold 2 of 3'],
			...['STEERED, fold 2 of 3', 'PLAIN, fold 3 of 3', 'STEERED, fold 3 of 3'],
		]);
	});
});
