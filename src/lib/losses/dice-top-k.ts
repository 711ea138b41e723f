import { defineLoss } from './define-loss.ts';
import { pixelCrossEntropy } from './pixelwise.ts';
import { overlapParams } from './region-params.ts';
import { diceLoss } from './region.ts';
import { meanOfLargest, percentParam } from './top-k.ts';
import { weightParam } from './weight-param.ts';

/**
 * Dice plus the cross-entropy of the hardest pixels.
 *
 * Formula: λ₁·Dice + λ₂·mean of the k % largest −ln p_t.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits and yPred [B,H,W,C] → scalar.
 */
export const diceTopK = defineLoss({
	id: 'diceTopK',
	name: 'Dice + top-k',
	family: 'compound',
	summary: 'Overlap for balance and the hardest pixels for detail: the best of the published comparison on tumours.',
	formula: 'λ₁·Dice + λ₂·mean of the k % largest −ln p_t',
	symbols: {
		Dice: '1 − (TP + s) / (TP + ½·FP + ½·FN + s)',
		p_t: 'probability of the true class',
		k: 'share of pixels kept',
		'λ₁, λ₂': 'weights',
	},
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Small targets with difficult borders: the best on tumours in the published comparison.',
	badWhen: 'Labels are wrong in places: the hardest pixels are then the wrong ones to follow.',
	edgeCases: 'Empty masks teach through the hardest pixels where Dice has no slope. Pixels that tie at the limit share their places.',
	sources: [
		{
			authors: 'Ma, Chen, Ng, Huang, Li, Li, Yang, Martel',
			year: 2021,
			title: 'Loss odyssey in medical image segmentation',
			venue: 'Medical Image Analysis',
		},
	],
	params: {
		diceWeight: weightParam('Weight of Dice (λ₁)', 'Larger values care more for overlap.', 1),
		topKWeight: weightParam('Weight of top-k (λ₂)', 'Larger values care more for the hardest pixels.', 1),
		percent: percentParam,
		...overlapParams,
	},
	compute(tf, input, values) {
		const hardest = meanOfLargest(tf, pixelCrossEntropy(tf, input), input.valid, values.percent);
		return tf.add(tf.mul(diceLoss(tf, input, values), values.diceWeight), tf.mul(hardest, values.topKWeight));
	},
});
