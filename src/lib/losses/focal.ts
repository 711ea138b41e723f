import { defineLoss } from './define-loss.ts';
import { focalLoss, focalParams } from './focusing.ts';

/**
 * Focal loss: cross-entropy with easy pixels turned down.
 *
 * Formula: mean( −a_t·(1 − p_t)^γ·ln p_t ), a_t = α on foreground and 1 − α on background.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar. With C ≥ 2, α weighs every class alike, as in Keras.
 */
export const focal = defineLoss({
	id: 'focal',
	name: 'Focal',
	family: 'distribution',
	summary: 'Cross-entropy that turns down pixels that are right already, so that hard ones lead.',
	formula: 'mean( −a_t·(1 − p_t)^γ·ln p_t )',
	symbols: {
		p_t: 'probability of the true class of a pixel',
		γ: 'focusing: 0 is cross-entropy',
		a_t: 'α where the truth is foreground, 1 − α where it is background; α everywhere with three or more classes; the α of its class where one is given; 1 without class balancing',
	},
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Easy background drowns the hard pixels, and probabilities need not reach 0 and 1.',
	badWhen: 'You want more recall from γ: only α moves recall, and the published 0.25 lowers it.',
	edgeCases:
		'Empty and full masks are ordinary: every pixel counts. Its values are far below those of cross-entropy, so curves of the two cannot be compared. α = 0.25 favours the background.',
	sources: [
		{
			authors: 'Lin, Goyal, Girshick, He, Dollár',
			year: 2017,
			title: 'Focal Loss for Dense Object Detection',
			venue: 'ICCV',
			link: 'https://arxiv.org/abs/1708.02002',
		},
	],
	params: focalParams,
	compute: focalLoss,
});
