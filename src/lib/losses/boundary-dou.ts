import type { Tensor, Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { neighbourSum } from './neighbours.ts';
import { sumParams } from './region-params.ts';
import { regionMaps } from './region.ts';

const smoothing = 1e-5;

/** a of each class [C']: near 1 the larger the area is for its border, at most 0.8. */
function areaShare(tf: Tf, truth: Tensor4D): Tensor {
	const inner = tf.mul(truth, tf.step(tf.sub(neighbourSum(tf, truth), 3.5)));
	const area = tf.sum(truth, [0, 1, 2]);
	const border = tf.sub(area, tf.sum(inner, [0, 1, 2]));
	const share = tf.div(tf.add(border, smoothing), tf.add(area, smoothing));
	return tf.minimum(tf.sub(1, tf.mul(share, 2)), 0.8);
}

/**
 * Boundary difference over union: Dice in which the inside counts less, the larger the object.
 *
 * Formula: (Σp² + Σg² − 2I + s) / (Σp² + Σg² − (1 + a)·I + s), a = min(1 − 2C/S, 0.8).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const boundaryDou = defineLoss({
	id: 'boundaryDou',
	name: 'Boundary DoU',
	family: 'boundary',
	summary: 'Difference over union near the border: in large objects the inside counts less, in small ones it is Dice-like.',
	formula: '(Σ p² + Σ g² − 2·I + s) / (Σ p² + Σ g² − (1 + a)·I + s), a = min(1 − 2·C/S, 0.8)',
	symbols: {
		p: 'probability',
		g: 'truth',
		I: 'Σ p·g',
		C: 'true pixels with a neighbour outside, the image edge included',
		S: 'true pixels',
		s: '10⁻⁵',
	},
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Objects are large and their border is what goes wrong.',
	badWhen: 'Masks may be empty, where there is no slope, or objects are all border.',
	edgeCases:
		'Empty truth: 1 whatever is predicted, with no slope. Sums run over the batch. a falls below 0 for objects that are all border.',
	sources: [
		{
			authors: 'Sun, Luo, Li',
			year: 2023,
			title: 'Boundary Difference Over Union Loss For Medical Image Segmentation',
			venue: 'MICCAI',
			link: 'https://arxiv.org/abs/2308.00220',
		},
	],
	params: { includeBackground: sumParams.includeBackground },
	compute(tf, input, values) {
		const { truth, prediction, valid } = regionMaps(tf, input, values.includeBackground);
		const total = (map: Tensor): Tensor => tf.sum(map, [0, 1, 2]);
		const intersection = total(tf.mul(prediction, truth));
		const squares = tf.add(total(tf.mul(tf.square(prediction), valid)), total(tf.square(truth)));
		const difference = tf.add(tf.sub(squares, tf.mul(intersection, 2)), smoothing);
		const union = tf.sub(squares, tf.mul(intersection, tf.add(areaShare(tf, truth), 1)));
		return tf.mean(tf.div(difference, tf.add(union, smoothing)));
	},
});
