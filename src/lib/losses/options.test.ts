/**
 * What the options of the losses do, by hand, mostly on four pixels: two true above two false, all predicted ½ (logit 0).
 * TP = FP = FN = TN = 1, Σp = Σg = 2, Σp² = 1, every −ln p is ln 2.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ParamValue } from '#lib/core/params.ts';
import { findLoss } from './index.ts';
import { randomBatch } from './testing/batches.ts';
import { evaluate } from './testing/inputs.ts';
import type { PlainBatch } from './testing/inputs.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

const half: PlainBatch = { shape: [1, 2, 2, 1], yTrue: [1, 1, 0, 0], yPred: [0, 0, 0, 0] };
/** One pixel of class 2 of three, every probability ⅓. */
const third: PlainBatch = { shape: [1, 1, 1, 3], yTrue: [0, 0, 1], yPred: [0, 0, 0] };

const { LN2, log, cosh, exp } = Math;

const valueOf = async (id: string, batch: PlainBatch, values: Readonly<Record<string, ParamValue>>): Promise<number> =>
	(await evaluate(findLoss(id)!, batch, values)).value;

describe('a numerator with a constant of its own', () => {
	const own = { smoothNumerator: false, smoothing: 1, numeratorSmoothing: 0.5 };

	it.each([
		['dice', 1 - (1 + 0.5) / (2 + 1)],
		['jaccard', 1 - (1 + 0.5) / (3 + 1)],
		['focalTversky', (1 - (1 + 0.5) / (2 + 1)) ** 0.75],
		['logDice', -log((1 + 0.5) / (2 + 1))],
		['generalizedDice', 1 - (2 / 4 + 0.5) / (4 / 4 + 1)], // w = 1/(Σg)² = ¼
		['wassersteinDice', 1 - (2 + 0.5) / (2 + 2 + 1)], // two hits of ½, Σδ = 2
	])('%s', async (id, expected) => {
		expect(await valueOf(id, half, own)).toBeCloseTo(expected, 6);
		const alike = await valueOf(id, half, { ...own, numeratorSmoothing: 1 });
		expect(alike).toBeCloseTo(await valueOf(id, half, { smoothing: 1 }), 6);
	});
});

describe('squared sums', () => {
	const [dice, ofIoU] = [1 - (2 + 2) / (1 + 2 + 2), 1 - (1 + 1) / (1 + 2 - 1 + 1)];

	it.each([
		['dice', dice],
		['jaccard', ofIoU],
		['logDice', -log(1 - dice)],
		['logCoshDice', log(cosh(dice))],
		['diceCrossEntropy', dice + LN2],
		['diceFocal', dice + LN2 / 4],
		['diceTopK', dice + LN2],
	])('in %s', async (id, expected) => {
		expect(await valueOf(id, half, { squared: true })).toBeCloseTo(expected, 6);
	});
});

describe('a weight for each class', () => {
	it('multiplies the overlap of a class', async () => {
		const dice = await valueOf('dice', half, {});
		expect(await valueOf('dice', half, { overlapWeights: '5, 3' })).toBeCloseTo(3 * dice, 6);
	});

	it('takes the place of α in the focal loss', async () => {
		// (½)²·ln 2 on every pixel; two of weight 1, two of weight 3.
		expect(await valueOf('focal', half, { classAlphas: '1, 3' })).toBeCloseTo((2 * LN2) / 4, 6);
		// (⅔)²·ln 3, four times.
		expect(await valueOf('focal', third, { classAlphas: '1, 2, 4' })).toBeCloseTo(4 * (4 / 9) * log(3), 5);
	});

	it('must be one for each class', async () => {
		await expect(valueOf('focal', third, { classAlphas: '1, 2' })).rejects.toMatchObject({ code: 'spec-invalid' });
		await expect(valueOf('dice', half, { overlapWeights: '1, 2, 3' })).rejects.toMatchObject({ code: 'spec-invalid' });
	});
});

describe('the focal loss', () => {
	it('can take each class against the rest', async () => {
		// Three sigmoids of logit 0: (½)²·ln 2 each, and their mean.
		expect(await valueOf('focal', third, { eachClass: true, classBalancing: false })).toBeCloseTo(LN2 / 4, 6);
		// α on the true class, 1 − α on the two others.
		expect(await valueOf('focal', third, { eachClass: true, alpha: 0.25 })).toBeCloseTo(((0.25 + 2 * 0.75) / 3) * (LN2 / 4), 6);
		expect(await valueOf('focal', third, { eachClass: true, classAlphas: '1, 2, 6' })).toBeCloseTo(3 * (LN2 / 4), 6);
	});

	it.each([1, 3])('smooths labels as cross-entropy does, with %i channel(s)', async (channels) => {
		const batch = randomBatch(channels, 41);
		const focal = await valueOf('focal', batch, { gamma: 0, classBalancing: false, labelSmoothing: 0.2 });
		expect(focal).toBeCloseTo(await valueOf('crossEntropy', batch, { labelSmoothing: 0.2 }), 5);
	});
});

it('keeps generalized cross-entropy exact where the probability has run out of float32', async () => {
	// −ln p = 50 of a background pixel, where 1 − p of the foreground is 0 in float32.
	const wrong: PlainBatch = { shape: [1, 1, 1, 1], yTrue: [0], yPred: [50] };
	const { value, gradient } = await evaluate(findLoss('generalizedCrossEntropy')!, wrong, { q: 0.01 });
	expect(value).toBeCloseTo((1 - exp(-0.5)) / 0.01, 4);
	expect(gradient[0]).toBeCloseTo(exp(-0.5), 5);
});
