/** Every loss on WebGPU gives what it gives in plain JavaScript: no op or gradient is missing there. */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { everyLoss, expectSameOn } from './testing/same-on-backend.ts';

beforeAll(() => {
	// Small tensors are otherwise computed in JavaScript, which would test nothing.
	tf.env().set('WEBGPU_CPU_FORWARD', false);
});

describe('on WebGPU', () => {
	it.each(everyLoss)('%s with %i channel(s) has the same value and slopes', { timeout: 60_000 }, async (_id, channels, loss, values) => {
		await expectSameOn('webgpu', loss, channels, values, 1e-3);
	});
});
