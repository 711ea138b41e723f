import { defineLoss } from './define-loss.ts';
import { power } from './power.ts';
import { sumParams } from './region-params.ts';
import { regionMaps, regionSum } from './region.ts';

/**
 * Dice between squared error (γ = 2) and absolute error (γ = 1), for masks that hold mistakes.
 *
 * Formula: Σ |p − g|^γ / (Σ p² + Σ g² + s).
 * Shapes: yTrue [B,H,W,C] in [0,1], yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const noiseRobustDice = defineLoss({
	id: 'noiseRobustDice',
	name: 'Noise-robust Dice',
	family: 'region',
	summary: 'Dice that tolerates mistakes in masks: between squared Dice and a mean absolute error over size.',
	formula: 'Σ |p − g|^γ / (Σ p² + Σ g² + s)',
	symbols: { p: 'probability', g: 'truth', γ: '2 is squared Dice; nearer to 1 tolerates more', s: 'smoothing' },
	takes: 'probabilities',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Masks were drawn roughly, or by a machine.',
	badWhen: 'Masks are often empty: faint predictions everywhere then cost more than 1.',
	edgeCases: 'Empty truth: 0 when nothing is predicted; for γ < 2 faint predictions everywhere cost more than 1.',
	sources: [
		{
			authors: 'Wang, Liu, Li, Xu, Ruan, Zhu, Meng, Li, Huang, Zhang',
			year: 2020,
			title: 'A Noise-robust Framework for Automatic Segmentation of COVID-19 Pneumonia Lesions from CT Images',
			venue: 'IEEE Transactions on Medical Imaging',
		},
	],
	params: {
		gamma: {
			kind: 'number',
			label: 'Exponent (γ)',
			help: 'Smaller values tolerate more mistakes in the masks.',
			min: 1,
			max: 2,
			step: 0.1,
			default: 1.5,
		},
		smoothing: {
			kind: 'number',
			label: 'Smoothing (s)',
			help: 'Added to the denominator, to keep it above 0 on empty masks.',
			min: 0.0000001,
			max: 100,
			step: 0.00001,
			default: 0.00001,
			unit: 'px',
		},
		...sumParams,
	},
	compute(tf, input, values) {
		const { truth, prediction, valid } = regionMaps(tf, input, values.includeBackground);
		const kept = tf.mul(prediction, valid);
		const error = regionSum(tf, tf.mul(power(tf, tf.abs(tf.sub(kept, truth)), values.gamma), valid), values.batchSums);
		const size = regionSum(tf, tf.add(tf.square(kept), tf.square(truth)), values.batchSums);
		return tf.mean(tf.div(error, tf.add(size, values.smoothing)));
	},
});
