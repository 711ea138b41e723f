import { beforeEach, describe, expect, it } from 'vitest';
import { checkpointHash } from '#lib/core/hash.ts';
import type { Checkpoint, Records } from '#lib/core/records.ts';
import type { WeightsOrigin } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { nodePlatform } from './platform-node.ts';
import { lossChoice, storeExperiment, storeSample, tinySpec } from './testing/experiments.ts';
import { tf } from './tf.ts';
import { EngineTrainer } from './trainer.ts';

const spec = tinySpec({ losses: [lossChoice('dice')], training: { ...tinySpec().training, epochs: 1 } });
const runId = 'dice-s1';
const isWeight = (name: string): boolean => !name.startsWith('optimizer/') && !name.startsWith('loss/');

/** The numbers of each tensor of the net, by name. */
function weightsIn({ manifest, bytes }: Checkpoint): Map<string, Float32Array> {
	const sizes = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
	return new Map(
		manifest.tensors
			.filter(({ name }) => isWeight(name))
			.map(({ name, shape, offsetBytes }) => [name, new Float32Array(bytes.slice(offsetBytes, offsetBytes + 4 * sizes(shape)).buffer)]),
	);
}

describe('an experiment that begins with the weights of another', () => {
	let records: Records;
	let dataset: DatasetMeta;

	async function open(experimentId: string): Promise<EngineTrainer> {
		const trainer = new EngineTrainer(records, nodePlatform);
		await trainer.open({ experimentId, runIds: [runId], backend: 'wasm' }, () => undefined);
		return trainer;
	}

	async function trainToEnd(experimentId: string): Promise<string | null | undefined> {
		const trainer = await open(experimentId);
		while (!(await trainer.advance(1)).done);
		await trainer.checkpoint({ final: true });
		await trainer.close();
		return (await records.getExperiment(experimentId))?.runs[0]?.weightsHash;
	}

	async function storeContinuation(id: string, change: Partial<WeightsOrigin['runs'][number]> = {}): Promise<void> {
		const source = await records.getCheckpoint('experiment', runId, 'best');
		const checkpoint = await checkpointHash(source!.manifest);
		const runs = [{ runId, from: runId, epoch: 1, checkpoint, ...change }];
		await storeExperiment(records, dataset, spec, id, { experimentId: 'experiment', experimentName: 'E', which: 'best', runs });
	}

	beforeEach(async () => {
		records = memoryRecords('a test');
		dataset = await storeSample(records);
		await storeExperiment(records, dataset, spec);
		await trainToEnd('experiment');
	});

	it('has exactly these weights at step 0, and an optimizer that begins anew', async () => {
		await storeContinuation('next');
		await (await open('next')).close();
		const [source, begun] = [
			(await records.getCheckpoint('experiment', runId, 'best'))!,
			(await records.getCheckpoint('next', runId, 'latest'))!,
		];
		expect(begun.manifest.step).toBe(0);
		expect(weightsIn(begun)).toEqual(weightsIn(source));
		const moments = begun.manifest.tensors.filter(({ name }) => name.startsWith('optimizer/')).map(({ offsetBytes }) => offsetBytes);
		expect(moments.length).toBeGreaterThan(0);
		expect(begun.bytes.subarray(Math.min(...moments)).every((byte) => byte === 0)).toBe(true);
		expect(tf.memory().numTensors).toBe(0);
	});

	it('ends bit for bit alike whether it was paused or not, also when the runs before are gone by then', async () => {
		await storeContinuation('straight');
		await storeContinuation('paused');
		const trainer = await open('paused');
		await trainer.advance(1);
		await trainer.checkpoint({ final: false });
		await trainer.close();
		const straight = await trainToEnd('straight');
		await records.deleteExperiment('experiment');
		expect(await trainToEnd('paused')).toBe(straight);
		expect(straight).toMatch(/^[0-9a-f]{64}$/u);
	});

	it('refuses weights that are not those it was made with', async () => {
		await storeContinuation('other', { checkpoint: '0'.repeat(64) });
		await expect(open('other')).rejects.toMatchObject({ code: 'checkpoint-missing' });
		await storeContinuation('gone', { from: 'focal-s1' });
		await expect(open('gone')).rejects.toMatchObject({ code: 'checkpoint-missing' });
	});
});
