import { defineLoss } from './define-loss.ts';
import { regionCounts, regionMaps, regionSum, sumParams } from './region.ts';

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
			min: 0.0000001,
			max: 100,
			step: 0.00001,
			default: 0.00001,
		},
		...sumParams,
	},
	compute(tf, input, values) {
		const { truePositives, falsePositives, falseNegatives } = regionCounts(tf, input, values);
		const { truth, prediction, valid } = regionMaps(tf, input, values.includeBackground);
		const trueNegatives = regionSum(tf, tf.mul(tf.sub(1, prediction), tf.sub(valid, truth)), values.batchSums);
		const covariance = tf.sub(tf.mul(truePositives, trueNegatives), tf.mul(falsePositives, falseNegatives));
		const predicted = tf.mul(tf.add(truePositives, falsePositives), tf.add(trueNegatives, falseNegatives));
		const present = tf.mul(tf.add(truePositives, falseNegatives), tf.add(trueNegatives, falsePositives));
		const losses = tf.sub(1, tf.div(covariance, tf.sqrt(tf.add(tf.mul(predicted, present), values.smoothing))));
		const anyError = tf.step(tf.add(falsePositives, falseNegatives));
		return tf.mean(tf.mul(losses, anyError));
	},
});
