import type { LossInput, Numbers, Scalar, Tensor4D, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { meanOverValid, pixelCrossEntropy } from './pixelwise.ts';
import { companionDice } from './region.ts';
import { requiredTarget } from './required-target.ts';

interface BoundaryValues {
	readonly innerOffset: number;
	readonly includeBackground: boolean;
}

/** mean( p·φ ) over the channels that count; φ is negative inside the truth and positive outside. */
function boundaryTerm(tf: Tf, input: LossInput, values: BoundaryValues): Scalar {
	const distance = requiredTarget(input, 'signedDistance');
	const inside = tf.step(tf.neg(distance));
	const map = tf.mul<Tensor4D>(input.yPred, tf.add(distance, tf.mul(inside, values.innerOffset)));
	const channels = map.shape[3];
	if (values.includeBackground || channels === 1) return meanOverValid(tf, map, input.valid);
	return meanOverValid(tf, tf.slice(map, [0, 0, 0, 1], [-1, -1, -1, channels - 1]), input.valid);
}

/** α at a point of the run. */
function shareAt(progress: number, { schedule, alpha, finalAlpha }: { schedule: string; alpha: number; finalAlpha: number }): number {
	return schedule === 'constant' ? alpha : alpha + progress * (finalAlpha - alpha);
}

/** The loss that goes with the boundary term: alone it ends at an empty or a full mask. */
function companionTerm(tf: Tf, input: LossInput, companion: string, includeBackground: boolean): Scalar {
	if (companion === 'crossEntropy') return meanOverValid(tf, pixelCrossEntropy(tf, input), input.valid);
	return companionDice(tf, input, includeBackground);
}

/**
 * Boundary loss: probability pays by its distance from the border of the truth.
 *
 * Formula: (1 − α)·R + α·mean( p·φ ), φ the signed distance to the border of the truth.
 * Shapes: yTrue [B,H,W,C] in {0,1}, yPred [B,H,W,C] in (0,1), signedDistance [B,H,W,C] px → scalar.
 */
export const boundary = defineLoss({
	id: 'boundary',
	name: 'Boundary',
	family: 'boundary',
	summary: 'Charges probability by how far outside the truth it lies and rewards it by how far inside: contours move home.',
	formula: '(1 − α)·R + α·mean( p·φ )',
	symbols: {
		p: 'probability',
		φ: 'distance to the border of the truth in pixels, negative inside; its innermost ring is 0 with an offset of 1',
		R: 'the companion loss',
		α: 'its share, which may rise over the run',
	},
	takes: 'probabilities',
	range: '(−∞, ∞)',
	canBeNegative: true,
	perfectIsMinimum: true,
	goodWhen: 'The Hausdorff distance counts, beside a companion and with a rising share.',
	badWhen: 'It stands alone, which ends at an empty or full mask, or Dice is all you report.',
	edgeCases:
		'φ is 0 on empty and full masks: they teach through the companion only. Below 0 for good masks. Alone it ends at an empty or a full prediction, which is why it starts beside a companion.',
	sources: [
		{
			authors: 'Kervadec, Bouchtiba, Desrosiers, Granger, Dolz, Ben Ayed',
			year: 2019,
			title: 'Boundary loss for highly unbalanced segmentation',
			venue: 'MIDL',
			link: 'https://arxiv.org/abs/1812.07032',
		},
	],
	params: {
		companion: {
			kind: 'choice',
			label: 'Companion (R)',
			help: 'What is learnt beside the boundary term.',
			options: [
				{ value: 'dice', label: 'Dice' },
				{ value: 'crossEntropy', label: 'cross-entropy' },
				{ value: 'none', label: 'none' },
			],
			default: 'dice',
		},
		schedule: {
			kind: 'choice',
			label: 'Share of the boundary term',
			help: 'How α goes over the run. Rising hands over from the companion; adding keeps the companion whole.',
			options: [
				{ value: 'rebalance', label: 'rises, the companion falls' },
				{ value: 'increase', label: 'rises, the companion stays' },
				{ value: 'constant', label: 'constant, the companion stays' },
			],
			default: 'rebalance',
			onlyWhen: { companion: ['dice', 'crossEntropy'] },
		},
		alpha: {
			kind: 'number',
			label: 'Share at the start (α)',
			help: 'Larger values let contours move earlier and make the start less steady.',
			min: 0,
			max: 1,
			step: 0.01,
			default: 0.01,
			onlyWhen: { companion: ['dice', 'crossEntropy'] },
		},
		finalAlpha: {
			kind: 'number',
			label: 'Share at the end',
			help: 'Larger values leave less to the companion. The paper adds 0.01 each epoch.',
			min: 0,
			max: 1,
			step: 0.01,
			default: 0.99,
			onlyWhen: { companion: ['dice', 'crossEntropy'], schedule: ['rebalance', 'increase'] },
		},
		innerOffset: {
			kind: 'number',
			label: 'Offset inside',
			help: '1 makes the innermost ring along the border free, as in the published code.',
			min: 0,
			max: 1,
			step: 1,
			default: 1,
			unit: 'px',
		},
		includeBackground: {
			kind: 'boolean',
			label: 'Background counts as a class',
			help: 'Only with three or more classes: on adds the border of the background.',
			default: false,
		},
	},
	targets: ['signedDistance'],
	readings({ progress }, values): Numbers {
		if (values.companion === 'none' || values.schedule === 'constant') return {};
		return { 'share of the boundary term α': shareAt(progress, values) };
	},
	compute(tf, input, values) {
		const term = boundaryTerm(tf, input, values);
		if (values.companion === 'none') return term;
		const alpha = shareAt(input.progress, values);
		const companion = companionTerm(tf, input, values.companion, values.includeBackground);
		return tf.add(tf.mul(companion, values.schedule === 'rebalance' ? 1 - alpha : 1), tf.mul(term, alpha));
	},
});
