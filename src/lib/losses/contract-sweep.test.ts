/** What every loss owes its callers over many truths, predictions and parameters. A new loss is covered by being listed. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Param, ParamValue } from '#lib/core/params.ts';
import type { AnyLoss } from './contract.ts';
import { lossShelf } from './index.ts';
import { count, oneHot, randomBatch } from './testing/batches.ts';
import { evaluate as evaluatePlain } from './testing/inputs.ts';
import type { PlainBatch } from './testing/inputs.ts';
import { targetsOf } from './testing/targets.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

type Values = Readonly<Record<string, ParamValue>>;

/** Evaluates a loss with the maps that it asks for. */
function evaluate(loss: AnyLoss, batch: PlainBatch, values: Values = {}): ReturnType<typeof evaluatePlain> {
	return evaluatePlain(loss, { ...batch, targets: batch.targets ?? targetsOf(batch, loss.targets ?? []) }, values);
}

/** Logits that are `size` at the true class and −size elsewhere. */
const confident = (yTrue: readonly number[], size: number): number[] => yTrue.map((g) => (g > 0.5 ? size : -size));

function withClasses(batch: PlainBatch, classOf: (pixel: number) => number): PlainBatch {
	return {
		...batch,
		yTrue: oneHot(
			Array.from({ length: count(batch.shape, 1) }, (_, i) => classOf(i)),
			batch.shape[3],
		),
	};
}

/** Random, empty, full, and one true pixel. */
function truths(channels: number): PlainBatch[] {
	const batch = randomBatch(channels, 20);
	const other = Math.max(1, channels - 1);
	return [batch, withClasses(batch, () => 0), withClasses(batch, () => other), withClasses(batch, (i) => (i === 7 ? other : 0))];
}

/** The two images of a batch exchanged. */
function exchanged(batch: PlainBatch): PlainBatch {
	const turn = (data: readonly number[]): number[] => [...data.slice(data.length / 2), ...data.slice(0, data.length / 2)];
	return { ...batch, yTrue: turn(batch.yTrue), yPred: turn(batch.yPred) };
}

/** Values that a parameter can take besides its default: every option, both ends of a range. */
function alternatives(param: Param): ParamValue[] {
	switch (param.kind) {
		case 'number':
			return [param.min, param.max];
		case 'boolean':
			return [!param.default];
		case 'choice':
			return param.options.map((option) => option.value).filter((value) => value !== param.default);
		case 'numbers':
			return [];
		default:
			return param satisfies never;
	}
}

/** Each parameter changed alone, and all booleans and choices changed together. */
function variants(loss: AnyLoss): Values[] {
	const single = Object.entries(loss.params).flatMap(([key, param]) => alternatives(param).map((value) => ({ [key]: value })));
	const switched = Object.entries(loss.params).flatMap(([key, param]) => {
		const value = param.kind === 'number' ? undefined : alternatives(param).at(-1);
		return value === undefined ? [] : [[key, value] as const];
	});
	return [...single, Object.fromEntries(switched)];
}

describe.each(lossShelf.map((loss) => [loss.id, loss] as const))('%s', (_id, loss) => {
	describe.each([1, 3])('with %i channel(s)', (channels) => {
		it('does not care in which order the images of a batch come', async () => {
			const batch = randomBatch(channels, 21);
			const [one, other] = [await evaluate(loss, batch), await evaluate(loss, exchanged(batch))];
			expect(Math.abs(one.value - other.value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(one.value)));
			const largest = Math.max(...one.gradient.map(Math.abs));
			const half = one.gradient.length / 2;
			one.gradient.forEach((slope, i) => {
				expect(Math.abs(slope - other.gradient[(i + half) % one.gradient.length]!)).toBeLessThanOrEqual(1e-4 * largest);
			});
		});

		it.runIf(loss.perfectIsMinimum)('has its smallest value at the truth, whatever the truth', async () => {
			for (const truth of truths(channels)) {
				const perfect = await evaluate(loss, { ...truth, yPred: confident(truth.yTrue, 50) });
				const others = [
					confident(truth.yTrue, -50),
					...[1, 2, 3].map((seed) => randomBatch(channels, 30 + seed).yPred),
					truth.yTrue.map(() => 0),
					...truths(channels).map(({ yTrue }) => confident(yTrue, 8)),
				];
				for (const yPred of others) {
					const { value } = await evaluate(loss, { ...truth, yPred });
					expect(value).toBeGreaterThanOrEqual(perfect.value - 1e-6 * Math.max(1, Math.abs(perfect.value)));
				}
			}
		});

		it.runIf(!loss.canBeNegative)('is never below 0', async () => {
			for (const truth of truths(channels)) {
				for (const yPred of [truth.yPred, confident(truth.yTrue, 50), confident(truth.yTrue, -50)]) {
					expect((await evaluate(loss, { ...truth, yPred })).value).toBeGreaterThanOrEqual(-1e-6);
				}
			}
		});

		it('stays finite with its gradient for every option and at both ends of every parameter', { timeout: 60_000 }, async () => {
			const [random, ...others] = truths(channels);
			const cases = [
				random!,
				...others,
				{ ...random!, yPred: confident(random!.yTrue, 10000) },
				{ ...random!, yPred: confident(random!.yTrue, -10000) },
			];
			for (const values of variants(loss)) {
				for (const batch of cases) {
					const { value, gradient } = await evaluate(loss, batch, values);
					expect(Number.isFinite(value) && gradient.every(Number.isFinite), `${JSON.stringify(values)} gives ${value}`).toBe(true);
				}
			}
		});
	});
});
