/** Every loss on WebAssembly gives what it gives in plain JavaScript: no op or gradient is missing there. */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { everyLoss, expectSameOn } from './testing/same-on-backend.ts';

beforeAll(() => {
	// tfjs' threaded build needs an isolated page.
	tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
});

afterAll(() => tf.setBackend('cpu'));

describe('on WebAssembly', () => {
	it.each(everyLoss)('%s with %i channel(s) has the same value and slopes', async (_id, channels, loss, values) => {
		await expectSameOn('wasm', loss, channels, values, 1e-4);
	});
});
