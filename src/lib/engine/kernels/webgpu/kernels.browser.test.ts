import { beforeAll, describe, it } from 'vitest';
import { tf } from '../../tf.ts';
import { normals } from '../testing/values.ts';
import { expectSameAsCpu, startKernels } from './testing.ts';

type Shape4 = [number, number, number, number];
const random = (shape: Shape4, seed: number) => tf.tensor4d(normals(shape, seed), shape);

describe('the WebGPU kernels in Chromium', { timeout: 120_000 }, () => {
	beforeAll(startKernels);

	it.each([
		[
			[2, 9, 11, 1],
			[3, 3, 1, 8],
		], // first layer
		[
			[2, 16, 16, 8],
			[3, 3, 8, 16],
		],
		[
			[1, 13, 10, 6],
			[3, 3, 6, 11],
		], // channels that fill no vector
		[
			[2, 12, 12, 16],
			[1, 1, 16, 1],
		], // head
	] as [Shape4, Shape4][])('convolve like the cpu backend, forward and both gradients: %j with %j', async (xShape, filterShape) => {
		await expectSameAsCpu(() => {
			const convolve = (...[x, filter]: tf.Tensor[]) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
			const inputs = [random(xShape, 1), random(filterShape, 2)];
			const y = convolve(...inputs);
			return [y, ...tf.grads(convolve)(inputs, random(y.shape, 3))];
		}, 3e-5);
	});

	it('pool, enlarge and split like the cpu backend', async () => {
		await expectSameAsCpu(() => {
			const through = (x: tf.Tensor) => {
				const [half, rest] = tf.split(x, [3, 5], 3);
				const small = tf.maxPool(half as tf.Tensor4D, 2, 2, 'valid');
				return tf.concat([tf.image.resizeNearestNeighbor(small, [8, 8]), tf.relu(rest!)], 3);
			};
			return tf.grad(through)(random([2, 8, 8, 8], 1), random([2, 8, 8, 8], 2));
		});
	});
});
