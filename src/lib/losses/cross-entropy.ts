import { defineLoss } from './define-loss.ts';
import { ronneberger2015 } from './papers.ts';
import { crossEntropyLoss, crossEntropyParams } from './weighted-cross-entropy.ts';

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
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Foreground fills a fair share of most images, or the probabilities themselves must be honest.',
	badWhen: 'Foreground is under about 1 % of the pixels: then hardly any of it passes one half.',
	edgeCases:
		'Empty and full masks are ordinary: every pixel counts. Without a valid pixel the loss is 0. A logit of ±10,000 gives 10,000 when wrong and 0 when right.',
	sources: [ronneberger2015],
	params: crossEntropyParams,
	compute: crossEntropyLoss,
});
