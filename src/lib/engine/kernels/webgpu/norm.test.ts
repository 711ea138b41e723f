/** Draws shapes and holds normalisation, the optimizers and the norm of all gradients to their definitions, on a software adapter. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedNorm } from '../../fused.ts';
import { tf } from '../../tf.ts';
import { normalisation } from '../float64.ts';
import { hasWebGpu } from './testing-node.ts';
import { normals } from '../testing/values.ts';
import { evaluate, expectValues, startKernels } from './testing.ts';

const tolerance = 3e-5;
const epsilon = 1e-5;

type Shape4 = [number, number, number, number];

describe.skipIf(!hasWebGpu)('normalisation on webgpu', { timeout: 300_000 }, () => {
	beforeAll(startKernels);

	const drawn = fc.record({
		samples: fc.integer({ min: 1, max: 4 }),
		pixels: fc.oneof(fc.integer({ min: 2, max: 600 }), fc.constantFrom(2, 64)),
		groupWidth: fc.integer({ min: 1, max: 9 }),
		groups: fc.integer({ min: 1, max: 8 }),
		relu: fc.boolean(),
	});

	it('follows its definition over drawn shapes, forward and all gradients', async () => {
		await fc.assert(
			fc.asyncProperty(drawn, async ({ samples, pixels, groupWidth, groups, relu }) => {
				const count = groupWidth * groups;
				const shape: Shape4 = [samples, pixels, 1, count];
				const x = normals(shape, 1).map((value, index) => 3 * value + (index % count));
				const [scale, offset, dy] = [normals([count], 2), normals([count], 3), normals(shape, 4)];
				const sizes = { samples, pixels, channels: count, groups };
				const expected = normalisation(sizes, epsilon, relu, x, scale, offset, dy);
				const linear = relu ? normalisation(sizes, epsilon, false, x, scale, offset, dy).y : expected.y;
				// Where a value is as small as its rounding error, either side of the ReLU is right.
				if (relu && linear.some((value) => Math.abs(value) < 1e-5)) return;
				const normalise = (...[a, b, c]: tf.Tensor[]) => fusedNorm(a!, b!, c!, { samples, groups, epsilon, relu });
				await expectValues(
					() => {
						const inputs = [tf.tensor4d(x, shape), tf.tensor1d(scale), tf.tensor1d(offset)];
						return [normalise(...inputs), ...tf.grads(normalise)(inputs, tf.tensor4d(dy, shape))];
					},
					[expected.y, expected.dx, expected.dScale, expected.dOffset],
					tolerance,
				);
			}),
			{ numRuns: 12 },
		);
	});

	it('moves the statistics in place, also after they were read', async () => {
		await tf.setBackend('webgpu');
		const [mean, variance] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([3, 4]))];
		await mean.data();
		tf.tidy(() => {
			// Channel 0 is 0 2 4 6 (mean 3, variance 5), channel 1 is 1 1 1 1.
			const x = tf.tensor4d([0, 1, 2, 1, 4, 1, 6, 1], [1, 2, 2, 2]);
			const setting = { samples: 1, groups: 2, epsilon, relu: false };
			fusedNorm(x, tf.ones([2]), tf.zeros([2]), setting, { mean, variance, keep: 0.9 });
		});
		// 0.9 · 1 + 0.1 · 3 and 0.9 · 2 + 0.1 · 1; 0.9 · 3 + 0.1 · 5 and 0.9 · 4
		const [means, variances] = [await mean.data(), await variance.data()];
		[1.2, 1.9, 3.2, 3.6].forEach((value, index) => expect([...means, ...variances][index]).toBeCloseTo(value, 5));
		tf.dispose([mean, variance]);
	});

	it('refuses samples and groups that do not divide the tensor', async () => {
		await tf.setBackend('webgpu');
		const run = (samples: number, groups: number) => () =>
			tf.tidy(() => fusedNorm(tf.ones([3, 2, 2, 6]), tf.ones([6]), tf.zeros([6]), { samples, groups, epsilon, relu: false }));
		expect(run(3, 4)).toThrow('cannot be normalised');
		expect(run(5, 6)).toThrow('cannot be normalised');
	});
});

describe.skipIf(!hasWebGpu)('the global norm on webgpu', () => {
	beforeAll(startKernels);

	it('is the root of all squares together, over more gradients than one dispatch can bind', async () => {
		const [norm] = await evaluate(() => {
			// 3² + 4² + 10² + 5 · 2² = 145, and 40 tensors of 1,000 ones.
			const given = [tf.tensor1d([3, -4]), tf.scalar(10), tf.fill([5], 2), ...Array.from({ length: 40 }, () => tf.ones([10, 100]))];
			return tf
				.engine()
				.runKernel<tf.Tensor>('OverlapGlobalNorm', Object.fromEntries(given.map((tensor, index) => [String(index), tensor])));
		});
		expect(norm![0]).toBeCloseTo(Math.sqrt(40_145), 3);
	});
});
