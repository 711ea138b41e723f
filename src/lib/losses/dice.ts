import { defineLoss } from './define-loss.ts';
import { milletari2016 } from './papers.ts';
import { overlapParams } from './region-params.ts';
import { diceLoss } from './region.ts';

/**
 * Soft Dice: one minus the overlap of truth and prediction over their mean size. It is Tversky with both weights ½.
 *
 * Formula: 1 − (TP + s) / (TP + ½·FP + ½·FN + s), the same as 1 − (2·TP + 2s) / (Σp + Σg + 2s).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const dice = defineLoss({
	id: 'dice',
	name: 'Dice',
	family: 'region',
	summary: 'Rewards overlap relative to size, so that a small object weighs as much as a large background.',
	formula: '1 − (TP + s) / (TP + ½·FP + ½·FN + s)',
	symbols: {
		TP: 'Σ p·g, the probability on true pixels',
		FP: 'Σ p·(1 − g), the probability on false pixels; Σ p² − TP when squared',
		FN: 'Σ (1 − p)·g, what the true pixels lack; Σ g² − TP when squared',
		s: 'smoothing; the same as 2s in 1 − (2·TP + 2s) / (Σ p + Σ g + 2s)',
	},
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Objects are small, most images hold one, and overlap is what you report.',
	badWhen: 'Many masks are empty, or probabilities are read afterwards: most pixels end near 0 or 1.',
	edgeCases:
		'Empty truth: 0 when nothing is predicted, towards 1 the more is predicted; smoothing sets how fast. Smoothing 0 on an empty truth gives no direction to learn. Sums over the batch keep single empty images from deciding.',
	sources: [
		milletari2016,
		{
			authors: 'Drozdzal, Vorontsov, Chartrand, Kadoury, Pal',
			year: 2016,
			title: 'The Importance of Skip Connections in Biomedical Image Segmentation',
			venue: 'DLMIA',
			link: 'https://arxiv.org/abs/1608.04117',
		},
	],
	params: overlapParams,
	compute: diceLoss,
});
