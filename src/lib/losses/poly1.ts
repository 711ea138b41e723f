import { defineLoss } from './define-loss.ts';
import { meanOverValid, pixelCrossEntropy, trueProbability } from './pixelwise.ts';

/**
 * Cross-entropy with the first term of its Taylor series turned up or down.
 *
 * Formula: mean( −ln p_t + ε·(1 − p_t) ).
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar.
 */
export const poly1 = defineLoss({
	id: 'poly1',
	name: 'Poly-1',
	family: 'distribution',
	summary: 'Cross-entropy plus a share of 1 − p, which keeps pushing pixels that are nearly right.',
	formula: 'mean( −ln p_t + ε·(1 − p_t) )',
	symbols: { p_t: 'probability of the true class of a pixel', ε: 'weight of the added term' },
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Cross-entropy works already and one more number may be tuned.',
	badWhen: 'Imbalance is the problem: classes weigh as in cross-entropy.',
	edgeCases: 'Empty and full masks are ordinary. ε = 0 is cross-entropy; ε = −1 takes the first term away.',
	sources: [
		{
			authors: 'Leng, Tan, Liu, Cubuk, Shi, Cheng, Anguelov',
			year: 2022,
			title: 'PolyLoss: A Polynomial Expansion Perspective of Classification Loss Functions',
			venue: 'ICLR',
			link: 'https://arxiv.org/abs/2204.12511',
		},
	],
	params: {
		epsilon: {
			kind: 'number',
			label: 'Added term (ε)',
			help: 'Larger values push harder on pixels that are nearly right.',
			min: -1,
			max: 10,
			step: 0.5,
			default: 1,
		},
	},
	compute(tf, input, values) {
		const doubt = tf.sub(1, trueProbability(tf, input));
		return meanOverValid(tf, tf.add(pixelCrossEntropy(tf, input), tf.mul(doubt, values.epsilon)), input.valid);
	},
});
