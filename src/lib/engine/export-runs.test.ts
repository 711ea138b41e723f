import { describe, expect, it } from 'vitest';
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import type { ExportedRuns } from '#lib/core/exported-runs.ts';
import { experimentOfFold } from '#lib/core/run.ts';
import { applySymmetry } from '#lib/pixels/symmetry.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { BatchSource } from './batches.ts';
import { ExperimentData } from './experiment-data.ts';
import { nodePlatform } from './platform-node.ts';
import { storeExperiment, storeSample, tinySpec } from './testing/experiments.ts';
import { tf } from './tf.ts';
import { EngineTrainer } from './trainer.ts';

/** Of one square of 32² with one channel. */
const pairBytes = 32 * 32 * (4 + 1);

async function exported(spec: ExperimentSpec, mostBytes: number, fold?: number): Promise<{ runs: ExportedRuns; batches: BatchSource }> {
	const records = memoryRecords('a test');
	const experiment = await storeExperiment(records, await storeSample(records), spec);
	const trainer = new EngineTrainer(records, nodePlatform);
	await trainer.start('wasm');
	const { numTensors } = tf.memory();
	const runs = await trainer.exportRuns({ experimentId: experiment.id, fold, mostBytes });
	expect(tf.memory().numTensors).toBe(numTensors);
	const { training } = await ExperimentData.load(records, experimentOfFold(experiment, fold));
	return { runs, batches: new BatchSource(training, spec, 7) };
}

const array = (list: readonly ExportedRuns['seeds'][number]['arrays'][number][] | null | undefined, name: string) => {
	const found = list?.find((one) => one.name === name);
	if (!found) throw new Error(`no ${name}`);
	return found;
};

describe('exported runs', () => {
	it('lay each training square as the batches do, where flips and turns are all', async () => {
		// 6 training images of 10, batch 2, 2 epochs: 6 steps.
		const { runs, batches } = await exported(tinySpec({ seeds: [7] }), 6 * pairBytes);
		expect(runs).toMatchObject({ inputs: 1, outputs: 1, stepsPerEpoch: 3, totalSteps: 6, heldSteps: 6 });
		const { data: images, shape } = array(runs.shared, 'images');
		expect(shape).toEqual([6, 32, 32, 1]);
		const [order, symmetries] = ['batches', 'symmetries'].map((name) => array(runs.seeds[0]?.arrays, name).data);
		for (let step = 0; step < 6; step++) {
			for (const [slot, pair] of batches.pairs(step).entries()) {
				const at = step * 2 + slot;
				const [index = -1, symmetry = -1] = [order?.[at], symmetries?.[at]];
				const square = Float32Array.from(images.subarray(index * 1024, (index + 1) * 1024));
				const laid = applySymmetry(square, new Float32Array(1024), 32, 1, { flip: symmetry >= 4, turns: symmetry % 4 });
				expect(laid).toEqual(pair.image);
			}
		}
	});

	it('hold whole batches of as many steps as fit otherwise', async () => {
		const spec = tinySpec({ seeds: [7, 8], augment: { ...tinySpec().augment, noise: 0.1 } });
		// Two seeds of batches of 2: 4 squares a step, so 11 hold 2 steps.
		const { runs, batches } = await exported(spec, 11 * pairBytes);
		expect(runs).toMatchObject({ totalSteps: 6, heldSteps: 2, shared: null });
		const { shape, data } = array(runs.seeds[0]?.arrays, 'images');
		expect(shape).toEqual([2, 2, 32, 32, 1]);
		expect(data.subarray(3 * 1024)).toEqual(batches.pairs(1)[1]?.image);
		const classes = array(runs.seeds[0]?.arrays, 'classes');
		expect(classes.data.subarray(3 * 1024)).toEqual(batches.pairs(1)[1]?.classes);
		expect((await exported(spec, 0)).runs.heldSteps).toBe(1);
	});

	it('are those of one fold, where there are folds', async () => {
		// Of 10 images 2 test, and the 8 others are dealt 3, 3 and 2: 5 or 6 train.
		const split = { ...tinySpec().split, test: 0.2, folds: 3 };
		const trained: string[] = [];
		for (const fold of [1, 2, 3]) {
			const { runs, batches } = await exported(tinySpec({ seeds: [7], split }), 6 * pairBytes, fold);
			const { data, shape } = array(runs.shared, 'images');
			expect(shape[0]).toBeGreaterThanOrEqual(5);
			expect(shape[0]).toBeLessThanOrEqual(6);
			const [order] = array(runs.seeds[0]?.arrays, 'batches').data;
			expect(order).toBe(batches.indices(0)[0]);
			trained.push(String(data));
		}
		expect(new Set(trained).size).toBe(3);
	});

	it('begin from the weights of the seed, by layer', async () => {
		const { runs } = await exported(tinySpec({ seeds: [7, 8] }), 2 ** 20);
		const [first, second] = runs.seeds.map(({ weights }) => array(weights, 'down0_conv0/kernel'));
		expect(first?.shape).toEqual([3, 3, 1, 4]);
		expect(first?.data).not.toEqual(second?.data);
		expect(array(runs.seeds[0]?.weights, 'down0_conv0_norm/moving_variance').data).toEqual(Float32Array.of(1, 1, 1, 1));
	});
});
