import { describe, expect, it } from 'vitest';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { RunEvent } from '#lib/core/run.ts';
import { codeOf } from '#lib/graphs/testing.ts';
import { traceLoss } from '#lib/graphs/trace.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { nodePlatform } from './platform-node.ts';
import { lossChoice, storeExperiment, storeSample, tinySpec } from './testing/experiments.ts';
import { tf } from './tf.ts';
import { EngineTrainer } from './trainer.ts';

function own(code: string): LossChoice {
	const { graph } = traceLoss(codeOf(code), { shape: [2, 32, 32, 1], values: {}, builtIns: {} }, () => 7);
	const written = { name: 'Own', code, params: {}, graphs: [{ batch: 0, graph }] };
	return { key: 'own', label: 'Own', loss: 'ownLoss', values: {}, own: written, learningRateFactor: 1 };
}

const base = tinySpec();
const spec = tinySpec({
	net: { ...base.net, dropout: 0.3, norm: 'batch' },
	augment: { ...base.augment, scale: 0.2, noise: 0.05 },
	losses: [lossChoice('dice'), lossChoice('boundary'), own('(yTrue, yPred) => tf.mean(tf.square(tf.sub(yTrue, yPred)))')],
});

describe('a batch taken apart', () => {
	it('has the loss that the next step of the run reports, and leaves the run and the memory as they were', async () => {
		const records = memoryRecords('a test');
		const experiment = await storeExperiment(records, await storeSample(records), spec);
		const trainer = new EngineTrainer(records, nodePlatform);
		const events: RunEvent[] = [];
		const runIds = ['dice-s1', 'boundary-s1', 'own-s1'];
		await trainer.open({ experimentId: 'experiment', runIds, backend: 'wasm' }, (event) => events.push(event));
		await trainer.advance(4);
		await trainer.checkpoint({ final: false });
		const { numTensors } = tf.memory();
		const ask = (runId: string) => trainer.takeApart({ experimentId: 'experiment', runId, which: 'last', batch: 4 });
		const [dice, boundary, mine] = await Promise.all(runIds.map(ask));
		expect(tf.memory().numTensors).toBe(numTensors);
		await trainer.advance(1);
		await trainer.close();

		const step = events.findLast((event) => event.type === 'step');
		const told = new Map(step?.type === 'step' ? step.losses : []);
		for (const [at, taken] of [dice, boundary, mine].entries()) {
			const loss = taken?.steps.at(-2);
			expect(loss).toMatchObject({ name: 'loss', shape: [], notFinite: 0 });
			expect(loss?.mean).toBeCloseTo(told.get(runIds[at] ?? '') ?? Number.NaN, 5);
			expect(taken?.steps.slice(0, 3).map(({ name }) => name)).toEqual(['image', 'logits', 'probabilities']);
			expect(taken?.steps.at(-1)?.shape).toEqual([2, 32, 32, 1]);
			// 3 batches an epoch.
			expect(taken?.epoch).toBe(1);
			expect(taken?.sampleIds.every((id) => experiment.split.train.includes(id))).toBe(true);
		}
		// The recorded operations end in the same number.
		expect(dice?.steps.at(-3)?.mean).toBeCloseTo(told.get('dice-s1') ?? Number.NaN, 5);
		expect(mine?.steps.slice(3, -2).map(({ op }) => op)).toEqual(['input', 'input', 'sub', 'square', 'mean']);
		expect(mine?.steps.at(-3)).toMatchObject({ line: 7, mean: mine?.steps.at(-2)?.mean });
		expect(mine?.reason).toBe('');
		expect(boundary?.steps).toHaveLength(5);
		expect(boundary?.reason).toMatch(/prepared from the masks/);
	});

	it('names a run without a checkpoint, and a batch that the run does not have', async () => {
		const records = memoryRecords('a test');
		await storeExperiment(records, await storeSample(records), spec);
		const trainer = new EngineTrainer(records, nodePlatform);
		const request = { experimentId: 'experiment', runId: 'dice-s1', which: 'best', batch: 0 } as const;
		await expect(trainer.takeApart(request)).rejects.toMatchObject({ code: 'checkpoint-missing' });
		await expect(trainer.takeApart({ ...request, batch: 6 })).rejects.toThrow('no batch 6');
	});
});
