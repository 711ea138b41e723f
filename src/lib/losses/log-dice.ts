import { defineLoss } from './define-loss.ts';
import { wong2018 } from './papers.ts';
import { overlapParams } from './region-params.ts';
import { evenLoss, meanOverClasses } from './region.ts';

/** Where the logarithm stops. */
const smallestScore = 1e-7;

/**
 * The negative logarithm of the Dice score, class by class.
 *
 * Formula: mean( −ln( (TP + s) / (TP + ½·FP + ½·FN + s) ) ).
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1) → scalar, the mean over classes.
 */
export const logDice = defineLoss({
	id: 'logDice',
	name: 'Log Dice',
	family: 'region',
	summary: 'The negative logarithm of the Dice score: it pushes hardest on classes that are hardly found at all.',
	formula: 'mean( −ln( (TP + s) / (TP + ½·FP + ½·FN + s) ) )',
	symbols: { TP: 'Σ p·g', FP: 'Σ p·(1 − g)', FN: 'Σ (1 − p)·g', s: 'smoothing' },
	takes: 'probabilities',
	range: '[0, 16.1]',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Some classes are hardly found at all and must be pushed first.',
	badWhen: 'Masks are often empty: false positives there weigh without a ceiling.',
	edgeCases: 'As Dice on empty truth. The score is taken as at least 10⁻⁷; there, without smoothing, the slope is 0.',
	sources: [wong2018],
	params: {
		...overlapParams,
		overlap: {
			kind: 'choice',
			label: 'Score',
			help: 'Jaccard, the IoU, takes 1 in the place of ½: it is the smaller score, and its logarithm the larger loss.',
			options: [
				{ value: 'dice', label: 'Dice' },
				{ value: 'jaccard', label: 'Jaccard' },
			],
			default: 'dice',
		},
	},
	compute(tf, input, values) {
		const { losses, counts } = evenLoss(tf, input, values.overlap === 'jaccard' ? 1 : 0.5, values);
		const score = tf.sub(1, losses);
		return meanOverClasses(tf, input, tf.neg(tf.log(tf.maximum(score, smallestScore))), counts, values);
	},
});
