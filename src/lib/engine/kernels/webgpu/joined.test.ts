/** Convolutions of parts that are never joined nor enlarged, held to stock operations on the cpu backend that join and enlarge them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultSpec, type NetSpec } from '#lib/core/experiment.ts';
import { convolvesParts, fusedConvolution } from '../../fused.ts';
import { variableOf } from '../../layers.ts';
import { asTensor4D } from '../../tensors.ts';
import { tf } from '../../tf.ts';
import { buildUNet, initialise } from '../../unet.ts';
import { normals } from '../testing/values.ts';
import { hasWebGpu } from './testing-node.ts';
import { expectSameAsCpu, startKernels } from './testing.ts';

type Shape4 = [number, number, number, number];
const random = (shape: Shape4, seed: number) => tf.tensor4d(normals(shape, seed), shape);
const twice = (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [2 * x.shape[1]!, 2 * x.shape[2]!]);

describe.skipIf(!hasWebGpu)('convolutions of parts on webgpu', { timeout: 120_000 }, () => {
	beforeAll(startKernels);

	it.each([
		[[[2, 8, 6, 4]], [1], 3],
		[[[2, 4, 3, 5]], [2], 4],
		[
			[
				[2, 8, 6, 8],
				[2, 8, 6, 3],
			],
			[1, 1],
			5,
		],
		[
			[
				[1, 8, 12, 4],
				[1, 4, 6, 8],
			],
			[1, 2],
			8,
		],
		[
			[
				[2, 6, 10, 12],
				[2, 3, 5, 6],
			],
			[1, 2],
			1,
		],
	] as [Shape4[], (1 | 2)[], number][])('of %j at scales %j to %d channels', async (shapes, scales, outputs) => {
		const channels = shapes.reduce((sum, shape) => sum + shape[3], 0);
		const filterShape: Shape4 = [3, 3, channels, outputs];
		for (const [relu, biased] of [
			[true, true],
			[false, false],
		] as const) {
			await expectSameAsCpu(() => {
				const convolve = (...tensors: tf.Tensor[]): tf.Tensor => {
					const [xs, [filter, bias = null]] = [tensors.slice(0, shapes.length), tensors.slice(shapes.length)];
					if (convolvesParts()) {
						const parts = xs.map((x, index) => ({ x, scale: scales[index]! }));
						return fusedConvolution(parts, filter!, bias, { relu, trainsInput: true });
					}
					const large = tf.concat(
						xs.map((x, index) => (scales[index] === 2 ? twice(x) : x)),
						3,
					);
					const z = tf.conv2d(large as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
					const y = bias ? tf.add(z, bias) : z;
					return relu ? tf.relu(y) : y;
				};
				const inputs = [...shapes.map(random), random(filterShape, 7), ...(biased ? [tf.tensor1d(normals([outputs], 8))] : [])];
				const y = convolve(...inputs);
				return [y, ...tf.grads(convolve)(inputs, random(y.shape as Shape4, 9))];
			}, 3e-5);
		}
	});

	it.each([
		['nearest', 'none', 4],
		['nearest', 'batch', 4],
		['nearest', 'none', 6], // a skip that fills no whole vector: joined as before
		['nearest-conv', 'none', 4],
		['nearest-conv', 'none', 6],
		['transposed', 'batch', 4],
	] as [NetSpec['up'], NetSpec['norm'], number][])('in a U-Net, %s, norm %s, base %d', async (up, norm, base) => {
		await expectSameAsCpu(() => {
			const net = buildUNet({ ...defaultSpec.net, depth: 2, base, norm, up }, 1, 2);
			initialise(net, 3);
			const x = random([2, 8, 8, 1], 1);
			const variables = net.logits.trainableWeights.map(variableOf);
			const apply = (training: boolean) => asTensor4D(net.logits.apply(x, { training }));
			const { value, grads } = tf.variableGrads(() => tf.mean(tf.square(apply(true))), variables);
			const result = [value, apply(true), apply(false), ...variables.map(({ name }) => grads[name]!)].map((tensor) => tf.clone(tensor));
			net.logits.dispose();
			return result;
		}, 2e-4);
	});

	it('leave no placeholder where the kernels are not', async () => {
		await tf.setBackend('cpu');
		expect(convolvesParts()).toBe(false);
	});
});
