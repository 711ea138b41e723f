import { defineLoss } from './define-loss.ts';
import { regionParams, tverskyParams } from './region-params.ts';
import { meanOverClasses, softLabelRegionCounts, tverskyLoss } from './region.ts';

/**
 * Dice, Jaccard and Tversky for soft masks: 0 exactly when the prediction equals the truth.
 *
 * Formula: 1 − (TP + s) / (TP + α·FP + β·FN + s), TP = Σ (p + g − |p − g|) / 2.
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const softLabelTversky = defineLoss({
	id: 'softLabelTversky',
	name: 'Soft-label Dice and Tversky',
	family: 'region',
	summary: 'Overlap for masks with shares between 0 and 1, such as the mean of several raters: meeting the share is best.',
	formula: '1 − (TP + s) / (TP + α·FP + β·FN + s), TP = Σ (p + g − |p − g|) / 2',
	symbols: {
		g: 'truth in [0, 1]',
		p: 'probability',
		FP: 'Σ p − TP',
		FN: 'Σ g − TP',
		α: 'weight of false positives',
		β: 'weight of false negatives',
		s: 'smoothing',
	},
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Masks are soft, such as the mean of several raters, and overlap is what you report.',
	badWhen: 'Masks are hard: it is Tversky with more work.',
	edgeCases: 'The same as Tversky for hard masks, empty and full ones included. α = β = ½ is Dice, α = β = 1 Jaccard.',
	sources: [
		{
			authors: 'Wang, Popordanoska, Bertels, Lemmens, Blaschko',
			year: 2023,
			title: 'Dice Semimetric Losses: Optimizing the Dice Score with Soft Labels',
			venue: 'MICCAI',
			link: 'https://arxiv.org/abs/2303.16296',
		},
	],
	params: {
		...tverskyParams(0.5, 0.5),
		...regionParams,
	},
	compute(tf, input, values) {
		const counts = softLabelRegionCounts(tf, input, values);
		return meanOverClasses(tf, input, tverskyLoss(tf, counts, values), counts, values);
	},
});
