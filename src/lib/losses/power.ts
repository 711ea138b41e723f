/** Powers whose slope stays finite. */
import type { Tensor, Tf } from './contract.ts';

/** Below it a power is flat: x^0.75 has an infinite slope at 0. So small that the power itself is 0 to float32. */
const smallestBase = 1e-36;

/** max(x, 10⁻³⁶)^exponent for x ≥ 0. */
export function power(tf: Tf, x: Tensor, exponent: number): Tensor {
	return exponent === 1 ? x : tf.pow(tf.maximum(x, smallestBase), exponent);
}
