import type { LossInput, Scalar, Tensor, Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { lovaszExtension, rowsOf } from './lovasz.ts';
import { berman2018 } from './papers.ts';

/** The mean over classes [groups, C], of those present in their group or of all; then over groups. */
function meanOfClasses(tf: Tf, losses: Tensor, areas: Tensor, present: boolean): Scalar {
	if (!present) return tf.mean(losses);
	const there = tf.step(areas);
	return tf.mean(tf.div(tf.sum(tf.mul(losses, there), 1), tf.maximum(tf.sum(there, 1), 1)));
}

/** Losses and true areas of each class: [groups, C], a group being an image or the batch. */
function classLosses(tf: Tf, { yTrue, yPred, valid }: LossInput, perImage: boolean): { losses: Tensor; areas: Tensor } {
	const [batch, , , channels] = yTrue.shape;
	const rows = (map: Tensor4D): Tensor => rowsOf(tf, map, perImage);
	const truth = tf.mul<Tensor4D>(yTrue, valid);
	const error = tf.mul<Tensor4D>(tf.abs(tf.sub(yTrue, yPred)), valid);
	const ranked = tf.sub<Tensor4D>(error, tf.sub(1, valid));
	const shape = [perImage ? batch : 1, channels];
	const losses = lovaszExtension(tf, rows(ranked), rows(truth), rows(error));
	return { losses: tf.reshape(losses, shape), areas: tf.reshape(tf.sum(rows(truth), 1), shape) };
}

/**
 * Lovász softmax: the surrogate of the Jaccard loss for probabilities.
 *
 * Formula: mean over classes of Σ e·ΔJ over pixels by falling e, e = |g − p|.
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar.
 */
export const lovaszSoftmax = defineLoss({
	id: 'lovaszSoftmax',
	name: 'Lovász softmax',
	family: 'region',
	summary: 'Optimises the mean IoU of classes as such, from probabilities.',
	formula: 'mean over classes of Σ e_i·ΔJ_i over pixels by falling e, e = |g − p|',
	symbols: { p: 'probability', g: 'truth', e_i: 'error at rank i', ΔJ_i: 'what the pixel at rank i adds to 1 − IoU' },
	takes: 'probabilities',
	range: '[0, 1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Mean IoU over several classes is what you report.',
	badWhen: 'Many masks are empty or classes absent: false alarms there cost nothing with the published rule.',
	edgeCases:
		'A class without a true pixel is left out, or counts its worst pixel. With one channel only the foreground counts; an empty batch then gives 0 and no slope.',
	sources: [berman2018],
	params: {
		classes: {
			kind: 'choice',
			label: 'Classes',
			help: 'All classes also punish false positives of absent ones; present ones are the published form.',
			options: [
				{ value: 'present', label: 'present ones' },
				{ value: 'all', label: 'all' },
			],
			default: 'present',
		},
		perImage: {
			kind: 'boolean',
			label: 'Every image alone',
			help: 'On ranks the pixels of every image alone and takes the mean; off ranks the whole batch.',
			default: false,
		},
	},
	compute(tf, input, values) {
		const { losses, areas } = classLosses(tf, input, values.perImage);
		return meanOfClasses(tf, losses, areas, values.classes === 'present');
	},
});
