import type { LossInput, Tensor, Tf } from './contract.ts';
import { defineLoss } from './define-loss.ts';
import { isBinary, meanOverValid, negativeLogs } from './pixelwise.ts';

/** No class weighs less than this share, so that an empty batch still teaches. */
const smallestShare = 0.01;

/** One minus the share of each class among the valid pixels of the batch: [C]; of the foreground alone for one channel. */
function rarity(tf: Tf, input: LossInput): Tensor {
	const pixels = tf.maximum(tf.sum(input.valid), 1);
	const share = tf.div(tf.sum(tf.mul(input.yTrue, input.valid), [0, 1, 2]), pixels);
	return tf.clipByValue(tf.sub(1, share), smallestShare, 1 - smallestShare);
}

/** Weights of the classes: [C], or [1] for the foreground of a sigmoid. */
function weights(tf: Tf, input: LossInput, values: { balance: string; beta: number }): Tensor {
	if (values.balance === 'batch') return rarity(tf, input);
	if (isBinary(input)) return tf.tensor1d([values.beta]);
	return tf.tensor1d(Array.from({ length: input.logits.shape[3] }, (_, index) => (index === 0 ? 1 - values.beta : values.beta)));
}

/**
 * Cross-entropy in which each class weighs as much as it is rare.
 *
 * Formula: mean( β·g·(−ln p) + (1 − β)·(1 − g)·(−ln(1 − p)) ), β the share of background.
 * Shapes: yTrue [B,H,W,C] in {0,1}, logits [B,H,W,C] → scalar.
 */
export const balancedCrossEntropy = defineLoss({
	id: 'balancedCrossEntropy',
	name: 'Balanced cross-entropy',
	family: 'distribution',
	summary: 'Cross-entropy that gives foreground and background the same total weight, however rare the foreground is.',
	formula: 'mean( β·g·(−ln p) + (1 − β)·(1 − g)·(−ln(1 − p)) )',
	symbols: { g: 'truth', p: 'probability of foreground', β: 'weight of foreground: the share of background in the batch, or fixed' },
	takes: 'logits',
	range: '[0, ∞)',
	canBeNegative: false,
	perfectIsMinimum: true,
	goodWhen: 'Rare foreground or thin edges must be found and false alarms are cheap.',
	badWhen: 'Precision counts: rare foreground is marked far too widely.',
	edgeCases:
		'The weights come from each batch and stay between 0.01 and 0.99, so an empty or full mask still teaches. With three or more classes each weighs one minus its share; a fixed β goes to every foreground class.',
	sources: [
		{
			authors: 'Xie, Tu',
			year: 2015,
			title: 'Holistically-Nested Edge Detection',
			venue: 'ICCV',
			link: 'https://arxiv.org/abs/1504.06375',
		},
	],
	params: {
		balance: {
			kind: 'choice',
			label: 'Weights from',
			help: 'From each batch, as published, or fixed by β.',
			options: [
				{ value: 'batch', label: 'the batch' },
				{ value: 'fixed', label: 'β below' },
			],
			default: 'batch',
		},
		beta: {
			kind: 'number',
			label: 'Weight of foreground (β)',
			help: 'Larger values miss less foreground; the background has 1 − β. No value is published.',
			min: 0,
			max: 1,
			step: 0.05,
			default: 0.5,
			onlyWhen: { balance: ['fixed'] },
		},
	},
	compute(tf, input, values) {
		const weight = weights(tf, input, values);
		if (!isBinary(input)) {
			const map = tf.neg(tf.sum(tf.mul(tf.mul(input.yTrue, weight), tf.logSoftmax(input.logits)), 3, true));
			return meanOverValid(tf, map, input.valid);
		}
		const { ofForeground, ofBackground } = negativeLogs(tf, input.logits);
		const missed = tf.mul(tf.mul(input.yTrue, weight), ofForeground);
		const marked = tf.mul(tf.mul(tf.sub(1, input.yTrue), tf.sub(1, weight)), ofBackground);
		return meanOverValid(tf, tf.add(missed, marked), input.valid);
	},
});
