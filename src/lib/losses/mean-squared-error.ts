import { defineLoss } from './define-loss.ts';
import { meanResidual } from './residual.ts';

/**
 * Mean squared error of the probabilities, also called the Brier score.
 *
 * Formula: mean e².
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const meanSquaredError = defineLoss({
	id: 'meanSquaredError',
	name: 'Mean squared error',
	family: 'regression',
	summary: 'The Brier score: probabilities are drawn to the frequencies they stand for.',
	formula: 'mean e²',
	symbols: { e: 'p − g, probability less truth' },
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Probabilities must be honest and single wrong labels should not lead.',
	badWhen: 'Foreground is rare or the start is far off: saturated wrong pixels have no slope.',
	edgeCases: 'Empty and full masks are ordinary. Saturated wrong pixels have no slope through the sigmoid or softmax.',
	sources: [
		{ authors: 'Brier', year: 1950, title: 'Verification of Forecasts Expressed in Terms of Probability', venue: 'Monthly Weather Review' },
	],
	params: {},
	compute: (tf, input) => meanResidual(tf, input, (error) => tf.square(error)),
});
