/** Draws shapes and holds each kernel to its definition in double precision. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedConvolution, fusedNorm } from '../../fused.ts';
import { tf } from '../../tf.ts';
import { drawConvolution, geometryOf, shapesOf } from '../testing/drawn-convolution.ts';
import { convolution, type Geometry, normalisation } from '../float64.ts';
import { normals, relativeDifference } from '../testing/values.ts';
import { startWasm } from './testing-node.ts';

/** Largest difference allowed, as a share of the reference's largest value: of sums over channels, and of sums over all pixels. */
const tolerance = 1e-5;
const wideTolerance = 3e-5;

const channels = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(1, 4, 8, 16, 32));
const side = fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constantFrom(1, 2, 16));

function expectClose(actual: tf.Tensor, expected: Float64Array, limit: number): void {
	expect(relativeDifference(Float32Array.from(actual.dataSync()), Float32Array.from(expected))).toBeLessThanOrEqual(limit);
}

const drawnConvolution = drawConvolution(channels, side);

/** Forward and both gradients of `tf.conv2d`: every kernel, stride and padding. */
function checkConvolutions(numRuns: number): void {
	fc.assert(
		fc.property(drawnConvolution, (drawn) => {
			const size = geometryOf(drawn);
			if (size.outHeight < 1 || size.outWidth < 1) return;
			const [xShape, filterShape, yShape] = shapesOf(size);
			const [x, filter, dy] = [normals(xShape, 1), normals(filterShape, 2), normals(yShape, 3)];
			const expected = convolution(size, x, filter, dy);
			tf.tidy(() => {
				const convolve = (...[a, b]: tf.Tensor[]) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, drawn.stride, drawn.pad);
				const inputs = [tf.tensor4d(x, xShape), tf.tensor4d(filter, filterShape)];
				expectClose(convolve(...inputs), expected.y, wideTolerance);
				const [dx, dFilter] = tf.grads(convolve)(inputs, tf.tensor4d(dy, yShape));
				expectClose(dx!, expected.dx, wideTolerance);
				expectClose(dFilter!, expected.dFilter, wideTolerance);
			});
		}),
		{ numRuns },
	);
}

/** relu(conv + bias) under a gradient tape, as one operation. */
function checkFusedConvolutions(numRuns: number): void {
	const drawn = drawnConvolution.filter(({ kernel, stride, pad }) => kernel[0] === 3 && kernel[1] === 3 && stride === 1 && pad === 'same');
	fc.assert(
		fc.property(drawn, fc.boolean(), (one, relu) => {
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
			tf.tidy(() => {
				const inputs = [tf.tensor4d(x, xShape), tf.tensor4d(filter, filterShape), tf.tensor1d(bias)];
				const fused = (...[a, b, c]: tf.Tensor[]) => fusedConvolution([{ x: a!, scale: 1 }], b!, c!, { relu, trainsInput: true });
				expectClose(
					fused(...inputs),
					plain.map((value) => (relu ? Math.max(0, value) : value)),
					wideTolerance,
				);
				const gradients = tf.grads(fused)(inputs, tf.tensor4d(dy, yShape));
				[dx, dFilter, dBias].forEach((expected, index) => expectClose(gradients[index]!, expected, wideTolerance));
			});
		}),
		{ numRuns },
	);
}

/** Batch, group and instance normalisation with and without ReLU, forward and all gradients. */
function checkNormalisations(numRuns: number): void {
	const drawn = fc.record({
		samples: fc.integer({ min: 1, max: 4 }),
		pixels: fc.integer({ min: 2, max: 600 }),
		groupWidth: fc.integer({ min: 1, max: 9 }),
		groups: fc.integer({ min: 1, max: 8 }),
		relu: fc.boolean(),
	});
	fc.assert(
		fc.property(drawn, ({ samples, pixels, groupWidth, groups, relu }) => {
			const count = groupWidth * groups;
			const shape: [number, number, number, number] = [samples, pixels, 1, count];
			const x = normals(shape, 1).map((value, index) => 3 * value + (index % count));
			const [scale, offset, dy] = [normals([count], 2), normals([count], 3), normals(shape, 4)];
			const sizes = { samples, pixels, channels: count, groups };
			const epsilon = 1e-5;
			const expected = normalisation(sizes, epsilon, relu, x, scale, offset, dy);
			const linear = relu ? normalisation(sizes, epsilon, false, x, scale, offset, dy).y : expected.y;
			if (relu && linear.some((value) => Math.abs(value) < 1e-5)) return;
			tf.tidy(() => {
				const inputs = [tf.tensor4d(x, shape), tf.tensor1d(scale), tf.tensor1d(offset)];
				const normalise = (...[a, b, c]: tf.Tensor[]) => fusedNorm(a!, b!, c!, { samples, groups, epsilon, relu });
				expectClose(normalise(...inputs), expected.y, tolerance);
				const gradients = tf.grads(normalise)(inputs, tf.tensor4d(dy, shape));
				[expected.dx, expected.dScale, expected.dOffset].forEach((values, index) => expectClose(gradients[index]!, values, wideTolerance));
			});
		}),
		{ numRuns },
	);
}

/** 2 × 2 max-pooling and nearest up-sampling, and their gradients: sums of at most four values, so hardly any rounding. */
function checkResampling(numRuns: number): void {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 3 }), side, side, channels, (batch, height, width, count) => {
			const small: [number, number, number, number] = [batch, height, width, count];
			const large: [number, number, number, number] = [batch, 2 * height, 2 * width, count];
			const [x, d] = [normals(large, 1), normals(small, 2)];
			/** Place in the large image of copy `copy` of a place in the small one. */
			const placeOf = (index: number, copy: number): number => {
				const channel = index % count;
				const column = Math.floor(index / count) % width;
				const row = Math.floor(index / (count * width));
				return ((2 * row + (copy >> 1)) * 2 * width + 2 * column + (copy & 1)) * count + channel;
			};
			const largest = new Float64Array(d.length);
			const pooledGradient = new Float64Array(x.length);
			const summed = new Float64Array(d.length);
			const repeated = new Float64Array(x.length);
			d.forEach((value, index) => {
				const places = [0, 1, 2, 3].map((copy) => placeOf(index, copy));
				const best = places.reduce((a, b) => (x[b]! > x[a]! ? b : a));
				largest[index] = x[best]!;
				pooledGradient[best] = value;
				for (const place of places) {
					summed[index]! += x[place]!;
					repeated[place] = value;
				}
			});
			tf.tidy(() => {
				const pool = (image: tf.Tensor) => tf.maxPool(image as tf.Tensor4D, 2, 2, 'valid');
				const up = (image: tf.Tensor) => tf.image.resizeNearestNeighbor(image as tf.Tensor4D, [2 * height, 2 * width]);
				const [big, little] = [tf.tensor4d(x, large), tf.tensor4d(d, small)];
				expectClose(pool(big), largest, 0);
				expectClose(tf.grad(pool)(big, little), pooledGradient, 0);
				expectClose(up(little), repeated, 0);
				expectClose(tf.grad(up)(little, big), summed, tolerance);
			});
		}),
		{ numRuns },
	);
}

/** The transposed 2 × 2 convolution that doubles an image, and its gradients: those of the convolution that halves it, exchanged. */
function checkTransposed(numRuns: number): void {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 2 }), side, side, channels, channels, (batch, height, width, inChannels, outChannels) => {
			const xShape: [number, number, number, number] = [batch, height, width, inChannels];
			const yShape: [number, number, number, number] = [batch, 2 * height, 2 * width, outChannels];
			const filterShape: [number, number, number, number] = [2, 2, outChannels, inChannels];
			const halving: Geometry = {
				batch,
				height: 2 * height,
				width: 2 * width,
				inChannels: outChannels,
				kernelHeight: 2,
				kernelWidth: 2,
				outChannels: inChannels,
				stride: 2,
				outHeight: height,
				outWidth: width,
				top: 0,
				left: 0,
			};
			const [x, filter, dy] = [normals(xShape, 1), normals(filterShape, 2), normals(yShape, 3)];
			const expected = convolution(halving, dy, filter, x);
			tf.tidy(() => {
				const up = (...[a, b]: tf.Tensor[]) => tf.conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, yShape, 2, 'same');
				const inputs = [tf.tensor4d(x, xShape), tf.tensor4d(filter, filterShape)];
				expectClose(up(...inputs), expected.dx, tolerance);
				const [dx, dFilter] = tf.grads(up)(inputs, tf.tensor4d(dy, yShape));
				expectClose(dx!, expected.y, tolerance);
				expectClose(dFilter!, expected.dFilter, wideTolerance);
			});
		}),
		{ numRuns },
	);
}

describe('over drawn shapes, odd sizes, 1 to 70 channels and single pixels', () => {
	beforeAll(startWasm);

	it('convolutions follow their definition, forward and both gradients', () => {
		checkConvolutions(150);
	});

	it('convolutions with bias and ReLU in one operation do too', () => {
		checkFusedConvolutions(80);
	});

	it('transposed convolutions follow theirs', () => {
		checkTransposed(60);
	});

	it('batch, group and instance normalisation follow theirs', () => {
		checkNormalisations(100);
	});

	it('pooling and up-sampling follow theirs', () => {
		checkResampling(60);
	});

	it('samples and groups that do not divide the tensor are refused', () => {
		const run = (samples: number, groups: number) => () =>
			tf.tidy(() => fusedNorm(tf.ones([3, 2, 2, 6]), tf.ones([6]), tf.zeros([6]), { samples, groups, epsilon: 1e-5, relu: false }));
		expect(run(3, 4)).toThrow('cannot be normalised');
		expect(run(5, 6)).toThrow('cannot be normalised');
	});
});
