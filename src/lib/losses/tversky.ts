import { defineLoss } from './define-loss.ts';
import { salehi2017 } from './papers.ts';
import { regionParams, tverskyParams } from './region-params.ts';
import { meanOverClasses, regionCounts, tverskyLoss } from './region.ts';

/**
 * Tversky: Dice with separate weights for the two kinds of error.
 *
 * Formula: 1 − (TP + s) / (TP + α·FP + β·FN + s). α = β = ½ is Dice, α = β = 1 is Jaccard.
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const tversky = defineLoss({
	id: 'tversky',
	name: 'Tversky',
	family: 'region',
	summary: 'Dice with a say in which error costs more: false positives (α) or false negatives (β).',
	formula: '1 − (TP + s) / (TP + α·FP + β·FN + s)',
	symbols: {
		TP: 'Σ p·g, the probability on true pixels',
		FP: 'Σ p·(1 − g), the probability on false pixels',
		FN: 'Σ (1 − p)·g, what the true pixels lack',
		α: 'weight of false positives',
		β: 'weight of false negatives',
		s: 'smoothing',
	},
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'One kind of error costs you more: missed foreground, or foreground marked by mistake.',
	badWhen: 'Both errors cost the same, which is Dice, or a moved threshold would do.',
	edgeCases:
		'Empty truth: 0 when nothing is predicted, towards 1 the more is predicted, slower for a small α. Both weights 0 leave no error to reduce: the loss is then 0.',
	sources: [salehi2017],
	params: {
		...tverskyParams(0.3, 0.7),
		...regionParams,
	},
	compute(tf, input, values) {
		const counts = regionCounts(tf, input, values);
		return meanOverClasses(tf, input, tverskyLoss(tf, counts, values), counts, values);
	},
});
