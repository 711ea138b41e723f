import { defineLoss } from './define-loss.ts';
import { meanOfSquares, scaleParam } from './residual.ts';

/**
 * A squared error that is flat beyond a limit.
 *
 * Formula: mean of c²/6·(1 − (1 − (e/c)²)³) where |e| ≤ c, c²/6 beyond.
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const tukey = defineLoss({
	id: 'tukey',
	name: 'Tukey',
	family: 'regression',
	summary: 'Errors beyond the scale do not count at all.',
	formula: 'mean of c²/6·(1 − (1 − (e/c)²)³) where |e| ≤ c, c²/6 beyond',
	symbols: { e: 'p − g, probability less truth', c: 'scale' },
	takes: 'probabilities',
	range: '[0, c²/6]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Labels hold gross mistakes that should not count at all; take c below 1.',
	badWhen: 'c is 1 or more, which ignores nothing, or the start is far off.',
	edgeCases:
		'Empty and full masks are ordinary. Saturated wrong pixels have no slope through the sigmoid or softmax. With the published scale residuals of probabilities never reach the limit.',
	sources: [
		{
			authors: 'Beaton, Tukey',
			year: 1974,
			title: 'The Fitting of Power Series, Meaning Polynomials, Illustrated on Band-Spectroscopic Data',
			venue: 'Technometrics',
		},
	],
	params: { scale: scaleParam(4.685) },
	compute(tf, input, values) {
		const ceiling = values.scale ** 2 / 6;
		return meanOfSquares(tf, input, values.scale, (squares) => {
			const left = tf.sub(1, tf.minimum(squares, 1));
			return tf.mul(tf.sub(1, tf.mul(left, tf.square(left))), ceiling);
		});
	},
});
