import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LossChoice, LossTerm } from '#lib/core/loss-choice.ts';
import { findLoss } from './index.ts';
import { resolveLoss } from './resolve.ts';
import { randomBatch } from './testing/batches.ts';
import { evaluate } from './testing/inputs.ts';
import { targetsOf } from './testing/targets.ts';
import { uncertaintySum } from './weighted-sum.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

const constant = (weight: number): LossTerm['weight'] => ({ curve: 'constant', from: weight, to: weight, begin: 0, end: 1 });
const rising: LossTerm['weight'] = { curve: 'linear', from: 0, to: 1, begin: 0, end: 1 };

function sumOf(...terms: LossTerm[]) {
	const choice: Pick<LossChoice, 'loss' | 'terms'> = { loss: 'weightedSum', terms };
	const loss = resolveLoss(choice);
	if (!loss) throw new RangeError('a term is not on the shelf');
	return loss;
}

describe('a weighted sum', () => {
	it('adds its terms, each by its weight', async () => {
		const batch = randomBatch(1, 3);
		const [dice, focal] = await Promise.all(['dice', 'focal'].map((id) => evaluate(findLoss(id)!, batch)));
		const sum = sumOf({ loss: 'dice', values: {}, weight: constant(2) }, { loss: 'focal', values: {}, weight: constant(0.5) });
		const { value, gradient } = await evaluate(sum, batch);
		expect(value).toBeCloseTo(2 * dice!.value + 0.5 * focal!.value, 5);
		expect(gradient[7]).toBeCloseTo(2 * dice!.gradient[7]! + 0.5 * focal!.gradient[7]!, 6);
	});

	it('is its only term with weight 1', async () => {
		const batch = randomBatch(3, 4);
		const values = { alpha: 0.2, beta: 0.8 };
		const alone = await evaluate(findLoss('tversky')!, batch, values);
		const sum = await evaluate(sumOf({ loss: 'tversky', values, weight: constant(1) }), batch);
		expect(sum.value).toBeCloseTo(alone.value, 6);
	});

	it('follows the schedules over the run', async () => {
		const batch = randomBatch(1, 5);
		const dice = await evaluate(findLoss('dice')!, batch);
		const sum = sumOf({ loss: 'dice', values: {}, weight: rising });
		expect((await evaluate(sum, { ...batch, progress: 0 })).value).toBe(0);
		expect((await evaluate(sum, { ...batch, progress: 0.25 })).value).toBeCloseTo(0.25 * dice.value, 6);
		expect(sum.readings({ variables: {}, state: {}, progress: 0.25 }, {})).toEqual({ 'weight of Dice': 0.25 });
	});

	it('asks for the targets of every term once', async () => {
		const boundary: LossTerm = { loss: 'boundary', values: { companion: 'none' }, weight: constant(1) };
		const sum = sumOf(boundary, boundary, { loss: 'dice', values: {}, weight: constant(1) });
		expect(sum.targets).toEqual(['signedDistance']);
		const batch = randomBatch(1, 6);
		const targets = targetsOf(batch, sum.targets ?? []);
		const once = await evaluate(findLoss('boundary')!, { ...batch, targets }, { companion: 'none' });
		const dice = await evaluate(findLoss('dice')!, batch);
		expect((await evaluate(sum, { ...batch, targets })).value).toBeCloseTo(2 * once.value + dice.value, 4);
	});

	it('is nothing when a term is not on the shelf, or there is none', () => {
		expect(resolveLoss({ loss: 'weightedSum', terms: [{ loss: 'nothing', values: {}, weight: constant(1) }] })).toBeUndefined();
		expect(resolveLoss({ loss: 'weightedSum', terms: [] })).toBeUndefined();
		expect(resolveLoss({ loss: 'dice' })?.id).toBe('dice');
	});
});

describe('learned weights', () => {
	const two = () => sumOf({ loss: 'dice', values: {}, weight: constant(1) }, { loss: 'crossEntropy', values: {}, weight: constant(1) });

	it('begin as a plain sum: s = 0 weighs every loss by 1', async () => {
		const batch = randomBatch(1, 8);
		const plain = await evaluate(two(), batch);
		expect(two().variables({ weighting: 'uncertainty' })).toEqual({ '0/logVariance': 0, '1/logVariance': 0 });
		expect(two().variables({})).toEqual({});
		expect((await evaluate(two(), batch, { weighting: 'uncertainty' })).value).toBeCloseTo(plain.value, 6);
		expect((await evaluate(two(), batch, { weighting: 'uncertaintyHalved' })).value).toBeCloseTo(plain.value / 2, 6);
	});

	it('weigh each loss by e^(−s), and add s', async () => {
		const batch = randomBatch(1, 8);
		const [dice, crossEntropy] = await Promise.all(['dice', 'crossEntropy'].map((id) => evaluate(findLoss(id)!, batch)));
		const variables = { '0/logVariance': Math.log(4), '1/logVariance': -Math.log(2) };
		const { value } = await evaluate(two(), { ...batch, variables }, { weighting: 'uncertainty' });
		expect(value).toBeCloseTo(dice!.value / 4 + crossEntropy!.value * 2 + Math.log(4) - Math.log(2), 5);
		const readings = two().readings({ variables, state: {}, progress: 0 }, { weighting: 'uncertainty' });
		expect(readings['weight of Dice']).toBeCloseTo(0.25, 12);
		expect(readings['weight of Cross-entropy']).toBeCloseTo(2, 12);
	});

	it('have the slope 1 − e^(−s)·L, which is 0 at s = ln L', () => {
		const slopeAt = tf.grad((s) => uncertaintySum(tf, [tf.scalar(5)], [s as tf.Scalar], false));
		expect(slopeAt(tf.scalar(0)).dataSync()[0]).toBeCloseTo(1 - 5, 5);
		expect(slopeAt(tf.scalar(Math.log(5))).dataSync()[0]).toBeCloseTo(0, 5);
	});
});

describe('a sum of losses that follow the run', () => {
	const robust: LossTerm = { loss: 'adaptiveRobust', values: { initialScale: 0.5 }, weight: constant(2) };
	const steered: LossTerm = { loss: 'steeredTversky', values: { memory: 0.5 }, weight: constant(1) };
	const weighted: LossTerm = { loss: 'dataWeightedCrossEntropy', values: {}, weight: constant(1) };
	const sum = () => sumOf(steered, robust, robust, weighted);
	const facts = { classPixels: [300, 100] };

	it('keeps the learned numbers and the memory of each term apart', () => {
		expect(Object.keys(sum().variables({})).sort()).toEqual(['1/scale', '1/shape', '2/scale', '2/shape']);
		expect(sum().firstState({}, facts)).toEqual({
			'0/falsePositiveRate': 0.5,
			'0/falseNegativeRate': 0.5,
			// 400 / (2·300) and 400 / (2·100).
			'3/class 0': expect.closeTo(2 / 3, 12),
			'3/class 1': 2,
		});
	});

	it('gives each term its own numbers', async () => {
		const batch = randomBatch(1, 13);
		const variables = { '1/shape': 0.5, '1/scale': -1, '2/shape': -0.5, '2/scale': 1 };
		const state = { '0/falsePositiveRate': 0.2, '0/falseNegativeRate': 0.6, '3/class 0': 0.5, '3/class 1': 3 };
		const one = await evaluate(findLoss('steeredTversky')!, { ...batch, state: { falsePositiveRate: 0.2, falseNegativeRate: 0.6 } });
		const [two, three] = await Promise.all(
			[
				{ shape: 0.5, scale: -1 },
				{ shape: -0.5, scale: 1 },
			].map((own) => evaluate(findLoss('adaptiveRobust')!, { ...batch, variables: own }, robust.values)),
		);
		const four = await evaluate(findLoss('dataWeightedCrossEntropy')!, { ...batch, state: { 'class 0': 0.5, 'class 1': 3 } });
		const { value } = await evaluate(sum(), { ...batch, variables, state });
		expect(value).toBeCloseTo(one.value + 2 * (two!.value + three!.value) + four.value, 4);
	});

	it('trains the numbers of a term and its own weights at once', async () => {
		const learning = sumOf(robust, { loss: 'dice', values: {}, weight: constant(1) });
		const values = { weighting: 'uncertainty' };
		const start = learning.variables(values);
		expect(Object.keys(start).sort()).toEqual(['0/logVariance', '0/scale', '0/shape', '1/logVariance']);
		const batch = randomBatch(1, 14);
		const [b, h, w, c] = batch.shape;
		const [yTrue, logits] = [batch.yTrue, batch.yPred].map((data) => tf.tensor4d([...data], [b, h, w, c]));
		const rest = { yTrue: yTrue!, logits: logits!, yPred: tf.sigmoid<tf.Tensor4D>(logits!), valid: tf.onesLike(yTrue!), targets: {} };
		const names = Object.keys(start);
		const slopes = tf.grads((...scalars) => {
			const variables = Object.fromEntries(names.map((name, i) => [name, scalars[i] as tf.Scalar]));
			return learning.compute(tf, { ...rest, variables, state: {}, progress: 0 }, values);
		})(names.map((name) => tf.scalar(start[name]!)));
		const step = 1 / 64;
		for (const [i, name] of names.entries()) {
			const at = async (by: number): Promise<number> =>
				(await evaluate(learning, { ...batch, variables: { ...start, [name]: start[name]! + by } }, values)).value;
			const expected = ((await at(step)) - (await at(-step))) / (2 * step);
			expect(Math.abs((slopes[i]!.dataSync()[0] ?? Number.NaN) - expected), name).toBeLessThan(5e-4);
		}
	});

	it('moves the memory of each term by its own rule', () => {
		const state = sum().firstState({}, facts);
		const next = sum().nextState(state, { '0/falsePositiveRate': 1, '0/falseNegativeRate': 0 }, {});
		expect(next).toEqual({ ...state, '0/falsePositiveRate': 0.75, '0/falseNegativeRate': 0.25 });
	});

	it('draws the numbers of each term under its name', () => {
		const start = { variables: sum().variables({}), state: sum().firstState({}, facts), progress: 0 };
		expect(Object.keys(sum().readings(start, {}))).toEqual([
			'Steered Tversky: weight of false positives α',
			'Steered Tversky: weight of false negatives β',
			'Adaptive robust (Barron) (1): shape α',
			'Adaptive robust (Barron) (1): scale c',
			'Adaptive robust (Barron) (2): shape α',
			'Adaptive robust (Barron) (2): scale c',
			'Cross-entropy, weights from the data: weight of class 0',
			'Cross-entropy, weights from the data: weight of class 1',
		]);
	});
});
