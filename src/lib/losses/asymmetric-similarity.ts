import { defineLoss } from './define-loss.ts';
import { regionParams } from './region-params.ts';
import { meanOverClasses, regionCounts, tverskyLoss } from './region.ts';

/**
 * One minus the F_β score: Tversky whose two weights sum to 1 and follow one number.
 *
 * Formula: Tversky with α = 1/(1 + β²) and 1 − α = β²/(1 + β²).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const asymmetricSimilarity = defineLoss({
	id: 'asymmetricSimilarity',
	name: 'Asymmetric similarity (F-beta)',
	family: 'region',
	summary: 'One minus the F-beta score, in which recall counts β times as much as precision.',
	formula: '1 − (TP + s) / (TP + FP/(1 + β²) + β²·FN/(1 + β²) + s)',
	symbols: { TP: 'Σ p·g', FP: 'Σ p·(1 − g)', FN: 'Σ (1 − p)·g', β: 'how much recall counts over precision', s: 'smoothing' },
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'You report an F-beta score, in which recall counts β times as much as precision.',
	badWhen: 'Precision counts more than recall: above β = 1 more is marked by mistake.',
	edgeCases: 'As Tversky: 0 on an empty truth when nothing is predicted, towards 1 the more is predicted.',
	sources: [
		{
			authors: 'Hashemi, Salehi, Erdogmus, Prabhu, Warfield, Gholipour',
			year: 2018,
			title: 'Asymmetric Loss Functions and Deep Densely Connected Networks for Highly Imbalanced Medical Image Segmentation',
			venue: 'IEEE Access',
			link: 'https://arxiv.org/abs/1803.11078',
		},
	],
	params: {
		beta: {
			kind: 'number',
			label: 'Recall over precision (β)',
			help: '1 is Dice; larger values miss less and mark more by mistake.',
			min: 0,
			max: 10,
			step: 0.1,
			default: 1.5,
		},
		...regionParams,
	},
	compute(tf, input, values) {
		const counts = regionCounts(tf, input, values);
		const square = values.beta ** 2;
		const losses = tverskyLoss(tf, counts, { ...values, alpha: 1 / (1 + square), beta: square / (1 + square) });
		return meanOverClasses(tf, input, losses, counts, values);
	},
});
