import { defineLoss } from './define-loss.ts';
import { focalLoss, focalParams } from './focusing.ts';
import { overlapParams } from './region-params.ts';
import { diceLoss } from './region.ts';
import { weightParam } from './weight-param.ts';

/**
 * Dice plus focal loss.
 *
 * Formula: λ₁·Dice + λ₂·focal.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits and yPred [B,H,W,C] → scalar.
 */
export const diceFocal = defineLoss({
	id: 'diceFocal',
	name: 'Dice + focal',
	family: 'compound',
	summary: 'Overlap for balance, focal loss for hard pixels: good on small structures beside large ones.',
	formula: 'λ₁·Dice + λ₂·mean( −a_t·(1 − p_t)^γ·ln p_t )',
	symbols: {
		Dice: '1 − (TP + s) / (TP + ½·FP + ½·FN + s)',
		p_t: 'probability of the true class',
		γ: 'focusing',
		a_t: 'class balancing, off by default',
		'λ₁, λ₂': 'weights',
	},
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Small structures lie beside large ones.',
	badWhen: 'Probabilities are read afterwards: focusing keeps them from 0 and 1.',
	edgeCases: 'Empty masks teach through the focal term where Dice has no slope. γ = 0 is Dice + cross-entropy.',
	sources: [
		{
			authors: 'Zhu, Huang, Zeng, Chen, Liu, Qian, Du, Fan, Xie',
			year: 2019,
			title: 'AnatomyNet: Deep learning for fast and fully automated whole-volume segmentation of head and neck anatomy',
			venue: 'Medical Physics',
			link: 'https://arxiv.org/abs/1808.05238',
		},
	],
	params: {
		diceWeight: weightParam('Weight of Dice (λ₁)', 'Larger values care more for overlap.', 1),
		focalWeight: weightParam('Weight of focal (λ₂)', 'Larger values care more for hard pixels; 1 as in MONAI.', 1),
		...overlapParams,
		...focalParams,
		classBalancing: { ...focalParams.classBalancing, default: false },
	},
	compute(tf, input, values) {
		const overlap = tf.mul(diceLoss(tf, input, values), values.diceWeight);
		return tf.add(overlap, tf.mul(focalLoss(tf, input, values), values.focalWeight));
	},
});
