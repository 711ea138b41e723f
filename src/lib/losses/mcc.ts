import type { Tensor } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { sumParams } from './region-params.ts';
import { regionCounts, regionMaps, regionSum } from './region.ts';

/** Keeps the root above 0 when nothing is smoothed. */
const smallestVariance = 1e-30;

/**
 * One minus Matthews' correlation of truth and prediction, from soft counts.
 *
 * Formula: 1 − (TP·TN − FP·FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN) + s).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const mcc = defineLoss({
	id: 'mcc',
	name: 'Matthews correlation',
	family: 'region',
	summary: 'Rewards correlation of truth and prediction, in which the background counts as much as the foreground.',
	formula: '1 − (TP·TN − FP·FN) / √((TP + FP)·(TP + FN)·(TN + FP)·(TN + FN) + s)',
	symbols: { TP: 'Σ p·g', FP: 'Σ p·(1 − g)', FN: 'Σ (1 − p)·g', TN: 'Σ (1 − p)·(1 − g)', s: 'smoothing' },
	takes: 'probabilities',
	range: '[0, 2]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Background counts as much as foreground, and their shares vary from image to image.',
	badWhen: 'Whole batches may be empty: there is no slope there, so it never learns to leave them empty.',
	edgeCases:
		'On an empty or full truth correlation is not defined: the loss is 1 there with no slope, so it never learns to leave a whole batch empty. Without any error the loss is 0.',
	sources: [
		{
			authors: 'Abhishek, Hamarneh',
			year: 2021,
			title: 'Matthews Correlation Coefficient Loss for Deep Convolutional Networks: Application to Skin Lesion Segmentation',
			venue: 'ISBI',
			link: 'https://arxiv.org/abs/2010.13454',
		},
	],
	params: {
		smoothing: {
			kind: 'number',
			label: 'Smoothing (s)',
			help: 'Added under the root, to keep it defined on empty and full masks. The paper has none; 10⁻⁵ as in MONAI.',
			min: 0,
			max: 100,
			step: 0.00001,
			default: 0.00001,
		},
		countSmoothing: {
			kind: 'number',
			label: 'Smoothing of the counts',
			help: 'Added to each of the four counts, as segmentation_models.pytorch does; then the other smoothing may be 0. The paper has none.',
			min: 0,
			max: 100,
			step: 0.00001,
			default: 0,
			unit: 'px',
		},
		perfectIsZero: {
			kind: 'boolean',
			label: 'Nothing wrong counts 0',
			help: 'On gives 0 where every pixel is right although the correlation of an empty or full mask is not defined, as MONAI does; off gives 1.',
			default: true,
		},
		...sumParams,
	},
	compute(tf, input, values) {
		const counts = regionCounts(tf, input, values);
		const { truth, prediction, valid } = regionMaps(tf, input, values.includeBackground);
		const rightlyUnmarked = regionSum(tf, tf.mul(tf.sub(1, prediction), tf.sub(valid, truth)), values.batchSums);
		const smoothed = (count: Tensor): Tensor => (values.countSmoothing === 0 ? count : tf.add(count, values.countSmoothing));
		const [truePositives, trueNegatives] = [smoothed(counts.truePositives), smoothed(rightlyUnmarked)];
		const [falsePositives, falseNegatives] = [smoothed(counts.falsePositives), smoothed(counts.falseNegatives)];
		const covariance = tf.sub(tf.mul(truePositives, trueNegatives), tf.mul(falsePositives, falseNegatives));
		const predicted = tf.mul(tf.add(truePositives, falsePositives), tf.add(trueNegatives, falseNegatives));
		const present = tf.mul(tf.add(truePositives, falseNegatives), tf.add(trueNegatives, falsePositives));
		const variance = tf.maximum(tf.add(tf.mul(predicted, present), values.smoothing), smallestVariance);
		const losses = tf.sub(1, tf.div(covariance, tf.sqrt(variance)));
		if (!values.perfectIsZero) return tf.mean(losses);
		return tf.mean(tf.mul(losses, tf.step(tf.add(counts.falsePositives, counts.falseNegatives))));
	},
});
