/** What the focal losses share: cross-entropy with easy pixels turned down. */
import type { BooleanParam, NumberParam } from '#lib/core/params.ts';
import type { LossInput, Scalar, Tensor, Tf } from './contract.ts';
import { isBinary, meanOverValid, negativeLogs } from './pixelwise.ts';

interface FocalTerms {
	/** Focusing factor times weighted truth, per channel or per pixel. */
	readonly factor: Tensor;
	readonly loss: Tensor;
}

export interface FocalValues {
	readonly gamma: number;
	readonly alpha: number;
	readonly classBalancing: boolean;
	readonly normalized: boolean;
}

/** (1 − p_t)^γ as exp(−γ·softplus(±z)): finite with its gradient for every γ ≥ 0 and every logit. */
function binaryFocal(tf: Tf, input: LossInput, { gamma, alpha, classBalancing }: FocalValues): FocalTerms {
	const { ofForeground, ofBackground } = negativeLogs(tf, input.logits);
	const truth = input.yTrue;
	const notTruth = tf.sub(1, truth);
	const missed = tf.mul(truth, tf.exp(tf.mul(ofBackground, -gamma)));
	const marked = tf.mul(notTruth, tf.exp(tf.mul(ofForeground, -gamma)));
	const foreground = classBalancing ? alpha : 1;
	const background = classBalancing ? 1 - alpha : 1;
	const loss = tf.add(tf.mul(tf.mul(missed, ofForeground), foreground), tf.mul(tf.mul(marked, ofBackground), background));
	return { factor: tf.add(missed, marked), loss };
}

/** Keeps the slope of (1 − p)^γ finite at p = 1 for γ < 1. */
const smallestDoubt = 1e-7;

function categoricalFocal(tf: Tf, input: LossInput, { gamma, alpha, classBalancing }: FocalValues): FocalTerms {
	const doubt = tf.maximum(tf.sub(1, input.yPred), smallestDoubt);
	const focused = tf.mul(input.yTrue, tf.exp(tf.mul(tf.log(doubt), gamma)));
	const loss = tf.neg(tf.sum(tf.mul(focused, tf.logSoftmax(input.logits)), 3, true));
	return { factor: focused, loss: classBalancing ? tf.mul(loss, alpha) : loss };
}

/** mean( a_t·(1 − p_t)^γ·(−ln p_t) ), or the sum over Σ (1 − p_t)^γ when normalized. */
export function focalLoss(tf: Tf, input: LossInput, values: FocalValues): Scalar {
	const { factor, loss } = isBinary(input) ? binaryFocal(tf, input, values) : categoricalFocal(tf, input, values);
	if (!values.normalized) return meanOverValid(tf, loss, input.valid);
	const total = tf.sum(tf.mul(factor, input.valid));
	return tf.div(tf.sum(tf.mul(loss, input.valid)), tf.maximum(total, smallestDoubt));
}

export const focalParams = {
	gamma: {
		kind: 'number',
		label: 'Focusing (γ)',
		help: 'Larger values turn easy pixels down more; probabilities stay further from 0 and 1.',
		min: 0,
		max: 10,
		step: 0.5,
		default: 2,
	},
	classBalancing: {
		kind: 'boolean',
		label: 'Class balancing',
		help: 'On weighs foreground by α and background by 1 − α; off weighs both by 1.',
		default: true,
	},
	alpha: {
		kind: 'number',
		label: 'Weight of foreground (α)',
		help: 'Larger values miss less foreground; the background has 1 − α.',
		min: 0,
		max: 1,
		step: 0.05,
		default: 0.25,
		onlyWhen: { classBalancing: [true] },
	},
	normalized: {
		kind: 'boolean',
		label: 'Divide by the sum of focusing factors',
		help: 'On divides by Σ(1 − p_t)^γ instead of the number of pixels, which keeps the scale of cross-entropy.',
		default: false,
	},
} as const satisfies Readonly<Record<string, BooleanParam | NumberParam>>;
