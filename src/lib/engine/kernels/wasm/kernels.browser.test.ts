import { beforeAll, describe, expect, it } from 'vitest';
import { browserPlatform } from '../../platform-browser.ts';
import { tf } from '../../tf.ts';
import { detectBuild } from './detect.ts';
import { normals } from '../testing/values.ts';
import { expectSameAsCpu } from './testing.ts';

type Shape4 = [number, number, number, number];
const random = (shape: Shape4, seed: number) => tf.tensor4d(normals(shape, seed), shape);

describe('the kernels in Chromium', () => {
	beforeAll(async () => {
		await browserPlatform.startWasm();
	});

	it('come in the build with relaxed SIMD, which Node 20 cannot test', () => {
		expect(detectBuild()).toBe('relaxed');
	});

	it.each([
		[
			[2, 9, 11, 1],
			[3, 3, 1, 8],
		], // first layer
		[
			[2, 16, 16, 8],
			[3, 3, 8, 16],
		], // Winograd
		[
			[1, 13, 10, 24],
			[3, 3, 24, 12],
		], // Winograd with partial tiles and blocks
		[
			[2, 12, 12, 16],
			[1, 1, 16, 1],
		], // head
		[
			[1, 10, 9, 5],
			[5, 5, 5, 7],
		],
	] as [Shape4, Shape4][])('convolve like the cpu backend, forward and both gradients: %j with %j', async (xShape, filterShape) => {
		await expectSameAsCpu(() => {
			const convolve = (...[x, filter]: tf.Tensor[]) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
			const inputs = [random(xShape, 1), random(filterShape, 2)];
			const y = convolve(...inputs);
			return [y, ...tf.grads(convolve)(inputs, random(y.shape, 3))];
		});
	});
});
