import { defineLoss } from './define-loss.ts';
import { pixelCrossEntropy } from './pixelwise.ts';
import { meanOfLargest, percentParam } from './top-k.ts';

/**
 * Cross-entropy over the hardest pixels of the batch.
 *
 * Formula: mean of the k % largest −ln p_t.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar.
 */
export const topKCrossEntropy = defineLoss({
	id: 'topKCrossEntropy',
	name: 'Top-k cross-entropy',
	family: 'distribution',
	summary: 'Cross-entropy of the hardest pixels only, so that easy background no longer counts.',
	formula: 'mean of the k % largest −ln p_t',
	symbols: { p_t: 'probability of the true class of a pixel', k: 'share of the pixels of the batch that is kept' },
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Nearly all pixels are easy and the errors sit on a few, as with small tumours.',
	badWhen: 'Objects are large or labels wrong in places: the hardest pixels are then the wrong ones to follow.',
	edgeCases:
		'At least one pixel is kept. Pixels that tie at the limit share their places. Alone it is unsteady on large objects; with Dice it does well.',
	sources: [
		{
			authors: 'Wu, Shen, van den Hengel',
			year: 2016,
			title: 'Bridging Category-level and Instance-level Semantic Image Segmentation',
			venue: 'arXiv',
			link: 'https://arxiv.org/abs/1605.06885',
		},
	],
	params: { percent: percentParam },
	compute: (tf, input, values) => meanOfLargest(tf, pixelCrossEntropy(tf, input), input.valid, values.percent),
});
