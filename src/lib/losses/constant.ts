/** Values that the gradient does not flow through. */
import type { Tensor, Tf } from './contract.ts';

/**
 * Makes a tensor from `x` off the tape: its gradient is 0, and any op may be used, also those without a gradient
 * (comparisons, top-k, scatter). Nothing made on the way is kept for the backward pass.
 */
export function constant<T extends Tensor>(tf: Tf, x: Tensor, make: () => T): T {
	const shape = [...x.shape];
	return tf.customGrad<T>(() => ({ value: make(), gradFunc: () => tf.zeros(shape) }))(x);
}
