/** Comparison of the wasm backend with the cpu backend in the same process. */
import type { tf } from '../../tf.ts';
import { evaluateOn, expectNear } from '../testing/values.ts';

/** Holds the wasm backend against the cpu backend of TensorFlow.js, the oracle. */
export async function expectSameAsCpu(make: () => tf.Tensor | tf.Tensor[], tolerance = 1e-5): Promise<void> {
	const expected = await evaluateOn('cpu', make);
	expectNear(await evaluateOn('wasm', make), expected, tolerance);
}
