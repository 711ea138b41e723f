import type { Tensor, Tensor4D } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { lovaszExtension, rowsOf } from './lovasz.ts';
import { berman2018 } from './papers.ts';

/**
 * Lovász hinge: the convex surrogate of the Jaccard loss for logits.
 *
 * Formula: Σ max(0, e)·ΔJ over pixels by falling e, e = 1 − (2g − 1)·z.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar. With C ≥ 2, the mean of each class against the rest.
 */
export const lovaszHinge = defineLoss({
	id: 'lovaszHinge',
	name: 'Lovász hinge',
	family: 'region',
	summary: 'Optimises IoU as such: pixels weigh by what one more error would cost in IoU.',
	formula: 'Σ max(0, e_i)·ΔJ_i over pixels by falling e, e = 1 − (2g − 1)·z',
	symbols: { z: 'logit', g: 'truth', e_i: 'hinge error at rank i', ΔJ_i: 'what the pixel at rank i adds to 1 − IoU' },
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'IoU is what you report, above all for the last epochs after cross-entropy.',
	badWhen: 'Probabilities are read afterwards, or time is short: every pixel is sorted.',
	edgeCases:
		'An image with an empty truth counts its worst pixel only. Per image, small objects weigh as much as large ones. Pixels with equal errors are ranked by place.',
	sources: [berman2018],
	params: {
		perImage: {
			kind: 'boolean',
			label: 'Every image alone',
			help: 'On ranks the pixels of every image alone and takes the mean; off ranks the whole batch.',
			default: true,
		},
	},
	compute(tf, { yTrue, logits, valid }, values) {
		const error = tf.sub(1, tf.mul(tf.sub(tf.mul(yTrue, 2), 1), logits));
		const counted = tf.mul<Tensor4D>(tf.relu(error), valid);
		// Only positive errors count, so −1 is below all that matter.
		const ranked = tf.sub<Tensor4D>(counted, tf.sub(1, valid));
		const rows = (map: Tensor4D): Tensor => rowsOf(tf, map, values.perImage);
		return tf.mean(lovaszExtension(tf, rows(ranked), rows(tf.mul(yTrue, valid)), rows(counted)));
	},
});
