import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../tf.ts';
import { startWasm } from './testing-node.ts';
import { evaluateOn, normals } from '../testing/values.ts';
import { expectSameAsCpu } from './testing.ts';

type Shape4 = [number, number, number, number];
const random = (shape: number[], seed: number) => tf.tensor(normals(shape, seed), shape);

describe('moving pixels', () => {
	beforeAll(startWasm);

	it.each([
		[[2, 3, 5], [1, 7], 3],
		[[2, 5, 4, 8], [3, 16], -1],
		[[3, 4, 5, 200], [1, 130], 3],
		[[2, 5, 4, 3], [6, 1], 1],
		[[5, 6], [2, 7], 0],
	])('concatenates and splits like the cpu backend: %j with %j along %i', async (shape, sizes, at) => {
		const axis = Math.min(at < 0 ? at + shape.length : at, shape.length - 1);
		await expectSameAsCpu(() => {
			const parts = sizes.map((size, index) => random(shape.with(axis, size), index));
			const whole = tf.concat(parts, at < 0 ? at : axis);
			const gradients = tf.grads((...tensors) => tf.mul(tf.concat(tensors, axis), whole))(parts);
			return [whole, ...tf.split(whole, sizes, axis), ...gradients];
		}, 0);
	});

	it.each([
		[[2, 3, 4, 8], 2, 2],
		[[3, 5, 3, 1], 2, 2],
		[[1, 4, 4, 5], 3, 1],
		[[2, 4, 6, 33], 1, 4],
	])('up-samples %j by %i × %i like the cpu backend, forward and gradient', async (shape, rows, columns) => {
		const [, height, width] = shape as Shape4;
		const up = (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [height * rows, width * columns]);
		await expectSameAsCpu(() => {
			const x = random(shape, 1);
			const y = up(x);
			return [y, tf.grad(up)(x, random(y.shape, 2))];
		}, 1e-6);
	});

	it.each([
		[
			[7, 9, 3],
			[0, 1],
		],
		[
			[2, 30, 31, 16],
			[0, 1, 2],
		],
		[
			[2, 30, 31, 37],
			[0, 1, 2],
		],
		[[300, 5], [0]],
		[[4, 5, 6], [1]],
		[[4, 5, 6], [2]],
		[
			[4, 5, 6],
			[0, 1, 2],
		],
	])('sums %j over %j like the cpu backend', async (shape, axes) => {
		await expectSameAsCpu(() => {
			const x = random(shape, 1);
			return [tf.sum(x, axes), tf.sum(x, axes, true)];
		});
	});

	it('shares data between a tensor and its clone until both are disposed', async () => {
		await tf.setBackend('wasm');
		const before = tf.memory().numDataBuffers;
		const x = tf.tensor1d([1, 2, 3]);
		const y = tf.clone(x);
		const z = tf.cast(y, 'float32');
		x.dispose();
		y.dispose();
		expect([...z.dataSync()]).toEqual([1, 2, 3]);
		z.dispose();
		expect(tf.memory().numDataBuffers).toBe(before);
	});

	it('casts to other types and clones integers as before', async () => {
		const [whole, copy] = await evaluateOn('wasm', () => {
			const x = tf.tensor1d([1.5, 2.5, -3.5]);
			const integers = tf.cast(x, 'int32');
			return [integers, tf.clone(integers)];
		});
		expect([...whole!]).toEqual([1, 2, -3]);
		expect([...copy!]).toEqual([1, 2, -3]);
	});
});
