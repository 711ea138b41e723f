import { defineLoss } from './define-loss.ts';
import { meanOfSquares, scaleParam } from './residual.ts';

/**
 * A squared error with a ceiling.
 *
 * Formula: mean 2s / (s + 4), s = (e/c)².
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const gemanMcClure = defineLoss({
	id: 'gemanMcClure',
	name: 'Geman–McClure',
	family: 'regression',
	summary: 'Large errors stop counting; the general robust loss at α = −2.',
	formula: 'mean 2s / (s + 4), s = (e/c)²',
	symbols: { e: 'p − g, probability less truth', c: 'scale' },
	takes: 'probabilities',
	range: '[0, 2)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Labels hold gross mistakes that should stop counting; take c of about 0.1.',
	badWhen: 'Foreground is rare or the start is far off: what is far wrong is given up.',
	edgeCases: 'Empty and full masks are ordinary. Saturated wrong pixels have no slope through the sigmoid or softmax.',
	sources: [
		{
			authors: 'Geman, McClure',
			year: 1985,
			title: 'Bayesian image analysis: an application to single photon emission tomography',
			venue: 'Proceedings of the American Statistical Association',
		},
	],
	params: { scale: scaleParam(1) },
	compute: (tf, input, values) => meanOfSquares(tf, input, values.scale, (squares) => tf.div(tf.mul(squares, 2), tf.add(squares, 4))),
});
