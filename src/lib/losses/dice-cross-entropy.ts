import { defineLoss } from './define-loss.ts';
import { overlapParams } from './region-params.ts';
import { diceLoss } from './region.ts';
import { weightParam } from './weight-param.ts';
import { crossEntropyLoss, crossEntropyParams } from './weighted-cross-entropy.ts';

/**
 * Dice plus cross-entropy, the standard of nnU-Net.
 *
 * Formula: λ₁·Dice + λ₂·CE.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits and yPred [B,H,W,C] → scalar.
 */
export const diceCrossEntropy = defineLoss({
	id: 'diceCrossEntropy',
	name: 'Dice + cross-entropy',
	family: 'compound',
	summary: 'Overlap for balance, cross-entropy for a steady slope: the safe choice of many pipelines.',
	formula: 'λ₁·Dice + λ₂·CE',
	symbols: { Dice: '1 − (TP + s) / (TP + ½·FP + ½·FN + s)', CE: 'mean −w·ln p_t', 'λ₁, λ₂': 'weights' },
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'You do not know where to begin: it is never far from the best.',
	badWhen: 'One kind of error must be steered, or probabilities must be honest.',
	edgeCases:
		'Empty masks teach through cross-entropy where Dice has no slope. The background counts in cross-entropy even where Dice leaves it out. nnU-Net reports −score, which is this loss less λ₁.',
	sources: [
		{
			authors: 'Isensee, Jaeger, Kohl, Petersen, Maier-Hein',
			year: 2021,
			title: 'nnU-Net: a self-configuring method for deep learning-based biomedical image segmentation',
			venue: 'Nature Methods',
			link: 'https://arxiv.org/abs/1809.10486',
		},
	],
	params: {
		diceWeight: weightParam('Weight of Dice (λ₁)', 'Larger values care more for overlap.', 1),
		crossEntropyWeight: weightParam('Weight of cross-entropy (λ₂)', 'Larger values care more for every single pixel.', 1),
		...overlapParams,
		...crossEntropyParams,
	},
	compute(tf, input, values) {
		const overlap = tf.mul(diceLoss(tf, input, values), values.diceWeight);
		return tf.add(overlap, tf.mul(crossEntropyLoss(tf, input, values), values.crossEntropyWeight));
	},
});
