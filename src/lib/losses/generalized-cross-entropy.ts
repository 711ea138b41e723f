import { defineLoss } from './define-loss.ts';
import { exponentialMinusOne } from './exponential.ts';
import { logTrueProbability, meanOverValid } from './pixelwise.ts';

/**
 * Between cross-entropy (q → 0) and mean absolute error (q = 1): wrong labels pull less.
 *
 * Formula: mean( (1 − p_t^q) / q ).
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar.
 */
export const generalizedCrossEntropy = defineLoss({
	id: 'generalizedCrossEntropy',
	name: 'Generalized cross-entropy',
	family: 'distribution',
	summary: 'Cross-entropy that gives up on pixels it is very wrong about, which helps when masks hold mistakes.',
	formula: 'mean( (1 − p_t^q) / q )',
	symbols: { p_t: 'probability of the true class of a pixel', q: 'near 0 cross-entropy, at 1 mean absolute error' },
	takes: 'logits',
	range: '[0, 1/q]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'A known share of the labels is wrong.',
	badWhen: 'Labels are clean or foreground is rare: pixels that are far wrong hardly teach.',
	edgeCases: 'Empty and full masks are ordinary. Pixels that are far wrong hardly teach: training can start slowly.',
	sources: [
		{
			authors: 'Zhang, Sabuncu',
			year: 2018,
			title: 'Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy Labels',
			venue: 'NeurIPS',
			link: 'https://arxiv.org/abs/1805.07836',
		},
	],
	params: {
		q: {
			kind: 'number',
			label: 'Robustness (q)',
			help: 'Larger values trust single labels less.',
			min: 0.000001,
			max: 1,
			step: 0.1,
			default: 0.7,
		},
	},
	compute(tf, input, values) {
		const power = tf.mul(logTrueProbability(tf, input), values.q);
		return meanOverValid(tf, tf.div(exponentialMinusOne(tf, power), -values.q), input.valid);
	},
});
