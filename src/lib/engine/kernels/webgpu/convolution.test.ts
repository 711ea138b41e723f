/** Draws shapes and holds the convolutions to their definition in double precision, on a software adapter. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedConvolution } from '../../fused.ts';
import { tf } from '../../tf.ts';
import type { Shape4 } from '../attributes.ts';
import { drawConvolution, geometryOf, shapesOf } from '../testing/drawn-convolution.ts';
import { convolution } from '../float64.ts';
import { normals } from '../testing/values.ts';
import { hasWebGpu } from './testing-node.ts';
import { evaluate, expectSameAsCpu, expectValues, startKernels } from './testing.ts';

const tolerance = 3e-5;

const channels = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 3, 4, 8, 16, 32));
const side = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(1, 2, 8, 16));

const drawn = drawConvolution(channels, side);

describe.skipIf(!hasWebGpu)('convolutions on webgpu', { timeout: 300_000 }, () => {
	beforeAll(startKernels);

	it('follow their definition over drawn shapes, forward and both gradients', async () => {
		await fc.assert(
			fc.asyncProperty(drawn, async (one) => {
				const size = geometryOf(one);
				if (size.outHeight < 1 || size.outWidth < 1) return;
				const [xShape, filterShape, yShape] = shapesOf(size);
				const [x, filter, dy] = [normals(xShape, 1), normals(filterShape, 2), normals(yShape, 3)];
				const expected = convolution(size, x, filter, dy);
				const convolve = (...[a, b]: tf.Tensor[]) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, one.stride, one.pad);
				await expectValues(
					() => {
						const inputs = [tf.tensor4d(x, xShape), tf.tensor4d(filter, filterShape)];
						return [convolve(...inputs), ...tf.grads(convolve)(inputs, tf.tensor4d(dy, yShape))];
					},
					[expected.y, expected.dx, expected.dFilter],
					tolerance,
				);
			}),
			{ numRuns: 15 },
		);
	});

	it('with bias and ReLU in one operation of the tape do too', async () => {
		const plainOnes = drawn.filter(({ stride, pad }) => stride === 1 && pad === 'same');
		await fc.assert(
			fc.asyncProperty(plainOnes, fc.boolean(), async (one, relu) => {
				const size = geometryOf(one);
				const [xShape, filterShape, yShape] = shapesOf(size);
				const [x, filter, bias, dy] = [normals(xShape, 1), normals(filterShape, 2), normals([size.outChannels], 4), normals(yShape, 3)];
				const plain = convolution(size, x, filter, dy).y.map((value, index) => value + bias[index % size.outChannels]!);
				// Where a value is as small as its rounding error, either side of the ReLU is right.
				if (relu && plain.some((value) => Math.abs(value) < 1e-4)) return;
				const dz = Float64Array.from(dy, (value, index) => (relu && plain[index]! <= 0 ? 0 : value));
				const { dx, dFilter } = convolution(size, x, filter, dz);
				const dBias = new Float64Array(size.outChannels);
				dz.forEach((value, index) => (dBias[index % size.outChannels]! += value));
				const y = plain.map((value) => (relu ? Math.max(0, value) : value));
				const fused = (...[a, b, c]: tf.Tensor[]) => fusedConvolution([{ x: a!, scale: 1 }], b!, c!, { relu, trainsInput: true });
				await expectValues(
					() => {
						const inputs = [tf.tensor4d(x, xShape), tf.tensor4d(filter, filterShape), tf.tensor1d(bias)];
						return [fused(...inputs), ...tf.grads(fused)(inputs, tf.tensor4d(dy, yShape))];
					},
					[y, dx, dFilter, dBias],
					tolerance,
				);
			}),
			{ numRuns: 10 },
		);
	});

	it.each([
		[
			[1, 40, 40, 8],
			[3, 3, 8, 8],
		], // strips of eight pixels need many of them
		[
			[2, 32, 32, 4],
			[3, 3, 4, 70],
		],
		[
			[1, 9, 33, 16],
			[3, 3, 16, 1],
		],
	] as [Shape4, Shape4][])('equal the cpu backend on %j with %j', async (xShape, filterShape) => {
		await expectSameAsCpu(() => {
			const convolve = (...[a, b]: tf.Tensor[]) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same');
			const inputs = [tf.tensor4d(normals(xShape, 1), xShape), tf.tensor4d(normals(filterShape, 2), filterShape)];
			const y = convolve(...inputs);
			return [y, ...tf.grads(convolve)(inputs, tf.tensor4d(normals(y.shape, 3), y.shape))];
		}, tolerance);
	});

	it.each([
		[[2, 4, 5, 6], [2, 2, 3, 6], 2], // up-sampling of the U-Net: every pixel has one tap
		[[1, 3, 9, 8], [3, 3, 8, 8], 2],
		[[1, 3, 4, 5], [2, 2, 4, 5], 3], // pixels between the taps stay 0
	] as [Shape4, Shape4, number][])('transposed equal the cpu backend on %j with %j, stride %d', async (xShape, filterShape, stride) => {
		await expectSameAsCpu(() => {
			const outShape: Shape4 = [xShape[0], stride * xShape[1], stride * xShape[2], filterShape[2]];
			const convolve = (...[a, b]: tf.Tensor[]) => tf.conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, outShape, stride, 'same');
			const inputs = [tf.tensor4d(normals(xShape, 1), xShape), tf.tensor4d(normals(filterShape, 2), filterShape)];
			const y = convolve(...inputs);
			return [y, ...tf.grads(convolve)(inputs, tf.tensor4d(normals(y.shape, 3), y.shape))];
		}, tolerance);
	});

	it('leave dilation and other activations to the stock kernels', async () => {
		await expectSameAsCpu(() => {
			const x = tf.tensor4d(normals([1, 9, 9, 4], 1), [1, 9, 9, 4]);
			const filter = tf.tensor4d(normals([3, 3, 4, 8], 2), [3, 3, 4, 8]);
			return [tf.conv2d(x, filter, 1, 'same', 'NHWC', 2), tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', activation: 'elu' })];
		});
	});

	it('take whole numbers and truths that were cast to float32 by their value', async () => {
		await expectSameAsCpu(() => {
			const whole = tf.tensor4d([0, 1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 3, 1], 'int32');
			const filter = tf.ones<tf.Rank.R4>([3, 3, 1, 4]);
			const images = [tf.cast(whole, 'float32'), tf.cast(tf.greater(whole, 3), 'float32')];
			// A result as large as the copy of its input must not get its buffer.
			const single = tf.ones<tf.Rank.R4>([3, 3, 1, 1]);
			const [first, second] = images;
			return [
				...images.flatMap((image) => [filter, single].map((weights) => tf.conv2d(image as tf.Tensor4D, weights, 1, 'same'))),
				tf.softmax(tf.reshape(first!, [3, 3])),
				tf.grad((x) => tf.conv2d(x as tf.Tensor4D, single, 1, 'same'))(first!, second),
				tf.grad((weights) => tf.conv2d(first as tf.Tensor4D, weights as tf.Tensor4D, 1, 'same'))(single, second),
			];
		}, 1e-6);
	});

	it('keep NaN visible through the ReLU', async () => {
		const [values] = await evaluate(() => {
			const x = tf.tensor4d([NaN, -1, 2, 3], [1, 2, 2, 1]);
			return tf.fused.conv2d({ x, filter: tf.ones([1, 1, 1, 1]), strides: 1, pad: 'same', activation: 'relu' });
		});
		expect([...values!]).toEqual([NaN, 0, 2, 3]);
	});
});
