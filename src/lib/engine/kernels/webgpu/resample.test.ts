import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../tf.ts';
import { hasWebGpu } from './testing-node.ts';
import { normals } from '../testing/values.ts';
import { evaluate, expectSameAsCpu, startKernels } from './testing.ts';

type Shape4 = [number, number, number, number];
const random = (shape: Shape4, seed: number) => tf.tensor4d(normals(shape, seed), shape);

describe.skipIf(!hasWebGpu)('resampling on webgpu', { timeout: 120_000 }, () => {
	beforeAll(startKernels);

	it.each([
		[[2, 8, 6, 5], 2, 'valid'],
		[[1, 7, 9, 4], 2, 'valid'], // a border that no window reaches
		[[2, 6, 6, 3], 3, 'valid'],
		[[1, 7, 7, 2], 2, 'same'], // padded: the stock kernel
	] as [Shape4, number, 'valid' | 'same'][])(
		'gives max-pooling of %j by %d, %s, the gradient of the cpu backend',
		async (shape, window, pad) => {
			await expectSameAsCpu(() => {
				const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, window, window, pad);
				const x = random(shape, 1);
				const y = pool(x);
				return [y, tf.grad(pool)(x, random(y.shape, 2))];
			}, 0);
		},
	);

	it('sends the slope of equal values to the first of them', async () => {
		const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid');
		const [dx] = await evaluate(() => tf.grad(pool)(tf.tensor4d([1, 3, 3, 3], [1, 2, 2, 1]), tf.tensor4d([5], [1, 1, 1, 1])));
		expect([...dx!]).toEqual([0, 5, 0, 0]);
	});

	it.each([
		[
			[2, 3, 5, 4],
			[6, 10],
		],
		[
			[1, 4, 2, 3],
			[12, 4],
		],
		[
			[2, 1, 1, 7],
			[3, 3],
		],
		[
			[1, 3, 4, 2],
			[5, 4],
		], // no whole factor: the stock kernel
	] as [Shape4, [number, number]][])('gives up-sampling of %j to %j the gradient of the cpu backend', async (shape, size) => {
		await expectSameAsCpu(() => {
			const up = (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size);
			return tf.grad(up)(random(shape, 1), random([shape[0], ...size, shape[3]], 2));
		});
	});

	it.each([
		[[2, 3, 3, 8], [2, 5, 1], 3],
		[[2, 3, 3, 8], [4, 4], -1],
		[[2, 4, 3, 2], [1, 3], 1], // another axis: the stock kernel
	] as [Shape4, number[], number][])('splits %j into %j along %d', async (shape, sizes, axis) => {
		await expectSameAsCpu(() => tf.split(random(shape, 1), sizes, axis), 0);
	});

	it('gives ReLU a gradient that is 0 at 0 and below', async () => {
		const [dx] = await evaluate(() => tf.grad(tf.relu)(tf.tensor1d([-1, 0, 2]), tf.tensor1d([5, 6, 7])));
		expect([...dx!]).toEqual([0, 0, 7]);
	});
});
