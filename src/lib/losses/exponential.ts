/** The exponential near 0. */
import type { Tensor, Tf } from './contract.ts';

/** Below it the series is exact to float32. */
const small = 0.2;

/** Terms of the series after the first. */
const terms = 6;

/**
 * e^x − 1, exact near 0 on every backend: WebGPU's own subtracts, and has no digits left where x is small. The series is
 * x·(1 + x/2·(1 + x/3·(…))).
 */
export function exponentialMinusOne<T extends Tensor>(tf: Tf, x: T): T {
	const near = tf.step(tf.sub(small, tf.abs(x)));
	const within = tf.mul(x, near);
	let series: T = tf.add(tf.div(within, terms), 1);
	for (let n = terms - 1; n > 1; n--) series = tf.add(tf.mul(tf.div(within, n), series), 1);
	return tf.add(tf.mul(within, series), tf.expm1(tf.sub(x, within)));
}
