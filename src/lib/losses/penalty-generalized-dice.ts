import { defineLoss } from './define-loss.ts';
import { generalizedDiceLosses, generalizedParams } from './generalized-overlap.ts';

/**
 * Generalised Dice whose score falls faster with each error.
 *
 * Formula: 1 − S / (1 + k·(1 − S)), S the generalised Dice score.
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const penaltyGeneralizedDice = defineLoss({
	id: 'penaltyGeneralizedDice',
	name: 'Penalty generalized Dice',
	family: 'region',
	summary: 'Generalized Dice with a steeper slope near the goal, so that the last errors still count.',
	formula: '1 − S / (1 + k·(1 − S))',
	symbols: { S: 'generalized Dice score', k: 'penalty' },
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Thin vessels are present in every image and the last errors should still count.',
	badWhen: 'Classes are often absent: it fails there as generalized Dice does.',
	edgeCases: 'As generalized Dice, its failures with absent classes included. k = 0 is generalized Dice.',
	sources: [
		{
			authors: 'Yang, Kweon, Kim',
			year: 2019,
			title: 'Major Vessel Segmentation on X-ray Coronary Angiography using Deep Networks with a Novel Penalty Loss Function',
			venue: 'MIDL',
		},
	],
	params: {
		penalty: {
			kind: 'number',
			label: 'Penalty (k)',
			help: 'Larger values make the slope steeper near the goal and flatter far from it.',
			min: 0,
			max: 20,
			step: 0.5,
			default: 2.5,
		},
		...generalizedParams,
	},
	compute(tf, input, values) {
		const losses = generalizedDiceLosses(tf, input, values);
		// 1 − S/(1 + kL) with S = 1 − L is L(1 + k)/(1 + kL).
		return tf.mean(tf.div(tf.mul(losses, 1 + values.penalty), tf.add(tf.mul(losses, values.penalty), 1)));
	},
});
