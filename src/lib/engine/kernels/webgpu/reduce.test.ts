import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../tf.ts';
import { hasWebGpu } from './testing-node.ts';
import { normals } from '../testing/values.ts';
import { evaluate, expectSameAsCpu, expectValues, startKernels } from './testing.ts';

describe.skipIf(!hasWebGpu)('reductions on webgpu', { timeout: 120_000 }, () => {
	beforeAll(startKernels);

	it.each([
		[[100_000], undefined], // slices, then one workgroup
		[
			[3, 90, 70, 2],
			[1, 2],
		],
		[
			[2, 70, 70, 3],
			[0, 1, 2],
		],
		[[2, 96, 96, 3], -1], // an invocation a pixel
		[[5, 300], 1], // a workgroup a result
		[[7, 9, 5], 0],
		[
			[7, 9, 5],
			[0, 2],
		], // axes apart: the stock kernel
		[[4, 1, 6], [1]],
	] as [number[], number | number[] | undefined][])('of %j over %j equal the cpu backend', async (shape, axis) => {
		for (const keepDims of [false, true]) {
			await expectSameAsCpu(() => {
				const x = tf.tensor(normals(shape, 1), shape);
				return [tf.sum(x, axis, keepDims), tf.mean(x, axis, keepDims), tf.max(x, axis, keepDims), tf.min(x, axis, keepDims)];
			});
		}
	});

	it('add a million numbers in few enough steps for float32', async () => {
		const count = 2 ** 20;
		// 64 numbers a slice, then 64 slices a lane, then a tree of 8: as many roundings of at most 2⁻²⁴.
		const tolerance = (64 + 64 + 8) * 2 ** -24;
		await expectValues(() => [tf.sum(tf.fill([count], 0.1)), tf.mean(tf.fill([count], 0.1))], [[0.1 * count], [0.1]], tolerance);
	});

	it.each([[[40_000]], [[300]], [[7]]])('take truths %j that were cast to float32 by their value', async (shape) => {
		await expectSameAsCpu(() => {
			const truths = tf.cast(tf.greater(tf.tensor(normals(shape, 1), shape), 0), 'float32');
			return [tf.sum(truths), tf.min(truths), tf.max(truths)];
		});
	});

	it.each([10, 300, 20_000])('let NaN and infinities through, %d numbers', async (count) => {
		const nan = Float32Array.from({ length: count }, (_, at) => (at === count - 2 ? NaN : at));
		const low = new Float32Array(count).fill(-Infinity);
		const values = await evaluate(() => {
			const [a, b] = [tf.tensor1d(nan), tf.tensor1d(low)];
			return [tf.max(a), tf.min(a), tf.sum(a), tf.max(b), tf.min(tf.neg(b)), tf.sum(b)];
		});
		expect(values.map(([value]) => value)).toEqual([NaN, NaN, NaN, -Infinity, Infinity, -Infinity]);
	});

	it.each([[[2, 9, 7, 3]], [[5, 2]], [[3, 65]]])('give softmax of %j and its gradient as the cpu backend does', async (shape) => {
		await expectSameAsCpu(() => {
			const x = tf.mul(tf.tensor(normals(shape, 1), shape), 30);
			return [tf.softmax(x), tf.grad(tf.softmax)(x, tf.tensor(normals(shape, 2), shape))];
		});
	});

	it('give softmax NaN where a logit is NaN', async () => {
		const [values] = await evaluate(() => tf.softmax(tf.tensor2d([NaN, 1, 0, 0], [2, 2])));
		expect([...values!]).toEqual([NaN, NaN, 0.5, 0.5]);
	});
});
