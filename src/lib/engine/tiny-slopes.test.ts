import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { asTensor4D } from './tensors.ts';
import { tf } from './tf.ts';
import { withoutTinySlopes } from './tiny-slopes.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

it('passes values and slopes on, and stops slopes too small to move anything', () => {
	const before = tf.memory().numTensors;
	tf.tidy(() => {
		const logits = tf.tensor4d([1, -2, 3, 4, -5], [1, 1, 1, 5]);
		const weights = tf.tensor4d([0.5, -2e-20, 5e-21, -1e-40, Number.NaN], [1, 1, 1, 5]);
		const { value, grad } = tf.valueAndGrad((x) => tf.sum(tf.mul(withoutTinySlopes(asTensor4D(x)), weights)))(logits);
		expect(value.dataSync()[0]).toBeNaN();
		const slopes = [...grad.dataSync()];
		expect(slopes[0]).toBe(0.5);
		expect(slopes[1]).toBeCloseTo(-2e-20, 26);
		expect(slopes.slice(2, 4).map(Math.abs)).toEqual([0, 0]);
		// A broken gradient must be seen, not silenced.
		expect(slopes[4]).toBeNaN();
		expect([...withoutTinySlopes(logits).dataSync()]).toEqual([1, -2, 3, 4, -5]);
	});
	expect(tf.memory().numTensors).toBe(before);
});
