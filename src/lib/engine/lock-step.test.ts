import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import type { RunEvent } from '#lib/core/run.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { nodePlatform } from './platform-node.ts';
import { RunNet } from './run-net.ts';
import { lossChoice, storeExperiment, storeSample, tinySpec } from './testing/experiments.ts';
import { tf } from './tf.ts';
import { EngineTrainer } from './trainer.ts';

const backend = 'wasm';
const training = { ...tinySpec().training, epochs: 2, stepsPerEpoch: 10 };
/** Remembers the error rates of the last step, which the next one needs. */
const remembering = lossChoice('steeredTversky');

/** Trains to the end, so many steps in one call. */
async function train(spec: ExperimentSpec, stepsAtOnce: number) {
	const records = memoryRecords('a test');
	await storeExperiment(records, await storeSample(records), spec);
	const trainer = new EngineTrainer(records, nodePlatform);
	const events: RunEvent[] = [];
	const runIds = spec.losses.map(({ key }) => `${key}-s1`);
	await trainer.open({ experimentId: 'experiment', runIds, backend }, (event) => events.push(event));
	const positions: number[] = [];
	for (;;) {
		const { step, done } = await trainer.advance(stepsAtOnce);
		positions.push(step);
		if (done) break;
	}
	await trainer.checkpoint({ final: true });
	await trainer.close();
	expect(tf.memory().numTensors).toBe(0);
	const steps = events.flatMap((event) => (event.type === 'step' ? [{ ...event, elapsedMs: 0 }] : []));
	const runs = (await records.getExperiment('experiment'))?.runs ?? [];
	return { records, positions, steps, runs, rows: await records.listRows('experiment') };
}

describe('steps that are asked for together', () => {
	afterEach(() => vi.restoreAllMocks());

	it.each([
		['losses that remember nothing', [lossChoice('dice'), lossChoice('crossEntropy')]],
		['one that remembers', [lossChoice('dice'), remembering]],
	])('give what they give one by one: %s', async (_name, losses) => {
		const spec = tinySpec({ losses, training });
		const [single, together] = [await train(spec, 1), await train(spec, 7)];
		expect(together.positions).toEqual([7, 14, 20]);
		expect(together.steps.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, step) => step));
		expect({ ...together, records: null, positions: null }).toEqual({ ...single, records: null, positions: null });
	});

	it('are read back together, at the end of the call and of the epoch', async () => {
		const read = vi.spyOn(RunNet.prototype, 'read');
		await train(tinySpec({ losses: [lossChoice('dice'), lossChoice('crossEntropy')], training }), 7);
		// Two runs: 7, then 3 up to the epoch's end, then 4 of the second epoch, then its last 6.
		expect(read.mock.calls.map(([taken]) => taken.length)).toEqual([7, 7, 3, 3, 4, 4, 6, 6]);
	});

	it('are read back one by one where a loss needs them', async () => {
		const read = vi.spyOn(RunNet.prototype, 'read');
		await train(tinySpec({ losses: [lossChoice('dice'), remembering], training }), 7);
		expect(read.mock.calls.every(([taken]) => taken.length === 1)).toBe(true);
		expect(read).toHaveBeenCalledTimes(2 * 20);
	});

	it('fail a run at the step whose numbers are not finite, and keep nothing of what came after', async () => {
		// Adam moves every weight by about its rate, 10⁴ in each of eleven layers: past the largest float32.
		const spec = tinySpec({
			net: { ...tinySpec().net, norm: 'none' },
			optimizer: { ...tinySpec().optimizer, learningRate: 10 },
			losses: [
				{ ...lossChoice('crossEntropy'), learningRateFactor: 1000 },
				{ ...lossChoice('dice'), learningRateFactor: 0.001 },
			],
			training: { ...training, stepsPerEpoch: 6, epochs: 3 },
		});
		const [single, together] = [await train(spec, 1), await train(spec, 50)];
		const [failed, finished] = together.runs;
		expect([failed?.state, finished?.state]).toEqual(['failed', 'finished']);
		expect(failed?.failure?.facts['step']).toBe(failed?.step);
		expect(failed?.step).toBeLessThan(18);
		expect(together.runs).toEqual(single.runs);
		expect(together.steps.map(({ losses }) => losses)).toEqual(single.steps.map(({ losses }) => losses));
		const checkpoints = await together.records.listCheckpoints('experiment', 'crossentropy-s1');
		for (const { step } of checkpoints) expect(step).toBeLessThanOrEqual(failed?.step ?? 0);
	});
});

it('an experiment of which one run cannot be restored leaves nothing in memory', async () => {
	const records = memoryRecords('a test');
	const spec = tinySpec({ losses: [lossChoice('dice'), lossChoice('crossEntropy')], training });
	await storeExperiment(records, await storeSample(records), spec);
	const broken = new Error('cannot be read');
	const second = vi
		.spyOn(records, 'getCheckpoint')
		.mockImplementation((_experiment, run) => (run === 'dice-s1' ? Promise.resolve(undefined) : Promise.reject(broken)));
	const trainer = new EngineTrainer(records, nodePlatform);
	const open = trainer.open({ experimentId: 'experiment', runIds: spec.losses.map(({ key }) => `${key}-s1`), backend }, () => undefined);
	await expect(open).rejects.toBe(broken);
	expect(second).toHaveBeenCalledTimes(2);
	expect(tf.memory().numTensors).toBe(0);
});
