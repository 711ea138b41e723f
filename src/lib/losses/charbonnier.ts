import { defineLoss } from './define-loss.ts';
import { meanOfSquares, scaleParam } from './residual.ts';

/**
 * A smooth absolute error.
 *
 * Formula: mean √((e/c)² + 1) − 1.
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const charbonnier = defineLoss({
	id: 'charbonnier',
	name: 'Charbonnier',
	family: 'regression',
	summary: 'Absolute error with a smooth tip; the general robust loss at α = 1.',
	formula: 'mean √((e/c)² + 1) − 1',
	symbols: { e: 'p − g, probability less truth', c: 'scale' },
	takes: 'probabilities',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Some labels are wrong and a smooth absolute error is wanted; take c of about 0.1.',
	badWhen: 'c is 1: residuals stay below it, and it is half the squared error.',
	edgeCases: 'Empty and full masks are ordinary. Saturated wrong pixels have no slope through the sigmoid or softmax.',
	sources: [
		{
			authors: 'Charbonnier, Blanc-Féraud, Aubert, Barlaud',
			year: 1994,
			title: 'Two deterministic half-quadratic regularization algorithms for computed imaging',
			venue: 'ICIP',
		},
	],
	params: { scale: scaleParam(1) },
	compute: (tf, input, values) => meanOfSquares(tf, input, values.scale, (squares) => tf.sub(tf.sqrt(tf.add(squares, 1)), 1)),
});
