import { defineLoss } from './define-loss.ts';
import { meanResidual } from './residual.ts';

/**
 * Mean absolute error of the probabilities.
 *
 * Formula: mean |e|.
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const meanAbsoluteError = defineLoss({
	id: 'meanAbsoluteError',
	name: 'Mean absolute error',
	family: 'regression',
	summary: 'Every error counts in proportion: tolerant of wrong labels, slow to learn, drawn to the larger class.',
	formula: 'mean |e|',
	symbols: { e: 'p − g, probability less truth' },
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Many labels are wrong and both classes are common.',
	badWhen: 'Foreground is rare: predicting none of it is nearly as good, and learning is slow.',
	edgeCases: 'Empty and full masks are ordinary. Saturated wrong pixels have no slope through the sigmoid or softmax.',
	sources: [
		{
			authors: 'Ghosh, Kumar, Sastry',
			year: 2017,
			title: 'Robust Loss Functions under Label Noise for Deep Neural Networks',
			venue: 'AAAI',
			link: 'https://arxiv.org/abs/1712.09482',
		},
	],
	params: {},
	compute: (tf, input) => meanResidual(tf, input, (error) => tf.abs(error)),
});
