/** Batches made on a software adapter, held to those that the host makes from the same draws. */
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { RandomStream } from '#lib/core/random.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import { BatchMaker } from '../../batch-maker.ts';
import { BatchSource, type TrainingSample } from '../../batches.ts';
import { CounterDropout } from '../../layers.ts';
import { ResidentSamples } from '../../resident-samples.ts';
import { TargetMaps } from '../../target-maps.ts';
import { disposeBatch, toBatch, type Batch } from '../../targets.ts';
import { tf } from '../../tf.ts';
import { normals } from '../testing/values.ts';
import { hasWebGpu } from './testing-node.ts';
import { evaluate, expectSameAsCpu, startKernels } from './testing.ts';

const size = 12;

function sample(width: number, height: number, channels: number, classes: number, seed: number): TrainingSample {
	const random = new RandomStream(seed, 'sample');
	return {
		image: { width, height, channels, data: normals([height, width, channels], seed) },
		classes: Uint8Array.from({ length: width * height }, (_, at) =>
			random.uniform(at) < 0.1 ? ignoredClass : random.integer(at, classes),
		),
	};
}

const spec = (sizing: 'stretch' | 'crop', channels: 'grey' | 'rgb', augment: Partial<ExperimentSpec['augment']>): ExperimentSpec => ({
	...defaultSpec,
	losses: [],
	prepare: { ...defaultSpec.prepare, size, sizing, channels, foregroundCrops: 0.5 },
	augment: { flip: true, quarterTurns: true, scale: 0, brightness: 0, contrast: 0, noise: 0, ...augment },
	training: { ...defaultSpec.training, batchSize: 3 },
});

const values = ({ x, yTrue, valid }: Batch): tf.Tensor[] => [x, yTrue, valid];

/** Largest difference in the images; the truths must be the same. */
async function compare(samples: readonly TrainingSample[], setting: ExperimentSpec, outputs: number): Promise<number> {
	const source = new BatchSource(samples, setting, 7);
	let largest = 0;
	for (let step = 0; step < 8; step++) {
		const expected = values(toBatch(source.pairs(step), outputs, []));
		const shapes = expected.map(({ shape }) => shape);
		const [x, ...truth] = await Promise.all(expected.map((tensor) => tensor.data()));
		tf.dispose(expected);
		const [gpuX, ...gpuTruth] = await evaluate(() => {
			using resident = ResidentSamples.open(samples, setting, outputs, 2 ** 20)!;
			const batch = values(resident.batch(source.draws(step)));
			expect(batch.map(({ shape }) => shape)).toEqual(shapes);
			return batch;
		});
		expect(gpuTruth).toEqual(truth);
		largest = Math.max(largest, ...gpuX!.map((value, at) => Math.abs(value - x![at]!)));
	}
	return largest;
}

describe.skipIf(!hasWebGpu)('batches on webgpu', { timeout: 120_000 }, () => {
	beforeAll(startKernels);

	const squares = (channels: number, classes: number) => [1, 2, 3, 4].map((seed) => sample(size, size, channels, classes, seed));
	/** The second is narrower than the net's square, the third not as high. */
	const odd = (channels: number, classes: number) =>
		[
			[17, 20],
			[9, 31],
			[25, 5],
		].map(([width, height], seed) => sample(width!, height!, channels, classes, seed));

	it('lie as on the host, to the bit', async () => {
		expect(await compare(squares(1, 2), spec('stretch', 'grey', {}), 1)).toBe(0);
		expect(await compare(odd(3, 4), spec('crop', 'rgb', {}), 4)).toBe(0);
	});

	it('are zoomed to the same labels and, but for rounding, to the same images', async () => {
		expect(await compare(squares(3, 3), spec('stretch', 'rgb', { scale: 0.4 }), 3)).toBeLessThan(2e-6);
		expect(await compare(odd(1, 2), spec('crop', 'grey', { scale: 0.6 }), 1)).toBeLessThan(2e-6);
	});

	it('change brightness and contrast alike', async () => {
		expect(await compare(squares(3, 2), spec('stretch', 'rgb', { brightness: 0.4, contrast: 0.5 }), 1)).toBeLessThan(3e-6);
	});

	it('carry the same noise', async () => {
		// WGSL grants its logarithm 2⁻²¹ near 1, of which the root is 7·10⁻⁴.
		expect(await compare(squares(1, 2), spec('stretch', 'grey', { noise: 1 }), 1)).toBeLessThan(1e-3);
	});

	it('are left to the host when the samples take more memory than a buffer may', async () => {
		await tf.setBackend('webgpu');
		expect(ResidentSamples.open(squares(1, 2), spec('stretch', 'grey', {}), 1, 4 * 4 * size * size - 1)).toBe(null);
	});

	it('have the maps that losses ask for beside them', async () => {
		await tf.setBackend('webgpu');
		const setting = spec('stretch', 'grey', {});
		using made = new BatchMaker(squares(1, 2), setting, 7, { outputs: 1, maps: new TargetMaps(), largestBytes: 2 ** 20 });
		const expected = toBatch(new BatchSource(squares(1, 2), setting, 7).pairs(2), 1, ['signedDistance']);
		const batch = made.batch(2, ['signedDistance']);
		for (const [actual, wanted] of [
			[batch.x, expected.x],
			[batch.targets['signedDistance']!, expected.targets['signedDistance']!],
		] as const) {
			expect(await actual.data()).toEqual(await wanted.data());
		}
		disposeBatch(batch);
		disposeBatch(expected);
	});

	it.each([0.2, 0.5])('drop the units that the host drops, rate %d', async (rate) => {
		await expectSameAsCpu(() => {
			const layer = new CounterDropout({ rate });
			layer.draw(3, 8);
			const drop = (x: tf.Tensor) => layer.call(x, { training: true });
			const x = tf.tensor(normals([2, 5, 5, 3], 1), [2, 5, 5, 3]);
			return [drop(x), tf.grad(drop)(x, tf.tensor(normals([2, 5, 5, 3], 2), [2, 5, 5, 3]))];
		}, 0);
	});
});
