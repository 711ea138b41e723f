import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adaptiveRobust } from './adaptive-robust.ts';
import { boundary } from './boundary.ts';
import { weightsFromPixels } from './data-weighted-cross-entropy.ts';
import { findLoss } from './index.ts';
import { logPartition } from './robust-partition.ts';
import { steeredTversky } from './steered-tversky.ts';
import { randomBatch } from './testing/batches.ts';
import { evaluate } from './testing/inputs.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

describe('ln Z(α) of the robust density', () => {
	/** ln ∫ exp(−ρ) in double precision: Simpson's rule over x = sinh u up to u = 60. */
	function byQuadrature(alpha: number): number {
		const [cells, reach, b] = [20_000, 60, 2 - alpha];
		let sum = 0;
		for (let i = 0; i <= cells; i++) {
			const u = (i * reach) / cells;
			const rho = (b / alpha) * Math.expm1((alpha / 2) * Math.log1p(Math.sinh(u) ** 2 / b));
			sum += (i === 0 || i === cells ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-rho) * Math.cosh(u);
		}
		return Math.log((2 * sum * reach) / cells / 3);
	}

	const alphas = [0.0011, 0.01, 0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 1.9, 1.99, 1.998];

	it('is what quadrature in double precision gives', () => {
		for (const alpha of alphas) {
			const value = tf.tidy(() => logPartition(tf, tf.scalar(alpha)).dataSync()[0]);
			expect(Math.abs((value ?? Number.NaN) - byQuadrature(alpha)), `at ${alpha}`).toBeLessThan(1e-6);
		}
	});

	it.each([
		// By adaptive quadrature in SciPy 1.10, and Z(1) = 2e·K1(1).
		[0.25, 1.3641634123216801],
		[0.5, 1.2917070309923648],
		[1, Math.log(2 * Math.E * 0.6019072301972346)],
		[1.5, 1.0871889192928512],
	])('is the published figure at α = %f', (alpha, expected) => {
		expect(tf.tidy(() => logPartition(tf, tf.scalar(alpha)).dataSync()[0])).toBeCloseTo(expected, 6);
		expect(byQuadrature(alpha)).toBeCloseTo(expected, 9);
	});

	it('has the slope of its differences', () => {
		const slopeAt = tf.grad((alpha) => logPartition(tf, alpha as tf.Scalar));
		for (const alpha of alphas) {
			const expected = (byQuadrature(alpha + 1e-5) - byQuadrature(alpha - 1e-5)) / 2e-5;
			const slope = tf.tidy(() => slopeAt(tf.scalar(alpha)).dataSync()[0]);
			expect(Math.abs((slope ?? Number.NaN) - expected), `at ${alpha}`).toBeLessThan(2e-4);
		}
	});
});

describe('the adaptive robust loss', () => {
	const at = (shape: number, scale: number) => ({ variables: { shape, scale } });

	it('begins at α = 1 and the scale asked for', () => {
		expect(adaptiveRobust.variables({})).toEqual({ shape: 0, scale: 0 });
		const readings = adaptiveRobust.readings({ variables: { shape: 0, scale: 0 }, state: {}, progress: 0 }, { initialScale: 0.5 });
		expect(readings['shape α']).toBeCloseTo(1, 12);
		expect(readings['scale c']).toBeCloseTo(0.5, 12);
	});

	it('is Charbonnier’s loss and ln(2e·K1(1)) there', async () => {
		const batch = randomBatch(1, 9);
		const charbonnier = await evaluate(findLoss('charbonnier')!, batch, { scale: 1 });
		const { value } = await evaluate(adaptiveRobust, batch);
		expect(value).toBeCloseTo(charbonnier.value + Math.log(2 * Math.E * 0.6019072301972346), 5);
	});

	it('has the slopes of its learned numbers that finite differences give', async () => {
		const batch = randomBatch(1, 10);
		const [b, h, w, c] = batch.shape;
		const yTrue = tf.tensor4d([...batch.yTrue], [b, h, w, c]);
		const logits = tf.tensor4d([...batch.yPred], [b, h, w, c]);
		const rest = { yTrue, logits, yPred: tf.sigmoid<tf.Tensor4D>(logits), valid: tf.onesLike(yTrue), targets: {}, state: {}, progress: 0 };
		const slopes = tf.grads((shape, scale) =>
			adaptiveRobust.compute(tf, { ...rest, variables: { shape: shape as tf.Scalar, scale: scale as tf.Scalar } }, { initialScale: 0.5 }),
		)([tf.scalar(0.3), tf.scalar(-0.2)]);
		const value = async (shape: number, scale: number): Promise<number> =>
			(await evaluate(adaptiveRobust, { ...batch, ...at(shape, scale) }, { initialScale: 0.5 })).value;
		const h1 = 1 / 64;
		const expected = [
			((await value(0.3 + h1, -0.2)) - (await value(0.3 - h1, -0.2))) / (2 * h1),
			((await value(0.3, -0.2 + h1)) - (await value(0.3, -0.2 - h1))) / (2 * h1),
		];
		slopes.forEach((slope, i) => expect(Math.abs((slope.dataSync()[0] ?? 0) - expected[i]!)).toBeLessThan(2e-4));
	});
});

describe('steered Tversky', () => {
	const rates = (falsePositiveRate: number, falseNegativeRate: number) => ({ falsePositiveRate, falseNegativeRate });
	const weights = (state: Record<string, number>, values = {}) =>
		Object.values(steeredTversky.readings({ variables: {}, state, progress: 0 }, values));

	it('begins as Dice', async () => {
		const batch = randomBatch(1, 11);
		const dice = await evaluate(findLoss('dice')!, batch);
		expect((await evaluate(steeredTversky, batch)).value).toBeCloseTo(dice.value, 6);
	});

	it('weighs the more frequent error more, within its floor', () => {
		expect(weights(rates(0.2, 0.6))).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)]);
		expect(weights(rates(0.9, 0))).toEqual([expect.closeTo(0.9, 12), expect.closeTo(0.1, 12)]);
		expect(weights(rates(0, 0))).toEqual([0.5, 0.5]);
		expect(weights(rates(0.2, 0.6), { floor: 0.5 })).toEqual([0.5, 0.5]);
	});

	it('keeps nine tenths of the old rates and a tenth of the new', () => {
		expect(steeredTversky.nextState(rates(0.5, 0.5), rates(1, 0), {})).toEqual(rates(expect.closeTo(0.55, 12), expect.closeTo(0.45, 12)));
	});

	it('measures which share of the marks is false and which share of the truth is missed', () => {
		const tensor = (...data: number[]) => tf.tensor4d(data, [1, 2, 2, 1]);
		const yPred = tensor(0.75, 0.5, 0.25, 0);
		const input = {
			yTrue: tensor(1, 1, 0, 0),
			yPred,
			logits: yPred,
			valid: tf.ones<tf.Rank.R4>([1, 2, 2, 1]),
			targets: {},
			variables: {},
			state: {},
			progress: 0,
		};
		const observed = steeredTversky.observe(tf, input, {});
		// TP = 1.25, FP = 0.25, FN = 0.75: FP / (FP + TP) = 1/6, FN / (FN + TP) = 3/8.
		expect(observed['falsePositiveRate']?.dataSync()[0]).toBeCloseTo(1 / 6, 6);
		expect(observed['falseNegativeRate']?.dataSync()[0]).toBeCloseTo(3 / 8, 6);
	});
});

describe('weights from the data', () => {
	const rule = { weighting: 'inverse', beta: 0.9999, strength: 1 };

	it('are one over frequency: N / (C·n)', () => {
		expect(weightsFromPixels([900, 100], rule)).toEqual([expect.closeTo(1000 / 1800, 12), 5]);
	});

	it('are the median frequency over the frequency', () => {
		// Frequencies .7 .2 .1; the median is .2.
		expect(weightsFromPixels([700, 200, 100], { ...rule, weighting: 'median' })).toEqual([expect.closeTo(2 / 7, 12), 1, 2]);
	});

	it('follow the effective number, and sum to the number of classes', () => {
		// β = ½: (1 − ½)/(1 − ½) = 1 for one pixel, ½/(1 − ¼) = 2/3 for two; scaled by 2 / (5/3).
		const weights = weightsFromPixels([2, 1], { ...rule, weighting: 'effective', beta: 0.5 });
		expect(weights).toEqual([expect.closeTo(0.8, 12), expect.closeTo(1.2, 12)]);
	});

	it('leave out a class without a pixel, and are tamed by the strength', () => {
		expect(weightsFromPixels([75, 0, 25], rule)).toEqual([expect.closeTo(100 / 150, 12), 0, 2]);
		expect(weightsFromPixels([900, 100], { ...rule, strength: 0 })).toEqual([1, 1]);
		expect(weightsFromPixels([900, 100], { ...rule, strength: 0.5 })[1]).toBeCloseTo(Math.sqrt(5), 12);
	});

	it('make plain cross-entropy with weights', async () => {
		const batch = randomBatch(1, 12);
		const state = { 'class 0': 0.5, 'class 1': 4 };
		const weighted = await evaluate(findLoss('crossEntropy')!, batch, { classWeights: '0.5, 4' });
		expect((await evaluate(findLoss('dataWeightedCrossEntropy')!, { ...batch, state })).value).toBeCloseTo(weighted.value, 6);
	});
});

it('draws the share of the boundary term as it rises', () => {
	const readings = boundary.readings({ variables: {}, state: {}, progress: 0.5 }, { alpha: 0.1, finalAlpha: 0.9 });
	expect(readings['share of the boundary term α']).toBeCloseTo(0.5, 12);
	expect(boundary.readings({ variables: {}, state: {}, progress: 0.5 }, { schedule: 'constant' })).toEqual({});
});
