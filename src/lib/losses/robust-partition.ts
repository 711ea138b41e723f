import type { Scalar, Tensor, Tf } from './contract.ts';
import { exponentialMinusOne } from './exponential.ts';

/** Nodes of the trapezoid rule in u, x = sinh u: it reaches x = 2.4e8, where the heaviest tail holds 1e-8 of the area. */
const step = 0.05;
const nodeCount = 401;

/**
 * ρ(x, α) of Barron's general robust loss for 0 < α < 2 as a tensor, from squares of x over the scale.
 *
 * Formula: |α − 2|/α·((s/|α − 2| + 1)^(α/2) − 1). e^x − 1 and ln(1 + x) as such keep its digits for small residuals.
 */
export function robustMap<T extends Tensor>(tf: Tf, squares: T, alpha: Scalar): T {
	const b = tf.sub(2, alpha);
	return tf.mul(exponentialMinusOne(tf, tf.mul<T>(tf.log1p(tf.div(squares, b)), tf.div(alpha, 2))), tf.div(b, alpha));
}

/**
 * ln Z(α) = ln ∫ exp(−ρ(x, α)) dx, what makes a probability density of exp(−ρ), for 0 < α < 2. By quadrature on every
 * call, so that its slope with respect to α comes with it; it is the work of 401 numbers.
 */
export function logPartition(tf: Tf, alpha: Scalar): Scalar {
	const nodes = Array.from({ length: nodeCount }, (_, i) => i * step);
	const squares = tf.tensor1d(nodes.map((u) => Math.sinh(u) ** 2));
	// dx = cosh u du; both sides of 0, which itself counts once.
	const widths = tf.tensor1d(nodes.map((u, i) => (i === 0 ? 1 : 2) * Math.cosh(u) * step));
	return tf.log(tf.sum<Scalar>(tf.mul(tf.exp(tf.neg(robustMap(tf, squares, alpha))), widths)));
}
