import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../tf.ts';
import { startWasm } from './testing-node.ts';
import { evaluateOn, normals } from '../testing/values.ts';
import { expectSameAsCpu } from './testing.ts';

const as4D = (values: Float32Array | number[], shape: readonly number[]) => tf.tensor(values, shape as [number, number, number, number]);

describe('the gradient of max pooling', () => {
	beforeAll(startWasm);

	it.each([
		[[2, 8, 10, 6], 2, 2, 'same'],
		[[2, 7, 9, 3], 2, 2, 'same'],
		[[2, 7, 9, 5], 2, 2, 'valid'],
		[[1, 9, 8, 1], 3, 1, 'same'], // windows overlap, as in soft skeletons
		[[2, 9, 8, 33], 3, 2, 'same'],
		[[1, 6, 6, 8], 2, 3, 'valid'], // some inputs are in no window
	] as const)('equals the cpu backend: %j, window %i, stride %i, %s', async (shape, window, stride, pad) => {
		await expectSameAsCpu(() => {
			const x = as4D(normals(shape, 1), shape);
			const pool = (image: tf.Tensor) => tf.maxPool(tf.reshape<tf.Rank.R4>(image, [...shape]), window, stride, pad);
			const y = pool(x);
			return tf.grad(pool)(x, tf.tensor(normals(y.shape, 2), y.shape));
		});
	});

	it('goes to the first of equal maxima', async () => {
		const [dx] = await evaluateOn('wasm', () => {
			const x = as4D([1, 1, 1, 1], [1, 2, 2, 1]);
			return tf.grad((image) => tf.maxPool(tf.reshape<tf.Rank.R4>(image, [1, 2, 2, 1]), 2, 2, 'valid'))(x, as4D([5], [1, 1, 1, 1]));
		});
		expect([...dx!]).toEqual([5, 0, 0, 0]);
	});
});

describe('the gradient of nearest up-sampling', () => {
	beforeAll(startWasm);

	// Each input pixel of each image gets the sum of its 2 × 2 block: image one counts 1…16, image two 17…32.
	const expected = [14, 22, 46, 54, 78, 86, 110, 118];

	it.each(['cpu', 'wasm'] as const)('sums the block of every image of a batch on %s', async (backend) => {
		const [dx] = await evaluateOn(backend, () => {
			const x = tf.zeros<tf.Rank.R4>([2, 2, 2, 1]);
			const dy = as4D(
				Array.from({ length: 32 }, (_, index) => index + 1),
				[2, 4, 4, 1],
			);
			return tf.grad((image) => tf.image.resizeNearestNeighbor(tf.reshape<tf.Rank.R4>(image, [2, 2, 2, 1]), [4, 4]))(x, dy);
		});
		expect([...dx!]).toEqual(expected);
	});
});
