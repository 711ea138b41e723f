/** What the losses that compare areas share: soft counts of true and false pixels, and the one formula over them. */
import type { LossInput, Scalar, Tensor, Tensor4D, Tf } from './contract.ts';
import { classWeights, isBinary } from './pixelwise.ts';

/** Soft counts: [C'] when summed over the batch, otherwise [B, C']; C' is C less a left-out background. */
export interface RegionCounts {
	/** Σ p·g */
	readonly truePositives: Tensor;
	/** Σ p·(1 − g) */
	readonly falsePositives: Tensor;
	/** Σ (1 − p)·g */
	readonly falseNegatives: Tensor;
}

export interface RegionSums {
	/** True: sums over the whole batch. False: sums per image, then the mean over images. */
	readonly batchSums: boolean;
	/** False leaves class 0 out when there is more than one channel. */
	readonly includeBackground: boolean;
}

/** Truth, prediction and the ignore mask of the channels that count: [B, H, W, C'], [B, H, W, C'], [B, H, W, 1]. */
export interface RegionMaps {
	readonly truth: Tensor4D;
	readonly prediction: Tensor4D;
	readonly valid: Tensor4D;
}

/** The maps of the channels that count; the truth is 0 at ignored pixels. */
export function regionMaps(tf: Tf, input: LossInput, includeBackground: boolean): RegionMaps {
	const [batch, height, width, channels] = input.yPred.shape;
	const from = includeBackground || channels === 1 ? 0 : 1;
	const pick = (map: Tensor4D): Tensor4D => (from === 0 ? map : tf.slice4d(map, [0, 0, 0, from], [batch, height, width, channels - from]));
	return { truth: tf.mul(pick(input.yTrue), input.valid), prediction: pick(input.yPred), valid: input.valid };
}

/** Sums a map [B, H, W, C'] to [C'] (batch sums) or [B, C']. */
export function regionSum(tf: Tf, map: Tensor, batchSums: boolean): Tensor {
	return tf.sum(map, batchSums ? [0, 1, 2] : [1, 2]);
}

/** Soft counts of the prediction against the truth, ignored pixels left out. */
export function regionCounts(tf: Tf, input: LossInput, sums: RegionSums): RegionCounts {
	const { truth, prediction, valid } = regionMaps(tf, input, sums.includeBackground);
	const total = (map: Tensor): Tensor => regionSum(tf, map, sums.batchSums);
	return {
		truePositives: total(tf.mul(prediction, truth)),
		falsePositives: total(tf.mul(prediction, tf.sub(valid, truth))),
		falseNegatives: total(tf.mul(tf.sub(1, prediction), truth)),
	};
}

/** Counts whose sums FP + TP and FN + TP are Σp² and Σg², as V-Net's Dice has them. */
function squaredRegionCounts(tf: Tf, input: LossInput, sums: RegionSums): RegionCounts {
	const { truth, prediction, valid } = regionMaps(tf, input, sums.includeBackground);
	const total = (map: Tensor): Tensor => regionSum(tf, map, sums.batchSums);
	const truePositives = total(tf.mul(prediction, truth));
	return {
		truePositives,
		falsePositives: tf.sub(total(tf.mul(tf.square(prediction), valid)), truePositives),
		falseNegatives: tf.sub(total(tf.mul(truth, truth)), truePositives),
	};
}

/**
 * Counts that are 0 for a soft prediction equal to a soft truth: TP = Σ (p + g − |p − g|) / 2. For hard truth they are
 * the plain ones.
 */
export function softLabelRegionCounts(tf: Tf, input: LossInput, sums: RegionSums): RegionCounts {
	const { truth, prediction, valid } = regionMaps(tf, input, sums.includeBackground);
	const total = (map: Tensor): Tensor => regionSum(tf, map, sums.batchSums);
	const kept = tf.mul(prediction, valid);
	const apart = total(tf.abs(tf.sub(kept, truth)));
	const [predicted, present] = [total(kept), total(truth)];
	const truePositives = tf.div(tf.sub(tf.add(predicted, present), apart), 2);
	return { truePositives, falsePositives: tf.sub(predicted, truePositives), falseNegatives: tf.sub(present, truePositives) };
}

/** The constants above and below the line. */
export interface Smoothing {
	/** Below the line. */
	readonly smoothing: number;
	/** True: the same above the line. */
	readonly smoothNumerator: boolean;
	/** Above the line otherwise; 0 when absent. */
	readonly numeratorSmoothing?: number;
}

/** What 1 − (score + s_n) / (… + s) has in its numerator besides the errors: s − s_n. */
export function smoothingGap({ smoothing, smoothNumerator, numeratorSmoothing = 0 }: Smoothing): number {
	return smoothNumerator ? 0 : smoothing - numeratorSmoothing;
}

export interface RegionFormula extends Smoothing {
	/** α, weight of false positives. */
	readonly alpha: number;
	/** β, weight of false negatives. */
	readonly beta: number;
}

/** Keeps 0/0 away when nothing is smoothed, nothing is there and nothing was predicted. */
const smallestArea = 1e-7;

/**
 * 1 − (TP + s) / (TP + α·FP + β·FN + s) for each count, written as its equal (α·FP + β·FN) / (…), which keeps its digits
 * near 0. Without a smoothed numerator the loss is 1 where nothing is there and nothing was predicted, as in Keras.
 */
export function tverskyLoss(tf: Tf, counts: RegionCounts, formula: RegionFormula): Tensor {
	const errors = tf.add(tf.mul(counts.falsePositives, formula.alpha), tf.mul(counts.falseNegatives, formula.beta));
	const area = tf.add(counts.truePositives, errors);
	const denominator = formula.smoothing > 0 ? tf.add(area, formula.smoothing) : tf.maximum(area, smallestArea);
	const gap = smoothingGap(formula);
	return tf.div(gap === 0 ? errors : tf.add(errors, gap), denominator);
}

/** How the losses of single classes become one. */
export interface ClassRules {
	readonly includeBackground: boolean;
	/** `count`, or `zero`: classes without a true pixel contribute 0; they stay in the divisor. */
	readonly absentClasses: string;
	/** One number per class, background first, as text; absent or '' for ones. */
	readonly overlapWeights?: string;
}

/** The weight of each channel that counts: [C']. */
function channelWeights(input: LossInput, { overlapWeights = '', includeBackground }: ClassRules): number[] {
	const weights = classWeights(overlapWeights, input, 'overlapWeights');
	return includeBackground && !isBinary(input) ? weights : weights.slice(1);
}

/** The mean over images and classes of losses [C'] or [B, C'], each times the weight of its class. */
export function meanOverClasses(tf: Tf, input: LossInput, losses: Tensor, counts: RegionCounts, rules: ClassRules): Scalar {
	const weights = channelWeights(input, rules);
	const weighed = weights.every((weight) => weight === 1) ? losses : tf.mul(losses, tf.tensor1d(weights));
	if (rules.absentClasses === 'count') return tf.mean(weighed);
	const present = tf.step(tf.add(counts.truePositives, counts.falseNegatives));
	return tf.mean(tf.mul(weighed, present));
}

/** What the parameters of a loss of Tversky's form hold. */
export interface RegionValues extends RegionSums, ClassRules, Smoothing {
	/** True: Σp² and Σg² in the denominator. */
	readonly squared?: boolean;
}

/** Tversky of each class with one weight for both errors: ½ is Dice, 1 Jaccard. */
export function evenLoss(tf: Tf, input: LossInput, weight: number, values: RegionValues): { losses: Tensor; counts: RegionCounts } {
	const counts = (values.squared === true ? squaredRegionCounts : regionCounts)(tf, input, values);
	return { losses: tverskyLoss(tf, counts, { ...values, alpha: weight, beta: weight }), counts };
}

/** Dice over images and classes. */
export function diceLoss(tf: Tf, input: LossInput, values: RegionValues): Scalar {
	const { losses, counts } = evenLoss(tf, input, 0.5, values);
	return meanOverClasses(tf, input, losses, counts, values);
}

/** Dice with the values that its parameters begin with: what stands beside a boundary term. */
export function companionDice(tf: Tf, input: LossInput, includeBackground: boolean): Scalar {
	return diceLoss(tf, input, { smoothing: 1, smoothNumerator: true, batchSums: true, includeBackground, absentClasses: 'count' });
}
