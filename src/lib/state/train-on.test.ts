import { expect, test } from 'vitest';
import { checkpointHash } from '#lib/core/hash.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { checkpoint, experiment } from '#lib/storage/testing/records-fixtures.ts';
import { originInWords, weightsOrigin } from './train-on.ts';

const record = experiment('e', ['dice-s1', 'focal-s1']);

async function stored() {
	const records = memoryRecords('a test');
	for (const runId of ['dice-s1', 'focal-s1']) {
		await records.putCheckpoint(checkpoint('e', runId, 3, ['latest', 'best']));
		await records.putCheckpoint(checkpoint('e', runId, 6, ['latest']));
	}
	return records;
}

test('each run begins with its own best or last weights', async () => {
	const records = await stored();
	const best = await weightsOrigin(records, record, { which: 'best', runId: null });
	const [first] = await records.listCheckpoints('e', 'dice-s1');
	expect(best.runs.map(({ runId, from, epoch }) => [runId, from, epoch])).toEqual([
		['dice-s1', 'dice-s1', 1],
		['focal-s1', 'focal-s1', 1],
	]);
	expect(best.runs[0]?.checkpoint).toBe(await checkpointHash(first!));
	const last = await weightsOrigin(records, record, { which: 'last', runId: null });
	expect(last.runs.map(({ epoch }) => epoch)).toEqual([2, 2]);
	expect(originInWords({ ...last, runs: last.runs.slice(0, 1) })).toBe('last weights of each run in “Experiment e”, epoch 2');
});

test('all runs begin with the weights of one', async () => {
	const origin = await weightsOrigin(await stored(), record, { which: 'last', runId: 'focal-s1' });
	expect(origin.runs.map(({ runId, from }) => [runId, from])).toEqual([
		['dice-s1', 'focal-s1'],
		['focal-s1', 'focal-s1'],
	]);
	expect(originInWords(origin)).toBe('last weights of focal-s1 in “Experiment e”, epoch 2');
});

test('a run without such weights is an error', async () => {
	const records = memoryRecords('a test');
	await records.putCheckpoint(checkpoint('e', 'dice-s1', 3, ['latest']));
	await expect(weightsOrigin(records, record, { which: 'best', runId: null })).rejects.toMatchObject({ code: 'checkpoint-missing' });
	await expect(weightsOrigin(records, record, { which: 'last', runId: null })).rejects.toMatchObject({ code: 'checkpoint-missing' });
});
