import { beforeAll, describe, it } from 'vitest';
import { convolvesParts, fusedConvolution } from '../../fused.ts';
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

	it('reduce like the cpu backend', async () => {
		await expectSameAsCpu(() => {
			const x = random([2, 70, 70, 3], 1);
			return [tf.sum(x), tf.mean(x, [1, 2]), tf.max(x, -1), tf.min(x), tf.softmax(x)];
		});
	});

	it('convolve a skip and what is enlarged from below like the cpu backend does after joining them', async () => {
		await expectSameAsCpu(() => {
			const convolve = (...[skip, below, filter]: tf.Tensor[]): tf.Tensor => {
				const parts = [
					{ x: skip!, scale: 1 },
					{ x: below!, scale: 2 },
				] as const;
				if (convolvesParts()) return fusedConvolution(parts, filter!, null, { relu: true, trainsInput: true });
				const large = tf.image.resizeNearestNeighbor(below as tf.Tensor4D, [8, 12]);
				return tf.relu(tf.conv2d(tf.concat([skip as tf.Tensor4D, large], 3), filter as tf.Tensor4D, 1, 'same'));
			};
			const inputs = [random([2, 8, 12, 4], 1), random([2, 4, 6, 8], 2), random([3, 3, 12, 8], 3)];
			const y = convolve(...inputs);
			return [y, ...tf.grads(convolve)(inputs, random([2, 8, 12, 8], 4))];
		}, 3e-5);
	});
});
