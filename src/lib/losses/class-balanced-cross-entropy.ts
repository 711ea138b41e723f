import { AppError } from '#lib/core/errors.ts';
import { parseNumbers } from '#lib/core/params.ts';
import type { LossInput, Tensor, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { exponentialMinusOne } from './exponential.ts';
import { cui2019 } from './papers.ts';
import { classMaps, logProbabilities, meanOverValid } from './pixelwise.ts';

/** Keeps ln β finite at β = 0, where every class then has one effective pixel. */
const smallestBeta = 1e-12;

/** Pixels of each class: as spelled out, or counted in the batch [K]. */
function pixelCounts(tf: Tf, truth: Tensor, input: LossInput, text: string): Tensor {
	const given = parseNumbers(text);
	const classes = truth.shape[3] ?? 1;
	if (given.length === 0) return tf.sum(tf.mul(truth, input.valid), [0, 1, 2]);
	if (given.length !== classes) throw new AppError('spec-invalid', { parameter: 'pixelsPerClass', given: given.length, classes });
	return tf.tensor1d(given);
}

/** (1 − β) / (1 − β^n) for each class, scaled to sum to the number of classes; 0 for a class without a pixel. */
function effectiveWeights(tf: Tf, counts: Tensor, beta: number): Tensor {
	const present = tf.step(counts);
	const effective = tf.neg(exponentialMinusOne(tf, tf.mul(tf.maximum(counts, 1), Math.log(Math.max(beta, smallestBeta)))));
	const weights = tf.div(present, effective);
	return tf.div(tf.mul(weights, counts.size), tf.maximum(tf.sum(weights), smallestBeta));
}

/**
 * Cross-entropy weighted by the effective number of pixels of each class.
 *
 * Formula: mean( w_c·(−ln p_c) ), w_c ∝ (1 − β) / (1 − β^n_c), Σ w_c = C.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar.
 */
export const classBalancedCrossEntropy = defineLoss({
	id: 'classBalancedCrossEntropy',
	name: 'Class-balanced cross-entropy',
	family: 'distribution',
	summary: 'Cross-entropy that favours rare classes, but not in full proportion: many pixels of one class repeat each other.',
	formula: 'mean( w_c·(−ln p_c) ), w_c ∝ (1 − β) / (1 − β^n_c), Σ w_c = C',
	symbols: {
		p_c: 'probability of the true class c',
		n_c: 'pixels of class c',
		β: 'how little pixels repeat each other',
		C: 'number of classes',
	},
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Several classes differ much in frequency, and weights of one over frequency mark too much.',
	badWhen: 'Every class has far more than 1 / (1 − β) pixels: it is then plain cross-entropy.',
	edgeCases:
		'A class without a pixel in the batch has weight 0 there. β = 0 is cross-entropy; so is any β where every class has far more than 1 / (1 − β) pixels, which is why the default is high.',
	sources: [cui2019],
	params: {
		beta: {
			kind: 'number',
			label: 'Balance (β)',
			help: 'Nearer to 1, the weights come nearer to one over the number of pixels. The paper takes 0.9 to 0.9999.',
			min: 0,
			max: 0.999999,
			step: 0.0001,
			default: 0.9999,
		},
		pixelsPerClass: {
			kind: 'numbers',
			label: 'Pixels of each class',
			help: 'Background first, separated by commas. Empty counts them in each batch.',
			min: 1,
			max: 1e12,
			default: '',
		},
	},
	compute(tf, input, values) {
		const { truth } = classMaps(tf, input);
		const weights = effectiveWeights(tf, pixelCounts(tf, truth, input, values.pixelsPerClass), values.beta);
		const terms = tf.mul(tf.mul(truth, weights), logProbabilities(tf, input));
		return meanOverValid(tf, tf.neg(tf.sum(terms, 3, true)), input.valid);
	},
});
