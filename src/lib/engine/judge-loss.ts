/** Tries a loss on small cases: right, wrong, empty, full and drawn ones. */
import type { LossChoice, OwnLoss } from '#lib/core/loss-choice.ts';
import type { StepStats } from '#lib/core/loss-steps.ts';
import { RandomStream } from '#lib/core/random.ts';
import { judgedBatch, judgedSize, type CaseId, type JudgedCase, type ReportCard } from '#lib/core/report-card.ts';
import { graphFor } from '#lib/losses/own-loss.ts';
import { identity } from '#lib/pixels/symmetry.ts';
import { activate } from './forward.ts';
import { graphSteps } from './graph-steps.ts';
import { RunLoss, type StepInput } from './run-loss.ts';
import { TargetMaps } from './target-maps.ts';
import { disposeBatch, toBatch, type Batch } from './targets.ts';
import type { Scalar, Tensor4D } from './tensor-types.ts';
import { asScalar, asTensor4D } from './tensors.ts';
import { tf } from './tf.ts';

/** A confident logit: a probability of 0.9997. */
const sure = 8;
const pixels = judgedSize * judgedSize;

type Truth = (pixel: number) => boolean;

const inSquare: Truth = (pixel) => {
	const [x, y] = [pixel % judgedSize, Math.floor(pixel / judgedSize)];
	return x >= 4 && x < 10 && y >= 5 && y < 11;
};

/** Logits of a pixel whose foreground has the logit `z`: one channel, or the foreground's and the background's. */
const spreadLogit = (z: number, channels: number): number[] =>
	channels === 1 ? [z] : Array.from({ length: channels }, (_, channel) => (channel === 1 ? z / 2 : channel === 0 ? -z / 2 : -sure));

class Judge implements Disposable {
	readonly #loss: RunLoss;
	readonly #own: OwnLoss | undefined;
	readonly #channels: number;
	readonly #maps = new TargetMaps();

	constructor(choice: LossChoice, channels: number) {
		this.#loss = new RunLoss(choice, { classPixels: Array.from({ length: Math.max(2, channels) }, () => 1) });
		this.#own = choice.own;
		this.#channels = channels;
	}

	batch(truth: Truth, size = judgedSize, count = judgedBatch): Batch {
		const classes = Uint8Array.from({ length: size * size }, (_, pixel) => (truth(pixel) ? 1 : 0));
		const pair = { size, channels: 1, image: new Float32Array(size * size), classes, origin: { classes, symmetry: identity } };
		return toBatch(
			Array.from({ length: count }, () => pair),
			this.#channels,
			this.#loss.targetNames,
			this.#maps,
		);
	}

	logits(of: (pixel: number, image: number) => number): Tensor4D {
		const values = Array.from({ length: judgedBatch }, (_, image) =>
			Array.from({ length: pixels }, (_pixel, pixel) => spreadLogit(of(pixel, image), this.#channels)).flat(),
		).flat();
		return tf.tensor4d(values, [judgedBatch, judgedSize, judgedSize, this.#channels]);
	}

	#input({ yTrue, valid, targets }: Batch, logits: Tensor4D): StepInput {
		return { yTrue, valid, targets, logits, yPred: activate(logits), progress: 0.5 };
	}

	#compute(batch: Batch, logits: Tensor4D): Scalar {
		return asScalar(this.#loss.compute(this.#input(batch, logits)));
	}

	/** Step by step, for a loss that is a graph. */
	async #steps(batch: Batch, logits: Tensor4D): Promise<StepStats[]> {
		if (!this.#own) return [];
		const input = this.#loss.whole(this.#input(batch, logits));
		const steps = await graphSteps(graphFor(this.#own, judgedBatch), input);
		input.yPred.dispose();
		return steps;
	}

	async value(batch: Batch, logits: Tensor4D): Promise<number> {
		const value = tf.tidy(() => this.#compute(batch, logits));
		const [number = Number.NaN] = await value.data();
		value.dispose();
		return number;
	}

	async slopes(batch: Batch, logits: Tensor4D): Promise<{ readonly value: number; readonly slopes: Float32Array }> {
		const { value, grad } = tf.tidy(() => tf.valueAndGrad((z) => this.#compute(batch, asTensor4D(z)))(logits));
		const [[number = Number.NaN], slopes] = [await value.data(), await grad.data<'float32'>()];
		tf.dispose([value, grad]);
		return { value: number, slopes };
	}

	async judge(id: CaseId, truth: Truth, logit: (pixel: number, image: number) => number): Promise<JudgedCase> {
		const batch = this.batch(truth);
		const logits = this.logits(logit);
		const { value, slopes } = await this.slopes(batch, logits);
		const steps = await this.#steps(batch, logits);
		disposeBatch(batch);
		logits.dispose();
		return {
			id,
			value,
			steps,
			slope: slopes.reduce((most, slope) => (Number.isFinite(slope) ? Math.max(most, Math.abs(slope)) : Number.NaN), 0),
		};
	}

	[Symbol.dispose](): void {
		this.#loss[Symbol.dispose]();
	}
}

async function judgeCases(judge: Judge): Promise<JudgedCase[]> {
	const random = new RandomStream(1, 'sample');
	const right = (pixel: number) => (inSquare(pixel) ? sure : -sure);
	return [
		await judge.judge('perfect', inSquare, right),
		await judge.judge('inverted', inSquare, (pixel) => -right(pixel)),
		await judge.judge(
			'empty',
			() => false,
			() => -sure,
		),
		await judge.judge(
			'full',
			() => true,
			() => sure,
		),
		await judge.judge(
			'onePixel',
			(pixel) => pixel === 100,
			() => 0,
		),
		await judge.judge('random', inSquare, (pixel, image) => random.normal(pixel + image * pixels)),
	];
}

async function judgeCurve(judge: Judge): Promise<ReportCard['curve']> {
	const batch = judge.batch(inSquare);
	const points: { p: number; foreground: number; background: number }[] = [];
	for (let step = 0; step <= 20; step++) {
		const p = Math.min(0.999, Math.max(0.001, step / 20));
		const logit = Math.log(p / (1 - p));
		const foreground = judge.logits((pixel) => (inSquare(pixel) ? logit : -sure));
		const background = judge.logits((pixel) => (inSquare(pixel) ? sure : logit));
		points.push({ p, foreground: await judge.value(batch, foreground), background: await judge.value(batch, background) });
		tf.dispose([foreground, background]);
	}
	disposeBatch(batch);
	return points;
}

/** The gradient against (L(z + h·d) − L(z − h·d)) / 2h along drawn directions d of ±1. */
async function slopeError(judge: Judge, channels: number): Promise<number> {
	const random = new RandomStream(2, 'sample');
	const batch = judge.batch(inSquare);
	const logits = judge.logits((pixel, image) => random.normal(pixel + image * pixels));
	const { slopes } = await judge.slopes(batch, logits);
	const h = 1e-2;
	let worst = 0;
	let largest = 0;
	for (let direction = 1; direction <= 3; direction++) {
		const signs = Float32Array.from({ length: slopes.length }, (_, index) => (random.uniform(direction * 10_000 + index) < 0.5 ? -1 : 1));
		const d = tf.tensor4d(signs, [judgedBatch, judgedSize, judgedSize, channels]);
		const [up, down] = tf.tidy(() => [asTensor4D(tf.add(logits, tf.mul(d, h))), asTensor4D(tf.sub(logits, tf.mul(d, h)))] as const);
		const measured = ((await judge.value(batch, up)) - (await judge.value(batch, down))) / (2 * h);
		const told = slopes.reduce((sum, slope, index) => sum + slope * (signs[index] ?? 0), 0);
		worst = Math.max(worst, Math.abs(measured - told));
		largest = Math.max(largest, Math.abs(measured), Math.abs(told));
		tf.dispose([up, down, d]);
	}
	disposeBatch(batch);
	logits.dispose();
	if (!Number.isFinite(worst)) return Number.NaN;
	return largest === 0 ? 0 : worst / largest;
}

/** The fastest of some steps of value and gradient, milliseconds. */
async function cost(judge: Judge): Promise<number> {
	const batch = judge.batch(inSquare);
	const logits = judge.logits((pixel) => (inSquare(pixel) ? 1 : -1));
	let fastest = Infinity;
	for (let round = 0; round < 8; round++) {
		const start = performance.now();
		await judge.slopes(batch, logits);
		fastest = Math.min(fastest, performance.now() - start);
	}
	disposeBatch(batch);
	logits.dispose();
	return fastest;
}

const diceChoice: LossChoice = { key: 'dice', label: 'Dice', loss: 'dice', values: {}, learningRateFactor: 1 };

/**
 * Judges a loss whose graphs are recorded for `judgedBatch` images of `judgedSize`².
 * @param channels 1 with a sigmoid, one per class with softmax; classes beyond the second stay absent
 */
export async function judgeLoss(choice: LossChoice, channels: number): Promise<ReportCard> {
	using judge = new Judge(choice, channels);
	using dice = new Judge(diceChoice, channels);
	const cases = await judgeCases(judge);
	const curve = await judgeCurve(judge);
	const error = await slopeError(judge, channels);
	return { cases, curve, slopeError: error, costOverDice: (await cost(judge)) / (await cost(dice)) };
}
