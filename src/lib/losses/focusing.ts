/** What the focal losses share: cross-entropy with easy pixels turned down. */
import type { BooleanParam, NumberParam, NumbersParam } from '#lib/core/params.ts';
import type { LossInput, Scalar, Tensor, Tf } from './contract.ts';
import { classWeights, isBinary, labelSmoothingParam, meanOverValid, negativeLogs, smoothedTruth } from './pixelwise.ts';

interface FocalTerms {
	/** Focusing factor times weighted truth, per channel or per pixel. */
	readonly factor: Tensor;
	readonly loss: Tensor;
}

export interface FocalValues {
	readonly gamma: number;
	readonly alpha: number;
	readonly classBalancing: boolean;
	/** α of each class, background first, as text; '' takes `alpha`. */
	readonly classAlphas: string;
	readonly labelSmoothing: number;
	readonly eachClass: boolean;
	readonly normalized: boolean;
}

/** α of a pixel outside and inside its class: one number each, or one for each channel [C]. */
function sigmoidAlphas(tf: Tf, input: LossInput, values: FocalValues): { background: Tensor; foreground: Tensor } {
	const { alpha, classBalancing, classAlphas } = values;
	if (!classBalancing || classAlphas === '') {
		return { background: tf.scalar(classBalancing ? 1 - alpha : 1), foreground: tf.scalar(classBalancing ? alpha : 1) };
	}
	const alphas = classWeights(classAlphas, input, 'classAlphas');
	if (!isBinary(input)) return { background: tf.tensor1d(alphas), foreground: tf.tensor1d(alphas) };
	const [background = 1, foreground = 1] = alphas;
	return { background: tf.scalar(background), foreground: tf.scalar(foreground) };
}

/** (1 − p_t)^γ as exp(−γ·softplus(±z)): finite with its gradient for every γ ≥ 0 and every logit. */
function sigmoidFocal(tf: Tf, input: LossInput, values: FocalValues): FocalTerms {
	const { gamma } = values;
	const { ofForeground, ofBackground } = negativeLogs(tf, input.logits);
	const truth = smoothedTruth(tf, input.yTrue, values.labelSmoothing, 2);
	const notTruth = tf.sub(1, truth);
	const missed = tf.mul(truth, tf.exp(tf.mul(ofBackground, -gamma)));
	const marked = tf.mul(notTruth, tf.exp(tf.mul(ofForeground, -gamma)));
	const { background, foreground } = sigmoidAlphas(tf, input, values);
	const loss = tf.add(tf.mul(tf.mul(missed, ofForeground), foreground), tf.mul(tf.mul(marked, ofBackground), background));
	return { factor: tf.add(missed, marked), loss };
}

/** Keeps the slope of (1 − p)^γ finite at p = 1 for γ < 1. */
const smallestDoubt = 1e-7;

function softmaxFocal(tf: Tf, input: LossInput, values: FocalValues): FocalTerms {
	const { gamma, alpha, classBalancing, classAlphas } = values;
	const doubt = tf.maximum(tf.sub(1, input.yPred), smallestDoubt);
	const truth = smoothedTruth(tf, input.yTrue, values.labelSmoothing, input.logits.shape[3]);
	const focused = tf.mul(truth, tf.exp(tf.mul(tf.log(doubt), gamma)));
	const terms = tf.mul(focused, tf.logSoftmax(input.logits));
	const alphas = !classBalancing
		? tf.scalar(1)
		: classAlphas === ''
			? tf.scalar(alpha)
			: tf.tensor1d(classWeights(classAlphas, input, 'classAlphas'));
	return { factor: focused, loss: tf.neg(tf.sum(tf.mul(terms, alphas), 3, true)) };
}

/** mean( a_t·(1 − p_t)^γ·(−ln p_t) ), or the sum over Σ (1 − p_t)^γ when normalized. */
export function focalLoss(tf: Tf, input: LossInput, values: FocalValues): Scalar {
	const { factor, loss } = (isBinary(input) || values.eachClass ? sigmoidFocal : softmaxFocal)(tf, input, values);
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
	classAlphas: {
		kind: 'numbers',
		label: 'Weight of each class (α_c)',
		help: 'Background first, separated by commas; in the place of α and 1 − α. Empty takes α.',
		min: 0,
		max: 10000,
		default: '',
		onlyWhen: { classBalancing: [true] },
	},
	labelSmoothing: labelSmoothingParam,
	eachClass: {
		kind: 'boolean',
		label: 'Each class against the rest',
		help: 'Only with three or more classes: on takes a sigmoid of every logit, as MONAI and segmentation_models.pytorch do.',
		default: false,
	},
	normalized: {
		kind: 'boolean',
		label: 'Divide by the sum of focusing factors',
		help: 'On divides by Σ(1 − p_t)^γ instead of the number of pixels, which keeps the scale of cross-entropy.',
		default: false,
	},
} as const satisfies Readonly<Record<string, BooleanParam | NumberParam | NumbersParam>>;
