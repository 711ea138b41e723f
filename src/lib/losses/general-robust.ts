import type { Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { exponentialMinusOne } from './exponential.ts';
import { barron2019 } from './papers.ts';
import { meanOfSquares, scaleParam } from './residual.ts';

/** The smallest α stands for −∞. */
const minusInfinity = -100;

/** Around 2 and 0 the formula is 0/0 in float32: the limits are exact to within this. */
const nearLimit = 1e-4;

/** ρ as a function of (e/c)². */
function rho(tf: Tf, squares: Tensor4D, alpha: number): Tensor4D {
	if (alpha <= minusInfinity) return tf.neg(exponentialMinusOne(tf, tf.div<Tensor4D>(squares, -2)));
	if (Math.abs(alpha - 2) < nearLimit) return tf.div(squares, 2);
	if (Math.abs(alpha) < nearLimit) return tf.log1p(tf.div(squares, 2));
	const b = Math.abs(alpha - 2);
	// (x + 1)^(α/2) − 1 = expm1(α/2·ln(1 + x)) keeps its digits for small residuals.
	return tf.mul(exponentialMinusOne(tf, tf.mul<Tensor4D>(tf.log1p(tf.div(squares, b)), alpha / 2)), b / alpha);
}

/**
 * Barron's general robust loss: one number goes through squared error, Charbonnier, Cauchy, Geman–McClure and Welsch.
 *
 * Formula: mean |α − 2|/α·(((e/c)²/|α − 2| + 1)^(α/2) − 1), by its limits at α = 2, 0 and −∞.
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const generalRobust = defineLoss({
	id: 'generalRobust',
	name: 'General robust (Barron)',
	family: 'regression',
	summary: 'One number from squared error to losses that ignore large errors, for finding how much to trust the masks.',
	formula: 'mean |α − 2|/α·(((e/c)²/|α − 2| + 1)^(α/2) − 1)',
	symbols: { e: 'p − g, probability less truth', α: '2 squared error, 1 Charbonnier, 0 Cauchy, −2 Geman–McClure, −∞ Welsch', c: 'scale' },
	takes: 'probabilities',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'You want to find how much the masks can be trusted, by one number.',
	badWhen: 'Foreground is rare and α below 0: what is far wrong is given up.',
	edgeCases: 'Empty and full masks are ordinary. Saturated wrong pixels have no slope through the sigmoid or softmax.',
	sources: [barron2019],
	params: {
		alpha: {
			kind: 'number',
			label: 'Shape (α)',
			help: 'Smaller values let large errors count less; −100 stands for −∞. No value is published.',
			min: minusInfinity,
			max: 4,
			step: 0.5,
			default: 1,
		},
		scale: scaleParam(1),
	},
	compute: (tf, input, values) => meanOfSquares(tf, input, values.scale, (squares) => rho(tf, squares, values.alpha)),
});
