import { defineLoss } from './define-loss.ts';
import { classMaps, meanOverValid, pixelCrossEntropy } from './pixelwise.ts';

/**
 * Cross-entropy plus its reverse, in which the prediction is the truth.
 *
 * Formula: mean( α·(−Σ g·ln p) + β·(−Σ p·ln g) ), ln 0 := A.
 * Shapes: yTrue [B,H,W,C] in [0,1], logits [B,H,W,C] → scalar.
 */
export const symmetricCrossEntropy = defineLoss({
	id: 'symmetricCrossEntropy',
	name: 'Symmetric cross-entropy',
	family: 'distribution',
	summary: 'Cross-entropy plus its reverse, which has a limited pull and so tolerates mistakes in masks.',
	formula: 'mean( α·(−Σ g·ln p) + β·(−Σ p·ln g) ), ln 0 := A',
	symbols: { g: 'truth', p: 'probability', α: 'weight of cross-entropy', β: 'weight of its reverse', A: 'what ln 0 is taken to be' },
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Some labels are wrong, and generalized cross-entropy starts too slowly.',
	badWhen: 'Foreground is rare: the reverse term is an absolute error, drawn to the larger class.',
	edgeCases: 'Empty and full masks are ordinary. With hard masks the reverse term is −A·(1 − p_t).',
	sources: [
		{
			authors: 'Wang, Ma, Chen, Luo, Yi, Bailey',
			year: 2019,
			title: 'Symmetric Cross Entropy for Robust Learning with Noisy Labels',
			venue: 'ICCV',
			link: 'https://arxiv.org/abs/1908.06112',
		},
	],
	params: {
		alpha: {
			kind: 'number',
			label: 'Weight of cross-entropy (α)',
			help: 'Larger values learn faster and trust single labels more.',
			min: 0,
			max: 10,
			step: 0.1,
			default: 0.1,
		},
		beta: {
			kind: 'number',
			label: 'Weight of its reverse (β)',
			help: 'Larger values trust single labels less.',
			min: 0,
			max: 10,
			step: 0.1,
			default: 1,
		},
		logOfZero: {
			kind: 'number',
			label: 'Logarithm of 0 (A)',
			help: 'Further below 0, the reverse term pulls harder.',
			min: -20,
			max: -0.1,
			step: 0.5,
			default: -4,
		},
	},
	compute(tf, input, values) {
		const { truth, probability } = classMaps(tf, input);
		const known = tf.step(truth);
		const unknown = tf.sub(1, known);
		const logTruth = tf.add(tf.log(tf.add(truth, unknown)), tf.mul(unknown, values.logOfZero));
		const reverse = tf.neg(tf.sum(tf.mul(probability, logTruth), 3, true));
		const map = tf.add(tf.mul(pixelCrossEntropy(tf, input), values.alpha), tf.mul(reverse, values.beta));
		return meanOverValid(tf, map, input.valid);
	},
});
