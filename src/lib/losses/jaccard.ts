import { defineLoss } from './define-loss.ts';
import { overlapParams } from './region-params.ts';
import { evenLoss, meanOverClasses } from './region.ts';

/**
 * Soft Jaccard: one minus intersection over union. It is Tversky with both weights 1.
 *
 * Formula: 1 − (TP + s) / (TP + FP + FN + s).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const jaccard = defineLoss({
	id: 'jaccard',
	name: 'Jaccard',
	family: 'region',
	summary: 'Rewards intersection over union: as Dice, but every error counts in full.',
	formula: '1 − (TP + s) / (TP + FP + FN + s)',
	symbols: { TP: 'Σ p·g', FP: 'Σ p·(1 − g)', FN: 'Σ (1 − p)·g', s: 'smoothing' },
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'IoU is what you report and most images hold an object.',
	badWhen: 'Many masks are empty, or Dice is trained beside it: both rank models alike.',
	edgeCases: 'Empty truth: 0 when nothing is predicted, towards 1 the more is predicted; smoothing sets how fast.',
	sources: [
		{
			authors: 'Rahman, Wang',
			year: 2016,
			title: 'Optimizing Intersection-Over-Union in Deep Neural Networks for Image Segmentation',
			venue: 'ISVC',
		},
	],
	params: overlapParams,
	compute(tf, input, values) {
		const { losses, counts } = evenLoss(tf, input, 1, values);
		return meanOverClasses(tf, input, losses, counts, values);
	},
});
