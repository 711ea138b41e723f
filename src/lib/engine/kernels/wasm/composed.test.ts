import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../tf.ts';
import { registerComposedFilterGradient } from './composed.ts';
import { normals } from '../testing/values.ts';
import { expectSameAsCpu } from './testing.ts';

describe('the composed filter gradient', () => {
	beforeAll(async () => {
		tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
		await tf.setBackend('wasm');
		registerComposedFilterGradient('wasm');
	});

	it.each([
		[[3, 3, 4, 6], 1, 'same'],
		[[1, 1, 4, 3], 1, 'same'],
		[[2, 2, 4, 5], 2, 'valid'],
		[[5, 3, 4, 1], 1, 'valid'],
		[[3, 3, 4, 2], 2, 'same'],
	] as const)('equals the cpu backend: filter %j, stride %i, %s', async (shape, stride, pad) => {
		const filterShape: [number, number, number, number] = [...shape];
		await expectSameAsCpu(() => {
			const x = tf.tensor4d(normals([2, 9, 10, 4], 1), [2, 9, 10, 4]);
			const filter = tf.tensor4d(normals(filterShape, 2), filterShape);
			return tf.grad((f) => tf.conv2d(x, f as tf.Tensor4D, stride, pad))(filter);
		});
	});

	it('frees none of the caller’s data and keeps none of its own', async () => {
		await tf.setBackend('wasm');
		const x = tf.tensor4d(normals([1, 6, 6, 2], 1), [1, 6, 6, 2]);
		const filter = tf.tensor4d(normals([3, 3, 2, 2], 2), [3, 3, 2, 2]);
		const before = tf.memory();
		tf.tidy(() =>
			tf
				.grad((f) => tf.conv2d(x, f as tf.Tensor4D, 1, 'same'))(filter)
				.dataSync(),
		);
		expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
		expect([...x.dataSync()]).toEqual([...normals([1, 6, 6, 2], 1)]);
		tf.dispose([x, filter]);
	});
});
