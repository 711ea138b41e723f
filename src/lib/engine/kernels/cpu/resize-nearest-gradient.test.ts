import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { asTensor4D } from '../../tensors.ts';
import { tf } from '../../tf.ts';
import { mendResizeNearestGradient } from './resize-nearest-gradient.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	mendResizeNearestGradient();
	mendResizeNearestGradient();
});

it('gives every image of a batch the sum of its own copies', async () => {
	// Two images of one pixel each, enlarged to 2 × 2, weighed by 1 2 3 4 and 5 6 7 8: gradients 10 and 26.
	const weights = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2, 1]);
	const gradient = tf.grad((x) => tf.sum(tf.mul(weights, tf.image.resizeNearestNeighbor(asTensor4D(x), [2, 2]))));
	expect([...(await gradient(tf.zeros([2, 1, 1, 1])).data())]).toEqual([10, 26]);
});

it('handles factors that are no whole number as the forward pass does', async () => {
	// Width 2 → 3 copies from 0, 0, 1 (floor of 0, 2/3, 4/3); weights 1 2 4: gradients 3 and 4.
	const weights = tf.tensor4d([1, 2, 4], [1, 1, 3, 1]);
	const gradient = tf.grad((x) => tf.sum(tf.mul(weights, tf.image.resizeNearestNeighbor(asTensor4D(x), [1, 3]))));
	expect([...(await gradient(tf.zeros([1, 1, 2, 1])).data())]).toEqual([3, 4]);
});
