import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import type { SpeedRequest } from '#lib/core/speed.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { startWasm } from './kernels/wasm/testing-node.ts';
import { measureSpeed } from './measure-speed.ts';
import { nodePlatform } from './platform-node.ts';
import { RunNet } from './run-net.ts';
import { lossChoice, tinySpec } from './testing/experiments.ts';
import { tf } from './tf.ts';
import { EngineTrainer } from './trainer.ts';

const request = (change: Partial<ExperimentSpec> = {}, rest: Partial<SpeedRequest> = {}): SpeedRequest => ({
	spec: tinySpec(change),
	outputs: 1,
	backend: 'wasm',
	forMs: 0,
	...rest,
});

const onHost = { largestBufferBytes: null, compileAhead: null };

describe('the speed of training', () => {
	beforeAll(async () => {
		await startWasm();
		await tf.setBackend('wasm');
	});
	afterEach(() => vi.restoreAllMocks());

	/** Lets the clock stand still but for steps and for scoring a batch, whose milliseconds are given: the first ones and all later ones. */
	function clock(steps: readonly [first: number, later: number], scores: readonly [first: number, later: number]) {
		let now = 0;
		vi.spyOn(performance, 'now').mockImplementation(() => now);
		const step = vi.spyOn(RunNet.prototype, 'take').mockImplementation((_batch, at) => {
			now += steps[at === 0 ? 0 : 1];
			return { numbers: tf.tensor1d([1, 1, 1]), observed: [] };
		});
		let scored = 0;
		vi.spyOn(RunNet.prototype, 'measureAt').mockImplementation((_step, maps) => ({
			targetNames: [],
			maps,
			compute: () => {
				now += scores[scored++ === 0 ? 0 : 1];
				return tf.scalar(0);
			},
		}));
		return { step, scored: () => scored };
	}

	it('is that of the steps after the first of each loss, as long as there is time', async () => {
		// Two losses: 2 · 300 ms, then rounds of 2 · 100 from 600 on; at 1500, three quarters of the time, the fifth round is cut after one step.
		const { step, scored } = clock([300, 100], [200, 50]);
		const speed = await measureSpeed(request({}, { forMs: 2000 }), onHost);
		expect(step).toHaveBeenCalledTimes(2 + 4 * 2 + 1);
		// Scoring goes on until 2000: 200, then 6 · 50 of two squares each.
		expect(scored()).toBe(7);
		expect(speed).toEqual({ stepMs: 100, squareMs: 25, megapixelMs: 0, saveMs: 0 });
	});

	it('is that of one step of one loss where this alone takes all the time', async () => {
		const { step, scored } = clock([9000, 1], [4000, 1]);
		expect(await measureSpeed(request({}, { forMs: 2000 }), onHost)).toEqual({ stepMs: 9000, squareMs: 2000, megapixelMs: 0, saveMs: 0 });
		expect([step.mock.calls.length, scored()]).toEqual([1, 1]);
	});

	it('leaves out what is compiled ahead', async () => {
		const { step } = clock([300, 100], [200, 50]);
		const order: string[] = [];
		const rehearsed = vi.spyOn(RunNet.prototype, 'rehearse').mockImplementation(() => order.push('rehearse'));
		const compileAhead = (rehearsal: () => void): Promise<void> => {
			rehearsal();
			// As long as all that is to be measured.
			vi.spyOn(performance, 'now').mockClear();
			return Promise.resolve();
		};
		const speed = await measureSpeed(request({}, { forMs: 2000 }), { largestBufferBytes: null, compileAhead });
		expect(rehearsed).toHaveBeenCalledTimes(2);
		expect([order.length, step.mock.calls.length]).toEqual([2, 2 + 4 * 2 + 1]);
		expect(speed.stepMs).toBe(100);
	});

	it.each([
		['two classes', request()],
		[
			'colour, in a large batch',
			request({ prepare: { ...tinySpec().prepare, channels: 'rgb' }, training: { ...tinySpec().training, batchSize: 9 } }),
		],
		['three classes from crops', request({ prepare: { ...tinySpec().prepare, sizing: 'crop' } }, { outputs: 3 })],
		['losses that need maps, and learn', request({ losses: [lossChoice('boundary'), lossChoice('adaptiveRobust')] })],
	])('is measured for %s, and nothing stays behind', async (_name, asked) => {
		const { numTensors } = tf.memory();
		const { stepMs, squareMs, megapixelMs, saveMs } = await measureSpeed(asked, onHost);
		for (const time of [stepMs, squareMs, megapixelMs, saveMs]) expect(time).toBeGreaterThan(0);
		// Gradients and the optimizer come on top of what scoring does for each of the squares.
		expect(stepMs).toBeGreaterThan(squareMs);
		expect(tf.memory().numTensors).toBe(numTensors);
	});

	it('is refused for a net that cannot be trained here, before anything of it is built', async () => {
		const { net, prepare, training } = tinySpec();
		const huge = { net: { ...net, base: 64 }, prepare: { ...prepare, size: 1024 }, training: { ...training, batchSize: 32 } };
		const trainer = new EngineTrainer(memoryRecords('a test'), nodePlatform);
		await expect(trainer.measure(request(huge))).rejects.toMatchObject({ code: 'out-of-memory' });
		expect(await trainer.measure(request())).toMatchObject({ stepMs: expect.any(Number) });
	});
});
