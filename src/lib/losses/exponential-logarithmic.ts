import type { LossInput, Scalar, Tensor, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { wong2018 } from './papers.ts';
import { classMaps, meanOverValid, pixelCrossEntropy } from './pixelwise.ts';
import { power } from './power.ts';
import { regionCounts, tverskyLoss } from './region.ts';
import { weightParam } from './weight-param.ts';

/** Where the logarithm of the Dice score stops. */
const smallestScore = 1e-7;

/** mean over classes of (−ln D)^γ. */
function diceTerm(tf: Tf, input: LossInput, smoothing: number, gamma: number): Scalar {
	const counts = regionCounts(tf, input, { batchSums: true, includeBackground: true });
	const losses = tverskyLoss(tf, counts, { alpha: 0.5, beta: 0.5, smoothing, smoothNumerator: true });
	const logarithm = tf.neg(tf.log(tf.maximum(tf.sub(1, losses), smallestScore)));
	return tf.mean(power(tf, logarithm, gamma));
}

/** √(Σ f / f_c) at each pixel's true class [B, H, W, 1], f the pixels of each class in the batch. */
function rarityWeights(tf: Tf, input: LossInput): Tensor {
	const { truth } = classMaps(tf, input);
	const counts = tf.sum(tf.mul(truth, input.valid), [0, 1, 2]);
	const weights = tf.mul(tf.sqrt(tf.div(tf.sum(counts), tf.maximum(counts, 1))), tf.step(counts));
	return tf.sum(tf.mul(truth, weights), 3, true);
}

function crossTerm(tf: Tf, input: LossInput, gamma: number): Scalar {
	const map = power(tf, pixelCrossEntropy(tf, input), gamma);
	return meanOverValid(tf, tf.mul(map, rarityWeights(tf, input)), input.valid);
}

/**
 * Exponential logarithmic loss: logarithms of Dice and of probabilities, raised to a power below 1.
 *
 * Formula: w_D·mean( (−ln D_c)^γ ) + w_X·mean( w_c·(−ln p_t)^γ′ ).
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits and yPred [B,H,W,C] → scalar.
 */
export const exponentialLogarithmic = defineLoss({
	id: 'exponentialLogarithmic',
	name: 'Exponential logarithmic',
	family: 'compound',
	summary: 'Pushes on classes that are hardly found and on those nearly right alike; made for very unequal object sizes.',
	formula: 'w_D·mean( (−ln D_c)^γ ) + w_X·mean( w_c·(−ln p_t)^γ′ )',
	symbols: {
		D_c: 'Dice score of class c over the batch, (TP + s) / (TP + ½·FP + ½·FN + s)',
		p_t: 'probability of the true class',
		w_c: '√(all pixels / pixels of class c) in the batch',
		'γ, γ′': 'exponents',
		'w_D, w_X': 'weights',
		s: 'smoothing; the published 1 in both places is 0.5 here',
	},
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Sizes of objects differ by orders of magnitude.',
	badWhen: 'A calm end of training is wanted: slopes are steepest near the goal.',
	edgeCases:
		'A class without a true pixel has no cross term, and its Dice term counts what is predicted. The slope is infinite where an exponent is below 1 and the score 1; it is 0 once float32 cannot tell the score from 1.',
	sources: [wong2018],
	params: {
		diceWeight: weightParam('Weight of Dice (w_D)', 'Larger values care more for overlap.', 0.8),
		crossWeight: weightParam('Weight of cross-entropy (w_X)', 'Larger values care more for single pixels.', 0.2),
		gamma: {
			kind: 'number',
			label: 'Exponent of Dice (γ)',
			help: 'Below 1, classes that are nearly right keep being pushed.',
			min: 0.1,
			max: 4,
			step: 0.1,
			default: 0.3,
		},
		crossGamma: {
			kind: 'number',
			label: 'Exponent of cross-entropy (γ′)',
			help: 'Below 1, pixels that are nearly right keep being pushed.',
			min: 0.1,
			max: 4,
			step: 0.1,
			default: 0.3,
		},
		smoothing: {
			kind: 'number',
			label: 'Smoothing (s)',
			help: 'Added to the numerator and the denominator of Dice.',
			min: 0,
			max: 1000,
			step: 0.1,
			default: 0.5,
			unit: 'px',
		},
	},
	compute(tf, input, values) {
		const overlap = tf.mul(diceTerm(tf, input, values.smoothing, values.gamma), values.diceWeight);
		return tf.add(overlap, tf.mul(crossTerm(tf, input, values.crossGamma), values.crossWeight));
	},
});
