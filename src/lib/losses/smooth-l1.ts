import { defineLoss } from './define-loss.ts';
import { huberMap, meanResidual } from './residual.ts';

/**
 * Absolute error, rounded off at 0.
 *
 * Formula: mean of e² / 2β where |e| < β, |e| − ½·β beyond.
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const smoothL1 = defineLoss({
	id: 'smoothL1',
	name: 'Smooth L1',
	family: 'regression',
	summary: 'Absolute error with a rounded tip, for a steady end of training.',
	formula: 'mean of e² / 2β where |e| < β, |e| − ½·β beyond',
	symbols: { e: 'p − g, probability less truth', β: 'width of the tip' },
	takes: 'probabilities',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Absolute error suits but should end without a jitter; take β well below 1.',
	badWhen: 'Foreground is rare, or β is 1 or more, which is half the squared error.',
	edgeCases: 'Empty and full masks are ordinary. Saturated wrong pixels have no slope through the sigmoid or softmax.',
	sources: [{ authors: 'Girshick', year: 2015, title: 'Fast R-CNN', venue: 'ICCV', link: 'https://arxiv.org/abs/1504.08083' }],
	params: {
		beta: {
			kind: 'number',
			label: 'Width of the tip (β)',
			help: 'Larger values are nearer to squared error.',
			min: 0.01,
			max: 10,
			step: 0.05,
			default: 1,
		},
	},
	compute: (tf, input, values) => meanResidual(tf, input, (error) => tf.div(huberMap(tf, error, values.beta), values.beta)),
});
