import { expect, it, vi } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { queuedRuns, type EpochRow, type RunRecord } from '#lib/core/run.ts';
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

async function comparisonOf(rows: readonly EpochRow[], change: Record<string, Partial<RunRecord>> = {}): Promise<Comparison> {
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
		hash: fingerprint,
		backend: null,
		runs: queuedRuns(spec).map((run) => ({ ...run, ...change[run.id] })),
	});
	for (const one of rows)
		await records.putEpoch(one, [{ sampleId: 'v', kind: 'binary', width: 1, height: 1, data: Uint8Array.of(one.epoch) }]);
	const idle: Pick<Trainer, 'close'> = { close: () => Promise.resolve() };
	const training = new Training(records, idle as Trainer, ({ spec }) => Promise.resolve(spec));
	await training.reopen('e');
	return new Comparison(training, new Selection());
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
