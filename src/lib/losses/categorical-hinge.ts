import type { LossInput, Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { classMaps, isBinary, meanOverValid } from './pixelwise.ts';

/** One logit per class; a sigmoid's z is the difference of −z/2 and z/2. */
function classLogits(tf: Tf, input: LossInput): Tensor4D {
	if (!isBinary(input)) return input.logits;
	const half = tf.div<Tensor4D>(input.logits, 2);
	return tf.concat([tf.neg(half), half], 3);
}

/**
 * Hinge between the true class and its strongest rival.
 *
 * Formula: mean( max(0, 1 + max((1 − g)·z) − Σ g·z) ).
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar.
 */
export const categoricalHinge = defineLoss({
	id: 'categoricalHinge',
	name: 'Categorical hinge',
	family: 'distribution',
	summary: 'Asks the logit of the true class to lead its strongest rival by a margin, and no more.',
	formula: 'mean( max(0, 1 + max_c((1 − g)·z) − Σ g·z) )',
	symbols: { z: 'logits; −z/2 and z/2 for a single one', g: 'truth, one-hot' },
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'There are several classes, and only which of them wins counts.',
	badWhen: 'Probabilities are read afterwards, or there are two classes: hinge is simpler.',
	edgeCases:
		'Empty and full masks are ordinary. As in Keras a rival counts as at least 0, so the true logit must also lead 0 by the margin.',
	sources: [
		{
			authors: 'Crammer, Singer',
			year: 2001,
			title: 'On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines',
			venue: 'Journal of Machine Learning Research',
		},
	],
	params: {},
	compute(tf, input) {
		const { truth } = classMaps(tf, input);
		const logits = classLogits(tf, input);
		const own = tf.sum(tf.mul(truth, logits), 3, true);
		const rival = tf.max(tf.mul(tf.sub(1, truth), logits), 3, true);
		return meanOverValid(tf, tf.relu(tf.add(tf.sub(rival, own), 1)), input.valid);
	},
});
