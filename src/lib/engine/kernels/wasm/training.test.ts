import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../tf.ts';
import { startWasm } from './testing-node.ts';
import { evaluate, expectSameAsCpu, normals, relativeDifference } from './testing.ts';

const epsilon = 1e-5;

/** The definition in stock operations. */
function composedBatchNorm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, relu: boolean): tf.Tensor {
	const { mean, variance } = tf.moments(x, [0, 1, 2]);
	const y = tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon))), scale), offset);
	return relu ? tf.relu(y) : y;
}

describe.each([1, 2, 3, 4, 5, 8, 16, 33])('batch normalisation of %i channels', (channels) => {
	beforeAll(startWasm);
	const shape = [3, 11, 13, channels];
	const data = () => ({
		x: tf.add(tf.mul(tf.tensor(normals(shape, 1), shape), 3), 5),
		scale: tf.tensor1d(normals([channels], 2)),
		offset: tf.tensor1d(normals([channels], 3)),
		dy: tf.tensor(normals(shape, 4), shape),
	});

	it.each([false, true])('equals its definition on the cpu backend, forward and gradient (with ReLU: %s)', async (relu) => {
		const expected = await evaluate('cpu', () => {
			const { x, scale, offset, dy } = data();
			const { mean, variance } = tf.moments(x, [0, 1, 2]);
			const gradients = tf.grads((a, b, c) => composedBatchNorm(a, b, c, relu))([x, scale, offset], dy);
			return [composedBatchNorm(x, scale, offset, relu), mean, variance, ...gradients];
		});
		const actual = await evaluate('wasm', () => {
			const { x, scale, offset, dy } = data();
			const attributes = { epsilon, activation: relu ? 'relu' : 'linear' };
			const [y, mean, variance] = tf.engine().runKernel<tf.Tensor[]>('OverlapBatchNorm', { x, scale, offset }, attributes);
			const inputs = { dy, x, mean: mean!, variance: variance!, scale, offset };
			return [y!, mean!, variance!, ...tf.engine().runKernel<tf.Tensor[]>('OverlapBatchNormGrad', inputs, attributes)];
		});
		for (const [index, values] of expected.entries()) expect(relativeDifference(actual[index]!, values)).toBeLessThan(1e-4);
	});
});

describe('the gradient of ReLU', () => {
	beforeAll(startWasm);

	it.each([[3, 7], [2, 5, 5, 3], [64]].map((shape) => [shape]))('equals the cpu backend for %j', async (shape) => {
		await expectSameAsCpu(() => tf.grad(tf.relu)(tf.tensor(normals(shape, 1), shape), tf.tensor(normals(shape, 2), shape)), 0);
	});

	it('is 0 at 0 and below', async () => {
		const [dx] = await evaluate('wasm', () => tf.grad(tf.relu)(tf.tensor1d([-1, 0, 2]), tf.tensor1d([5, 6, 7])));
		expect([...dx!]).toEqual([0, 0, 7]);
	});
});

describe('Adam in place', () => {
	beforeAll(startWasm);

	// Three steps of Kingma and Ba, Algorithm 1, in double precision.
	function reference(weights: Float32Array, gradients: readonly Float32Array[], options: { l2: number; decay: number; scale: number }) {
		return Array.from(weights, (start, index) => {
			let [w, m, v] = [start, 0, 0];
			for (const [step, gradient] of gradients.entries()) {
				const g = gradient[index]! * options.scale + options.l2 * w;
				m = 0.9 * m + 0.1 * g;
				v = 0.999 * v + 0.001 * g * g;
				const change = (0.01 * (m / (1 - 0.9 ** (step + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (step + 1))) + 1e-8);
				w = w * (1 - 0.01 * options.decay) - change;
			}
			return w;
		});
	}

	it.each([
		['Adam', { l2: 0, decay: 0, scale: 1 }],
		['Adam with an L2 penalty', { l2: 0.1, decay: 0, scale: 1 }],
		['AdamW', { l2: 0, decay: 0.1, scale: 1 }],
		['Adam with clipped gradients', { l2: 0, decay: 0, scale: 0.25 }],
	])('equals the published algorithm: %s', async (_name, options) => {
		await tf.setBackend('wasm');
		const shape = [3, 7];
		const gradients = [11, 12, 13].map((seed) => normals(shape, seed));
		const variable = tf.tensor(normals(shape, 10), shape);
		const firstMoment = tf.zeros(shape);
		const secondMoment = tf.zeros(shape);
		const norm = tf.scalar(1);
		for (const [index, values] of gradients.entries()) {
			const gradient = tf.tensor(values, shape);
			tf.engine().runKernel(
				'OverlapAdam',
				{ variable, firstMoment, secondMoment, gradient, norm },
				{
					learningRate: 0.01,
					beta1: 0.9,
					beta2: 0.999,
					epsilon: 1e-8,
					step: index + 1,
					weightDecay: options.l2 + options.decay,
					decoupled: options.decay > 0,
					clipNorm: options.scale,
				},
			);
			gradient.dispose();
		}
		const expected = reference(normals(shape, 10), gradients, options);
		expect(relativeDifference(Float32Array.from(variable.dataSync()), Float32Array.from(expected))).toBeLessThan(1e-5);
		tf.dispose([variable, firstMoment, secondMoment, norm]);
	});
});

describe('the global norm', () => {
	beforeAll(startWasm);

	it('is the root of all squares together', async () => {
		await tf.setBackend('wasm');
		// 3² + 4² + 5 · 2² + 10² = 145
		const norm = tf.tidy(() =>
			tf
				.engine()
				.runKernel<tf.Tensor>('OverlapGlobalNorm', { a: tf.tensor1d([3, -4]), b: tf.fill([5], 2), c: tf.scalar(10) })
				.dataSync(),
		);
		expect(norm[0]).toBeCloseTo(Math.sqrt(145), 5);
	});
});

describe('a tiny U-Net', () => {
	beforeAll(startWasm);
	const filters: [number, number, number, number][] = [[3, 3, 1, 6], [3, 3, 6, 12], [3, 3, 18, 6], [1, 1, 6, 1]]; // prettier-ignore

	function network(x: tf.Tensor4D, weights: readonly tf.Tensor4D[]): tf.Tensor4D {
		const skip = tf.relu(tf.conv2d(x, weights[0]!, 1, 'same'));
		const deep = tf.relu(tf.conv2d(tf.maxPool(skip, 2, 2, 'same'), weights[1]!, 1, 'same'));
		const [, height, width] = skip.shape;
		const up = tf.image.resizeNearestNeighbor(deep, [height, width]);
		const merged = tf.relu(tf.conv2d(tf.concat([skip, up], 3), weights[2]!, 1, 'same'));
		return tf.conv2d(merged, weights[3]!, 1, 'same');
	}

	function dice(x: tf.Tensor, target: tf.Tensor, weights: readonly tf.Tensor4D[]): tf.Scalar {
		const p = tf.sigmoid(network(x as tf.Tensor4D, weights));
		const overlap = tf.mul(2, tf.sum(tf.mul(p, target)));
		return tf.reshape<tf.Rank.R0>(tf.sub(1, tf.div(overlap, tf.add(tf.sum(p), tf.sum(target)))), []);
	}

	const batch = () => ({
		x: tf.tensor4d(normals([2, 16, 20, 1], 1), [2, 16, 20, 1]),
		target: tf.cast(tf.greater(tf.tensor4d(normals([2, 16, 20, 1], 2), [2, 16, 20, 1]), 0), 'float32'),
		weights: filters.map((shape, index) =>
			tf.mul(tf.tensor4d(normals(shape, 10 + index), shape), Math.sqrt(2 / (shape[0] * shape[1] * shape[2]))),
		),
	});

	it('has the gradients of the cpu backend from end to end', async () => {
		await expectSameAsCpu(() => {
			const { x, target, weights } = batch();
			return tf.grads((...w) => dice(x, target, w as tf.Tensor4D[]))(weights);
		}, 1e-4);
	});

	it('trains without leaking a tensor or growing the heap', async () => {
		await tf.setBackend('wasm');
		const { x, target, weights } = tf.tidy(batch);
		const moments = weights.map((weight) => [tf.zerosLike(weight), tf.zerosLike(weight)] as const);
		const step = (count: number) =>
			tf.tidy(() => {
				const { value, grads } = tf.valueAndGrads((...w) => dice(x, target, w as tf.Tensor4D[]))(weights);
				for (const [index, variable] of weights.entries()) {
					const [firstMoment, secondMoment] = moments[index]!;
					const inputs = { variable, firstMoment, secondMoment, gradient: grads[index]! };
					tf.engine().runKernel('OverlapAdam', inputs, { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: count });
				}
				return value.dataSync()[0]!;
			});
		const firstLoss = step(1);
		const { numTensors, numBytes } = tf.memory();
		const heapBytes = heapSize();
		let lastLoss = firstLoss;
		for (let count = 2; count <= 50; count++) lastLoss = step(count);
		expect(lastLoss).toBeLessThan(firstLoss);
		expect(tf.memory()).toMatchObject({ numTensors, numBytes });
		expect(heapSize()).toBe(heapBytes);
		tf.dispose([x, target, weights, moments.flat()]);
	});

	function heapSize(): number {
		return (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
	}
});
