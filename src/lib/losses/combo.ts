import type { LossInput, Scalar, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { isBinary, meanOverValid, pixelCrossEntropy } from './pixelwise.ts';
import { overlapParams } from './region-params.ts';
import { diceLoss } from './region.ts';

/** mean( β·g·(−ln p) + (1 − β)·(1 − g)·(−ln(1 − p)) ); with softmax, β for the foreground classes. */
function weighted(tf: Tf, input: LossInput, beta: number): Scalar {
	const classes = isBinary(input) ? 2 : input.logits.shape[3];
	const weights = Array.from({ length: classes }, (_, index) => (index === 0 ? 1 - beta : beta));
	return meanOverValid(tf, pixelCrossEntropy(tf, input, input.yTrue, weights), input.valid);
}

/**
 * Combo: weighted cross-entropy less the Dice score.
 *
 * Formula: α·mean( β·g·(−ln p) + (1 − β)·(1 − g)·(−ln(1 − p)) ) − (1 − α)·DSC.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits and yPred [B,H,W,C] → scalar.
 */
export const combo = defineLoss({
	id: 'combo',
	name: 'Combo',
	family: 'compound',
	summary: 'Cross-entropy with a say in which error costs more, held together by the Dice score.',
	formula: 'α·mean( β·g·(−ln p) + (1 − β)·(1 − g)·(−ln(1 − p)) ) − (1 − α)·(TP + s) / (TP + ½·FP + ½·FN + s)',
	symbols: {
		g: 'truth',
		p: 'probability',
		α: 'share of cross-entropy',
		β: 'weight of missed foreground',
		s: 'smoothing; the published 1 in both places is 0.5 here',
	},
	takes: 'logits',
	range: '(−1, ∞)',
	canBeNegative: true,
	perfectIsMinimum: true,
	goodWhen: 'You want to say which error costs more and keep overlap in view.',
	badWhen: 'Its values are to be read: they go below 0; or there is no time to tune two weights.',
	edgeCases: 'It is −(1 − α) for a perfect mask, so curves go below 0. Empty masks teach through cross-entropy.',
	sources: [
		{
			authors: 'Taghanaki, Zheng, Zhou, Georgescu, Sharma, Xu, Comaniciu, Hamarneh',
			year: 2019,
			title: 'Combo loss: Handling input and output imbalance in multi-organ segmentation',
			venue: 'Computerized Medical Imaging and Graphics',
			link: 'https://arxiv.org/abs/1805.02798',
		},
	],
	params: {
		alpha: {
			kind: 'number',
			label: 'Share of cross-entropy (α)',
			help: 'Larger values care more for single pixels and less for overlap.',
			min: 0,
			max: 1,
			step: 0.05,
			default: 0.5,
		},
		beta: {
			kind: 'number',
			label: 'Weight of missed foreground (β)',
			help: 'Larger values miss less foreground and mark more background.',
			min: 0,
			max: 1,
			step: 0.05,
			default: 0.5,
		},
		...overlapParams,
		smoothing: { ...overlapParams.smoothing, default: 0.5 },
	},
	compute(tf, input, values) {
		const score = tf.sub(1, diceLoss(tf, input, values));
		return tf.sub(tf.mul(weighted(tf, input, values.beta), values.alpha), tf.mul(score, 1 - values.alpha));
	},
});
