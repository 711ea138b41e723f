import { defineLoss } from './define-loss.ts';
import { overlapParams } from './region-params.ts';
import { diceLoss } from './region.ts';

/**
 * The logarithm of the hyperbolic cosine of Dice.
 *
 * Formula: ln cosh(Dice) = D + ln(1 + e^(−2D)) − ln 2.
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const logCoshDice = defineLoss({
	id: 'logCoshDice',
	name: 'Log-cosh Dice',
	family: 'region',
	summary: 'Dice with a slope that fades as the overlap gets good, for smoother late training.',
	formula: 'ln cosh(D), D = mean over classes of 1 − (TP + s) / (TP + ½·FP + ½·FN + s)',
	symbols: { D: 'Dice loss', TP: 'Σ p·g', FP: 'Σ p·(1 − g)', FN: 'Σ (1 − p)·g', s: 'smoothing' },
	takes: 'probabilities',
	range: '[0, 0.434]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Dice training is unsteady near its end.',
	badWhen: 'The last few per cent of overlap count: the slope fades with the loss.',
	edgeCases: 'As Dice on empty and full masks. The slope goes to 0 together with the loss.',
	sources: [
		{
			authors: 'Jadon',
			year: 2020,
			title: 'A survey of loss functions for semantic segmentation',
			venue: 'CIBCB',
			link: 'https://arxiv.org/abs/2006.14822',
		},
	],
	params: overlapParams,
	compute(tf, input, values) {
		const dice = diceLoss(tf, input, values);
		return tf.sub(tf.add(dice, tf.softplus(tf.mul(dice, -2))), Math.LN2);
	},
});
