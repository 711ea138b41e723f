import type { Tensor4D } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { exponentialMinusOne } from './exponential.ts';
import { meanOfSquares, scaleParam } from './residual.ts';

/**
 * A squared error that levels off fast.
 *
 * Formula: mean 1 − exp(−½·(e/c)²).
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const welsch = defineLoss({
	id: 'welsch',
	name: 'Welsch',
	family: 'regression',
	summary: 'Large errors stop counting sooner than with Geman–McClure; the general robust loss at α = −∞.',
	formula: 'mean 1 − exp(−½·(e/c)²)',
	symbols: { e: 'p − g, probability less truth', c: 'scale' },
	takes: 'probabilities',
	range: '[0, 1)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Labels hold gross mistakes that should stop counting soon; take c of about 0.1.',
	badWhen: 'Foreground is rare or the start is far off: what is far wrong is given up.',
	edgeCases: 'Empty and full masks are ordinary. Saturated wrong pixels have no slope through the sigmoid or softmax.',
	sources: [
		{
			authors: 'Dennis, Welsch',
			year: 1978,
			title: 'Techniques for nonlinear least squares and robust regression',
			venue: 'Communications in Statistics',
		},
	],
	params: { scale: scaleParam(1) },
	compute: (tf, input, values) =>
		meanOfSquares(tf, input, values.scale, (squares) => tf.neg(exponentialMinusOne(tf, tf.div<Tensor4D>(squares, -2)))),
});
