import { defineLoss } from './define-loss.ts';
import { meanResidual } from './residual.ts';

/**
 * The logarithm of the hyperbolic cosine of the residual.
 *
 * Formula: mean ln cosh e.
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const logCosh = defineLoss({
	id: 'logCosh',
	name: 'Log-cosh',
	family: 'regression',
	summary: 'A smooth mix of squared error near 0 and absolute error beyond.',
	formula: 'mean ln cosh e',
	symbols: { e: 'p − g, probability less truth' },
	takes: 'probabilities',
	range: '[0, 0.434]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Half the squared error with a little less pull from wrong labels, and nothing to tune.',
	badWhen: 'Foreground is rare: saturated wrong pixels have no slope.',
	edgeCases: 'Empty and full masks are ordinary. Saturated wrong pixels have no slope through the sigmoid or softmax.',
	sources: [
		{
			authors: 'Saleh, Saleh',
			year: 2022,
			title: 'Statistical Properties of the log-cosh Loss Function Used in Machine Learning',
			venue: 'arXiv',
			link: 'https://arxiv.org/abs/2208.04564',
		},
	],
	params: {},
	// ln cosh e = e + ln(1 + e^(−2e)) − ln 2 holds for both signs, without a kink.
	compute: (tf, input) => meanResidual(tf, input, (error) => tf.sub(tf.add(error, tf.softplus(tf.mul(error, -2))), Math.LN2)),
});
