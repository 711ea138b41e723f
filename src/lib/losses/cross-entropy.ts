import { defineLoss } from './define-loss.ts';
import { classWeights, classWeightsParam, meanOverValid, pixelCrossEntropy, smoothedTruth, weightOfTrueClass } from './pixelwise.ts';

/** Keeps 0/0 away when no pixel is valid. */
const smallestWeight = 1e-7;

/**
 * Cross-entropy from logits: the log-likelihood of the true class, pixel by pixel.
 *
 * Formula: mean( w·(−ln p_t) ), p_t the probability of the true class.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar. C = 1 is binary, C ≥ 2 categorical.
 */
export const crossEntropy = defineLoss({
	id: 'crossEntropy',
	name: 'Cross-entropy',
	family: 'distribution',
	summary: 'Rewards a high probability for the true class of every pixel alike, so that frequent classes lead.',
	formula: 'mean( −w·ln p_t )',
	symbols: {
		p_t: 'probability of the true class of a pixel',
		w: 'weight of the true class: its class weight, times the weight of foreground for all but the background',
	},
	takes: 'logits',
	range: '[0, ∞)',
	edgeCases:
		'Empty and full masks are ordinary: every pixel counts. Without a valid pixel the loss is 0. A logit of ±10,000 gives 10,000 when wrong and 0 when right.',
	sources: [
		{
			authors: 'Ronneberger, Fischer, Brox',
			year: 2015,
			title: 'U-Net: Convolutional Networks for Biomedical Image Segmentation',
			venue: 'MICCAI',
			link: 'https://arxiv.org/abs/1505.04597',
		},
	],
	params: {
		positiveWeight: {
			kind: 'number',
			label: 'Weight of foreground',
			help: 'Above 1, a missed foreground pixel costs more than a false one: higher recall, lower precision.',
			min: 0.01,
			max: 1000,
			step: 0.1,
			default: 1,
		},
		labelSmoothing: {
			kind: 'number',
			label: 'Label smoothing',
			help: 'Moves this share of the truth evenly to all classes, so that the net grows less certain.',
			min: 0,
			max: 0.5,
			step: 0.01,
			default: 0,
		},
		classWeights: classWeightsParam,
		divideByWeights: {
			kind: 'boolean',
			label: 'Divide by the sum of weights',
			help: 'On divides by the weights of the pixels (as PyTorch does), off by their number (as Keras does).',
			default: false,
		},
	},
	compute(tf, input, values) {
		const weights = classWeights(values.classWeights, input).map((weight, index) =>
			index === 0 ? weight : weight * values.positiveWeight,
		);
		const truth = smoothedTruth(tf, input, values.labelSmoothing);
		const map = pixelCrossEntropy(tf, input, truth, weights);
		if (!values.divideByWeights) return meanOverValid(tf, map, input.valid);
		const total = tf.sum(tf.mul(weightOfTrueClass(tf, input, weights), input.valid));
		return tf.div(tf.sum(tf.mul(map, input.valid)), tf.maximum(total, smallestWeight));
	},
});
