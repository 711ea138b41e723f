import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../tf.ts';
import { startWasm } from './testing-node.ts';
import { evaluateOn, normals } from '../testing/values.ts';
import { expectSameAsCpu } from './testing.ts';

describe('the gradient of ReLU', () => {
	beforeAll(startWasm);

	it.each([[3, 7], [2, 5, 5, 3], [64]].map((shape) => [shape]))('equals the cpu backend for %j', async (shape) => {
		await expectSameAsCpu(() => tf.grad(tf.relu)(tf.tensor(normals(shape, 1), shape), tf.tensor(normals(shape, 2), shape)), 0);
	});

	it('is 0 at 0 and below', async () => {
		const [dx] = await evaluateOn('wasm', () => tf.grad(tf.relu)(tf.tensor1d([-1, 0, 2]), tf.tensor1d([5, 6, 7])));
		expect([...dx!]).toEqual([0, 0, 7]);
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

	it('trains 2,000 steps without leaking a tensor or growing the heap', async () => {
		await tf.setBackend('wasm');
		const { x, target, weights } = tf.tidy(batch);
		const firsts = weights.map((weight) => tf.zerosLike(weight));
		const seconds = weights.map((weight) => tf.zerosLike(weight));
		const names = (prefix: string, tensors: readonly tf.Tensor[]) => tensors.map((tensor, index) => [`${prefix}${index}`, tensor] as const);
		const rates = { kind: 'adam', count: weights.length, learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
		const step = (count: number) =>
			tf.tidy(() => {
				const { value, grads } = tf.valueAndGrads((...w) => dice(x, target, w as tf.Tensor4D[]))(weights);
				const tensors = [names('variable', weights), names('first', firsts), names('second', seconds), names('gradient', grads)];
				const attrs = { ...rates, step: count, weightDecay: 0, momentum: 0, clipNorm: 0 };
				tf.engine().runKernel('OverlapUpdate', Object.fromEntries(tensors.flat()), attrs);
				return value.dataSync()[0]!;
			});
		const firstLoss = step(1);
		const { numTensors, numBytes } = tf.memory();
		const heapBytes = heapSize();
		let lastLoss = firstLoss;
		for (let count = 2; count <= 2000; count++) lastLoss = step(count);
		expect(lastLoss).toBeLessThan(firstLoss);
		expect(tf.memory()).toMatchObject({ numTensors, numBytes });
		expect(heapSize()).toBe(heapBytes);
		tf.dispose([x, target, weights, firsts, seconds]);
	});

	function heapSize(): number {
		return (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
	}
});
