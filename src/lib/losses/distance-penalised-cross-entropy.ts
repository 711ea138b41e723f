import type { LossInput, Tensor, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { isBinary, meanOverValid, pixelCrossEntropy } from './pixelwise.ts';
import { requiredTarget } from './required-target.ts';

/** (max d − d) / max d on the side where d > 0, in each image and class; 0 elsewhere. */
function nearness(tf: Tf, distance: Tensor): Tensor {
	const largest = tf.max(distance, [1, 2], true);
	const side = tf.step(distance);
	return tf.mul(side, tf.sub(1, tf.div(distance, tf.maximum(largest, 1))));
}

/** How near each pixel lies to the border of the region that it truly belongs to, 0…1: [B, H, W, 1]. */
function borderNearness(tf: Tf, input: LossInput): Tensor {
	const distance = tf.mul(requiredTarget(input, 'signedDistance'), input.valid);
	const inside = nearness(tf, tf.relu(tf.neg(distance)));
	if (isBinary(input)) return tf.add(inside, nearness(tf, tf.relu(distance)));
	return tf.sum(tf.mul(inside, input.yTrue), 3, true);
}

/**
 * Cross-entropy in which pixels near a border weigh up to twice as much.
 *
 * Formula: mean( (1 + Φ)·(−ln p_t) ), Φ = (max d − d) / max d on either side of the border.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C], signedDistance [B,H,W,C] px → scalar.
 */
export const distancePenalisedCrossEntropy = defineLoss({
	id: 'distancePenalisedCrossEntropy',
	name: 'Distance-penalised cross-entropy',
	family: 'boundary',
	summary: 'Cross-entropy in which pixels weigh more the nearer they lie to a border, for sharper contours.',
	formula: 'mean( (1 + Φ)·(−ln p_t) ), Φ = (max d − d) / max d',
	symbols: {
		p_t: 'probability of the true class',
		d: 'distance to the border in pixels',
		'max d': 'the largest on that side in the image',
	},
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'The region is found but its contour is vague.',
	badWhen: 'Foreground is very rare: weights at most double, too little against imbalance.',
	edgeCases:
		'Φ is 0 on empty and full masks, which leaves cross-entropy. With three or more classes each pixel looks at the border of its own class.',
	sources: [
		{
			authors: 'Caliva, Iriondo, Martinez, Majumdar, Pedoia',
			year: 2019,
			title: 'Distance Map Loss Penalty Term for Semantic Segmentation',
			venue: 'MIDL',
			link: 'https://arxiv.org/abs/1908.03679',
		},
	],
	params: {},
	targets: ['signedDistance'],
	compute(tf, input) {
		const weight = tf.add(borderNearness(tf, input), 1);
		return meanOverValid(tf, tf.mul(pixelCrossEntropy(tf, input), weight), input.valid);
	},
});
