import { defineLoss } from './define-loss.ts';
import { huberMap, meanResidual } from './residual.ts';

/**
 * Squared error for small residuals, absolute for large ones.
 *
 * Formula: mean of ½·e² where |e| ≤ δ, δ·|e| − ½·δ² beyond.
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar.
 */
export const huber = defineLoss({
	id: 'huber',
	name: 'Huber',
	family: 'regression',
	summary: 'Squared error near 0, absolute error beyond δ: between the Brier score and absolute error.',
	formula: 'mean of ½·e² where |e| ≤ δ, δ·|e| − ½·δ² beyond',
	symbols: { e: 'p − g, probability less truth', δ: 'where it turns' },
	takes: 'probabilities',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Squared error suits but some labels are wrong; take δ well below 1.',
	badWhen: 'δ is 1 or more: residuals never get there, so it is half the squared error.',
	edgeCases:
		'Empty and full masks are ordinary. Saturated wrong pixels have no slope through the sigmoid or softmax. Residuals of probabilities never pass 1, so a δ of 1 or more is half the squared error.',
	sources: [
		{ authors: 'Huber', year: 1964, title: 'Robust Estimation of a Location Parameter', venue: 'Annals of Mathematical Statistics' },
	],
	params: {
		delta: {
			kind: 'number',
			label: 'Turning point (δ)',
			help: 'Smaller values tolerate wrong labels more.',
			min: 0.01,
			max: 1000000,
			step: 0.05,
			default: 1,
		},
	},
	compute: (tf, input, values) => meanResidual(tf, input, (error) => huberMap(tf, error, values.delta)),
});
