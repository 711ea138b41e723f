/** What the regression losses share: a function of the residual p − g, and its mean. */
import type { NumberParam } from '#lib/core/params.ts';
import type { LossInput, Scalar, Tensor4D, Tf } from './contract.ts';
import { meanOverValid } from './pixelwise.ts';

/** p − g [B, H, W, C]. */
function residual(tf: Tf, { yPred, yTrue }: LossInput): Tensor4D {
	return tf.sub(yPred, yTrue);
}

/** Mean of ρ(p − g) over valid pixels and channels. */
export function meanResidual(tf: Tf, input: LossInput, rho: (error: Tensor4D) => Tensor4D): Scalar {
	return meanOverValid(tf, rho(residual(tf, input)), input.valid);
}

/** Mean of ρ((e / c)²), the form of the robust losses. */
export function meanOfSquares(tf: Tf, input: LossInput, scale: number, rho: (squares: Tensor4D) => Tensor4D): Scalar {
	return meanResidual(tf, input, (error) => rho(tf.square(tf.div(error, scale))));
}

/** Quadratic up to `limit`, linear beyond: ½·q² + limit·(|e| − q), q = min(|e|, limit). No comparison, which has no gradient. */
export function huberMap(tf: Tf, error: Tensor4D, limit: number): Tensor4D {
	const size = tf.abs(error);
	const near = tf.minimum(size, limit);
	return tf.add(tf.div(tf.square(near), 2), tf.mul(tf.sub(size, near), limit));
}

/** The scale of a robust loss. */
export function scaleParam(published: number): NumberParam {
	return {
		kind: 'number',
		label: 'Scale (c)',
		help: 'Errors well below it count by their square. The published value is for residuals of any size; those of probabilities are at most 1, so about 0.1 shows an effect.',
		min: 0.01,
		max: 10,
		step: 0.05,
		default: published,
	};
}
