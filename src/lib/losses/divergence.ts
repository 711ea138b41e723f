/** Divergence of two distributions over classes. */
import type { Tensor, Tensor4D, Tf } from './contract.ts';

/** Both sides are clipped to [smallest, 1], as Keras does. */
const smallest = 1e-7;

/** Σ_c a·ln(a / b) of each pixel: [B, H, W, C] → [B, H, W, 1]. */
export function divergence(tf: Tf, a: Tensor4D, b: Tensor4D): Tensor {
	const [from, to] = [tf.clipByValue(a, smallest, 1), tf.clipByValue(b, smallest, 1)];
	return tf.sum(tf.mul(from, tf.sub(tf.log(from), tf.log(to))), 3, true);
}
