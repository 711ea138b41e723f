/**
 * Every loss by hand, on four pixels: two true above two false, all predicted ½ (logit 0), published parameters.
 * TP = FP = FN = TN = 1, Σp = 2, Σg = 2, every −ln p is ln 2, every |p − g| is ½.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findLoss, lossShelf } from './index.ts';
import { evaluate } from './testing/inputs.ts';
import type { PlainBatch } from './testing/inputs.ts';
import { targetsOf } from './testing/targets.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

const half: PlainBatch = { shape: [1, 2, 2, 1], yTrue: [1, 1, 0, 0], yPred: [0, 0, 0, 0] };

const { LN2, SQRT1_2, log, sqrt, cosh, exp } = Math;
/** With smoothing 1: 1 − (1 + 1) / (1 + ½ + ½ + 1). */
const dice = 1 / 3;

const byHand: Readonly<Record<string, number>> = {
	crossEntropy: LN2,
	dice,
	focal: (LN2 / 4) * ((0.25 + 0.75) / 2), // (½)² of the cross-entropy, a quarter on foreground, three on background
	tversky: 1 - (1 + 1) / (1 + 0.3 + 0.7 + 1),
	balancedCrossEntropy: LN2 / 2, // half is background: both weights are ½
	classBalancedCrossEntropy: LN2, // equal counts: both weights are 1
	topKCrossEntropy: LN2,
	poly1: LN2 + 1 / 2,
	generalizedCrossEntropy: (1 - 0.5 ** 0.7) / 0.7,
	symmetricCrossEntropy: 0.1 * LN2 + 4 / 2, // −½·A
	nacl: LN2 + 0.1 * (2 / 9), // each 3 × 3 window holds both true pixels
	klDivergence: LN2,
	jsDivergence: (log(4 / 3) + (log(2 / 3) + LN2) / 2) / 2, // the middle of (1, 0) and (½, ½) is (¾, ¼)
	hinge: 1,
	squaredHinge: 1,
	categoricalHinge: 1,
	asymmetricFocal: (0.4 * SQRT1_2 * LN2 + 0.6 * LN2) / 2,
	jaccard: 1 - (1 + 1) / (1 + 1 + 1 + 1),
	softLabelTversky: dice, // hard truth: as Dice
	focalTversky: dice ** 0.75,
	asymmetricFocalTversky: (1 / 2 + SQRT1_2) / 2, // both indices are 1 / (1 + 0.6 + 0.4)
	asymmetricSimilarity: dice, // the weights sum to 1 and the errors are equal
	generalizedDice: 1 / 2, // one channel: 1 − 2/4
	penaltyGeneralizedDice: 1 - 0.5 / (1 + 2.5 * 0.5),
	wassersteinDice: 1 - 2 / (2 + 2), // δ = ½: two hits of ½ on the foreground, Σδ = 2
	lovaszHinge: 1, // every error is 1, and the steps sum to 1
	lovaszSoftmax: 1 / 2,
	mcc: 1,
	sensitivitySpecificity: 0.25, // ¼ inside and outside
	noiseRobustDice: (4 * 0.5 ** 1.5) / (4 / 4 + 2),
	dicePlusPlus: 1 - (1 + 1) / (1 + 0.25 + 0.25 + 1),
	logCoshDice: log(cosh(dice)),
	logDice: -log(1 - dice),
	kerasDice: 1 - 2 / 4,
	kerasTversky: 1 - 1 / 2,
	boundary: 0.99 * dice + 0.01 * (0.5 * 2) * (1 / 4), // φ = 1 on the two false pixels, −1 + 1 on the true ones; the first step
	hausdorffDistance: 0.01 * 0.25 + dice, // nothing is above ½; the contour is 1 away everywhere
	hausdorffErosion: 0.25, // (¼·3)/5 is below ½: nothing survives an erosion
	boundaryDou: (3 - 2) / (3 - 0), // both true pixels lie at the border: a = 1 − 2
	clDice: 0.5 * (1 - 3 / 5) + 0.5 * (1 - (2 * (2 / 3)) / (1 + 2 / 3)), // P = 1 of no skeleton, S = (1 + 1)/(2 + 1)
	totalVariation: LN2, // flat
	borderWeightedCrossEntropy: LN2, // one object
	distancePenalisedCrossEntropy: LN2, // every distance is the largest
	diceCrossEntropy: dice + LN2,
	diceFocal: dice + LN2 / 4,
	diceTopK: dice + LN2,
	combo: 0.5 * (LN2 / 2) - 0.5 * ((1 + 0.5) / (1 + 0.5 + 0.5 + 0.5)),
	exponentialLogarithmic: 0.8 * (-log(1.5 / 2.5)) ** 0.3 + 0.2 * sqrt(2) * LN2 ** 0.3,
	unifiedFocal: 0.5 * ((1 / 2 + SQRT1_2) / 2) + 0.5 * ((0.4 * SQRT1_2 * LN2 + 0.6 * LN2) / 2),
	meanSquaredError: 1 / 4,
	meanAbsoluteError: 1 / 2,
	huber: 1 / 8,
	smoothL1: 1 / 8,
	logCosh: log(cosh(0.5)),
	charbonnier: sqrt(1.25) - 1,
	cauchy: log(1.125),
	gemanMcClure: 0.5 / 4.25,
	welsch: 1 - exp(-1 / 8),
	tukey: (4.685 ** 2 / 6) * (1 - (1 - 0.25 / 4.685 ** 2) ** 3),
	generalRobust: sqrt(1.25) - 1, // α = 1 is Charbonnier
	steeredTversky: dice, // before the first step both rates are ½
	dataWeightedCrossEntropy: LN2, // two pixels of each class: both weights are 1
	adaptiveRobust: sqrt(1.25) - 1 + log(2 * Math.E * 0.6019072301972346), // Charbonnier, and ln Z(1) with K₁(1) of the tables
};

describe('four pixels at ½', () => {
	it.each(Object.entries(byHand))('%s is %f', async (id, expected) => {
		const loss = findLoss(id);
		if (loss === undefined) throw new RangeError(`${id} is not on the shelf`);
		const { value } = await evaluate(loss, { ...half, targets: targetsOf(half, loss.targets ?? []) });
		expect(Math.abs(value - expected)).toBeLessThan(1e-5);
	});

	it('covers the shelf', () => {
		expect(Object.keys(byHand).sort()).toEqual(lossShelf.map((loss) => loss.id).sort());
	});
});
