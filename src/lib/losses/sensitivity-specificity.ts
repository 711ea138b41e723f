import { defineLoss } from './define-loss.ts';
import { sumParams } from './region-params.ts';
import { regionMaps, regionSum } from './region.ts';

/**
 * A weighted mean of the squared errors inside and outside the truth.
 *
 * Formula: r·Σ (g − p)²·g / (Σ g + s) + (1 − r)·Σ (g − p)²·(1 − g) / (Σ (1 − g) + s).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const sensitivitySpecificity = defineLoss({
	id: 'sensitivitySpecificity',
	name: 'Sensitivity-specificity',
	family: 'region',
	summary: 'Squared errors inside and outside the truth, each over its own size, so that rare foreground counts as much.',
	formula: 'r·Σ (g − p)²·g / (Σ g + s) + (1 − r)·Σ (g − p)²·(1 − g) / (Σ (1 − g) + s)',
	symbols: { g: 'truth', p: 'probability', r: 'weight of sensitivity', s: 'smoothing' },
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Rare lesions must be found and there is time to tune r.',
	badWhen: 'It must work untuned: on tumours it was among the last of the published comparison.',
	edgeCases: 'Empty truth: only the second term is left; full truth: only the first.',
	sources: [
		{
			authors: 'Brosch, Yoo, Tang, Li, Traboulsee, Tam',
			year: 2015,
			title: 'Deep Convolutional Encoder Networks for Multiple Sclerosis Lesion Segmentation',
			venue: 'MICCAI',
		},
	],
	params: {
		sensitivity: {
			kind: 'number',
			label: 'Weight of sensitivity (r)',
			help: 'Larger values miss less foreground and mark more background.',
			min: 0,
			max: 1,
			step: 0.05,
			default: 0.05,
		},
		smoothing: {
			kind: 'number',
			label: 'Smoothing (s)',
			help: 'Keeps the terms defined on empty and full masks. The paper has none.',
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
		const error = tf.square(tf.sub(truth, prediction));
		const within = (region: typeof truth) =>
			tf.div(regionSum(tf, tf.mul(error, region), values.batchSums), tf.add(regionSum(tf, region, values.batchSums), values.smoothing));
		const inside = tf.mul(within(truth), values.sensitivity);
		return tf.mean(tf.add(inside, tf.mul(within(tf.sub(valid, truth)), 1 - values.sensitivity)));
	},
});
