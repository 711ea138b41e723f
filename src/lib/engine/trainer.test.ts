import { beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentSpec, NetSpec, OptimizerSpec } from '#lib/core/experiment.ts';
import type { Records } from '#lib/core/records.ts';
import type { RunEvent, RunRecord } from '#lib/core/run.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { nodePlatform } from './platform-node.ts';
import { lossChoice, storeExperiment, storeSample, tinySpec } from './testing/experiments.ts';
import { tf } from './tf.ts';
import { EngineTrainer } from './trainer.ts';

const ids = (spec: ExperimentSpec): string[] => spec.losses.map((loss) => `${loss.key}-s1`);

async function finish(trainer: EngineTrainer): Promise<void> {
	while (!(await trainer.advance(1)).done);
	await trainer.checkpoint({ final: true });
}

async function runsOf(records: Records): Promise<readonly RunRecord[]> {
	return (await records.getExperiment('experiment'))?.runs ?? [];
}

describe('the trainer', () => {
	const backend = 'wasm';
	let records: Records;

	beforeEach(() => {
		records = memoryRecords('a test');
	});

	async function trainToEnd(spec: ExperimentSpec, events: RunEvent[] = []): Promise<readonly RunRecord[]> {
		await storeExperiment(records, await storeSample(records), spec);
		const trainer = new EngineTrainer(records, nodePlatform);
		await trainer.open({ experimentId: 'experiment', runIds: ids(spec), backend }, (event) => events.push(event));
		await finish(trainer);
		await trainer.close();
		return runsOf(records);
	}

	it('lowers every loss, stores a row an epoch, and frees every tensor', async () => {
		const spec = tinySpec({ training: { ...tinySpec().training, epochs: 4 } });
		const events: RunEvent[] = [];
		const runs = await trainToEnd(spec, events);
		expect(runs.map((run) => run.state)).toEqual(['finished', 'finished']);
		const rows = await records.listRows('experiment');
		expect(rows).toHaveLength(8);
		for (const run of runs) {
			const own = rows.filter((row) => row.runId === run.id).sort((a, b) => a.epoch - b.epoch);
			expect(own.at(-1)?.stepLosses.at(-1)).toBeLessThan(own[0]?.stepLosses[0] ?? 0);
			expect(run.test?.last).toHaveLength(2);
		}
		expect(events.filter((event) => event.type === 'step')).toHaveLength(12); // 6 training images of 10, batch 2, 4 epochs
		expect(tf.memory().numTensors).toBe(0);
	});

	it('validates a run of a fold on that fold alone, and trains it on all the others', async () => {
		const spec = tinySpec({ split: { ...tinySpec().split, folds: 3 }, training: { ...tinySpec().training, epochs: 1 } });
		const { split, runs } = await storeExperiment(records, await storeSample(records), spec);
		const trainer = new EngineTrainer(records, nodePlatform);
		// 2 of 10 images test; the other 8 are dealt as 3, 3 and 2.
		expect(split.folds?.map((ids) => ids.length).sort()).toEqual([2, 3, 3]);
		for (const [place, own = []] of (split.folds ?? []).entries()) {
			const runIds = runs.filter(({ fold }) => fold === place + 1).map(({ id }) => id);
			const events: RunEvent[] = [];
			await trainer.open({ experimentId: 'experiment', runIds, backend }, (event) => events.push(event));
			await finish(trainer);
			// Batches of 2 of the 5 or 6 images of the other folds.
			expect(events.filter(({ type }) => type === 'step')).toHaveLength(3);
			const rows = (await records.listRows('experiment')).filter(({ runId }) => runIds.includes(runId));
			expect(rows.map(({ validation }) => validation.map(({ sampleId }) => sampleId))).toEqual([own, own]);
			const { sampleIds } = await trainer.takeApart({ experimentId: 'experiment', runId: runIds[0] ?? '', which: 'last', batch: 0 });
			for (const id of sampleIds) expect(split.validation.filter((one) => !own.includes(one))).toContain(id);
		}
		await trainer.close();
		for (const run of await runsOf(records)) expect(run.test?.best.map(({ sampleId }) => sampleId)).toEqual(split.test);
	});

	const optimizers: Partial<OptimizerSpec>[] = [
		{ kind: 'adam', schedule: 'cosine', warmUpSteps: 2 },
		{ kind: 'sgd', learningRate: 0.05, clipNorm: 1 },
		{ kind: 'rmsprop', weightDecay: 0.001 },
		{ kind: 'adamw', weightDecay: 0.01 },
	];
	it.each(optimizers)('ends bit-identical after a pause in the middle of an epoch, with $kind', async (optimizer) => {
		const base = tinySpec();
		const spec = tinySpec({
			optimizer: { ...base.optimizer, ...optimizer },
			net: { ...base.net, dropout: 0.3 },
			augment: { ...base.augment, scale: 0.2, noise: 0.05 },
		});
		const straight = (await trainToEnd(spec)).map((run) => run.weightsHash);
		const straightRows = await records.listRows('experiment');

		records = memoryRecords('a test');
		await storeExperiment(records, await storeSample(records), spec);
		for (const steps of [4, 1, 0]) {
			const trainer = new EngineTrainer(records, nodePlatform);
			const report = await trainer.open({ experimentId: 'experiment', runIds: ids(spec), backend }, () => undefined);
			expect(report.identicalResume).toBe(true);
			if (steps > 0) {
				await trainer.advance(steps);
				await trainer.checkpoint({ final: false });
			} else await finish(trainer);
			await trainer.close();
		}
		const runs = await runsOf(records);
		expect(runs.map((run) => run.weightsHash)).toEqual(straight);
		expect(straight).not.toContain(null);
		expect(await records.listRows('experiment')).toEqual(straightRows);
	});

	it('starts every loss of a seed from the same weights and batches', async () => {
		const spec = tinySpec({ losses: [lossChoice('dice'), { ...lossChoice('dice'), key: 'dice-2' }] });
		const [first, second] = await trainToEnd(spec);
		expect(first?.weightsHash).not.toBeNull();
		expect(first?.weightsHash).toBe(second?.weightsHash);
	});

	it('refuses a net that cannot fit into memory before it is built', async () => {
		// 64 filters at 512² of 64 images: one such activation alone has 4 GiB.
		const base = tinySpec();
		const spec = tinySpec({
			prepare: { ...base.prepare, size: 512 },
			net: { ...base.net, base: 64 },
			training: { ...base.training, batchSize: 64 },
		});
		const events: RunEvent[] = [];
		await expect(trainToEnd(spec, events)).rejects.toMatchObject({ code: 'out-of-memory', facts: { limitBytes: 2 ** 32 } });
		expect((await runsOf(records)).map((run) => run.state)).toEqual(['queued', 'queued']);
		expect(events.map((event) => event.type)).not.toContain('step');
		expect(tf.memory().numTensors).toBe(0);
	});

	it('ends a run early when its patience is used up, and marks it finished', async () => {
		// Without norm and at a rate of 10⁻⁷ nothing changes that 256 levels could show: no epoch is better than the first.
		const spec = tinySpec({
			net: { ...tinySpec().net, norm: 'none' },
			optimizer: { ...tinySpec().optimizer, learningRate: 1e-7 },
			training: { ...tinySpec().training, epochs: 9, patience: 2 },
		});
		const runs = await trainToEnd(spec);
		expect(runs.map((run) => [run.state, run.epoch, run.best?.epoch])).toEqual([
			['finished', 3, 1],
			['finished', 3, 1],
		]);
	});

	it('keeps a pinned checkpoint whatever comes after, and predicts with it', async () => {
		const spec = tinySpec();
		await storeExperiment(records, await storeSample(records), spec);
		const trainer = new EngineTrainer(records, nodePlatform);
		await trainer.open({ experimentId: 'experiment', runIds: ids(spec), backend }, () => undefined);
		await trainer.advance(1);
		await trainer.checkpoint({ final: false, pinned: true });
		await finish(trainer);
		await trainer.close();
		const pinned = await records.getCheckpoint('experiment', 'dice-s1', 'pinned');
		expect(pinned?.manifest.step).toBe(1);
		const image = await records.getImage('dataset-cells', 's0');
		if (!image) throw new Error('no image');
		const predict = async (which: 'pinned' | 'last') =>
			(await trainer.predict({ model: { kind: 'run', experimentId: 'experiment', runId: 'dice-s1', which }, image, backend })).data;
		expect(await predict('pinned')).not.toEqual(await predict('last'));
	});

	it('stops a run whose numbers explode, keeps its last good checkpoint, and lets the others go on', async () => {
		// Adam moves every weight by about its rate: 10⁴ in each of eleven layers is past the largest float32.
		const spec = tinySpec({
			net: { ...tinySpec().net, norm: 'none' },
			optimizer: { ...tinySpec().optimizer, learningRate: 10 },
			losses: [
				{ ...lossChoice('dice'), learningRateFactor: 0.001 },
				{ ...lossChoice('crossEntropy'), learningRateFactor: 1000 },
			],
			training: { ...tinySpec().training, epochs: 6 },
		});
		const runs = await trainToEnd(spec);
		expect(runs.map((run) => run.state)).toEqual(['finished', 'failed']);
		expect(runs[1]?.failure?.code).toBe('not-finite');
		const checkpoint = await records.getCheckpoint('experiment', 'crossentropy-s1', 'latest');
		if (checkpoint) expect(new Float32Array(checkpoint.bytes.buffer).every(Number.isFinite)).toBe(true);
	});

	const nets: Partial<NetSpec>[] = [
		{ norm: 'none' },
		{ norm: 'group', up: 'transposed' },
		{ norm: 'instance', up: 'nearest-conv', depth: 3 },
	];
	it.each(nets)('trains the net %j on three classes from crops', async (net) => {
		const base = tinySpec();
		const spec = tinySpec({
			net: { ...base.net, ...net },
			prepare: { ...base.prepare, channels: 'rgb', sizing: 'crop', intensity: 'zscore-set' },
			losses: [lossChoice('tversky'), lossChoice('focal')],
			training: { ...base.training, epochs: 1 },
		});
		await storeExperiment(records, await storeSample(records, 'tissue', 6), spec);
		const trainer = new EngineTrainer(records, nodePlatform);
		await trainer.open({ experimentId: 'experiment', runIds: ids(spec), backend }, () => undefined);
		await finish(trainer);
		expect((await runsOf(records)).map((run) => run.state)).toEqual(['finished', 'finished']);
		const image = await records.getImage('dataset-tissue', 's0');
		if (!image) throw new Error('no image');
		const model = { kind: 'run', experimentId: 'experiment', runId: 'tversky-s1', which: 'last' } as const;
		const prediction = await trainer.predict({ model, image, backend });
		expect([prediction.width, prediction.height, prediction.kind]).toEqual([64, 64, 'classes']);

		const id = await trainer.importModel(await trainer.exportModel(model), 'again.zip');
		const again = await trainer.predict({ model: { kind: 'model', modelId: id }, image, backend });
		expect(again.data).toEqual(prediction.data);
		await trainer.close();
	});
});
