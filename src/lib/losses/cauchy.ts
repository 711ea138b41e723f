import { defineLoss } from './define-loss.ts';
import { meanOfSquares, scaleParam } from './residual.ts';

/**
 * The logarithm of a squared error.
 *
 * Formula: mean ln(1 + ½·(e/c)²).
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const cauchy = defineLoss({
	id: 'cauchy',
	name: 'Cauchy',
	family: 'regression',
	summary: 'Large errors count by their logarithm only; the general robust loss at α = 0.',
	formula: 'mean ln(1 + ½·(e/c)²)',
	symbols: { e: 'p − g, probability less truth', c: 'scale' },
	takes: 'probabilities',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Labels hold gross mistakes that should count little; take c of about 0.1.',
	badWhen: 'Foreground is rare: it is treated as a mistake and given up.',
	edgeCases: 'Empty and full masks are ordinary. Saturated wrong pixels have no slope through the sigmoid or softmax.',
	sources: [
		{
			authors: 'Black, Anandan',
			year: 1996,
			title: 'The Robust Estimation of Multiple Motions: Parametric and Piecewise-Smooth Flow Fields',
			venue: 'Computer Vision and Image Understanding',
		},
	],
	params: { scale: scaleParam(1) },
	compute: (tf, input, values) => meanOfSquares(tf, input, values.scale, (squares) => tf.log1p(tf.div(squares, 2))),
});
