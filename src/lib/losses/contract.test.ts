/** What every loss on the shelf owes its callers. A new loss is covered by being listed. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { isValidValue } from '#lib/core/params.ts';
import type { ParamValue } from '#lib/core/params.ts';
import type { AnyLoss } from './contract.ts';
import { findLoss, lossShelf } from './index.ts';
import { count, oneHot, randomBatch } from './testing/batches.ts';
import { evaluate as evaluatePlain } from './testing/inputs.ts';
import type { PlainBatch } from './testing/inputs.ts';
import { targetsOf } from './testing/targets.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

/** Evaluates a loss with the maps that it asks for. */
function evaluate(loss: AnyLoss, batch: PlainBatch, values: Readonly<Record<string, ParamValue>> = {}): ReturnType<typeof evaluatePlain> {
	return evaluatePlain(loss, { ...batch, targets: batch.targets ?? targetsOf(batch, loss.targets ?? []) }, values);
}

/** Logits that are `size` at the true class and −size elsewhere. */
const confident = (yTrue: readonly number[], size: number): number[] => yTrue.map((g) => (g > 0.5 ? size : -size));

/** The same batch with every pixel of one class. */
function uniformTruth(batch: PlainBatch, index: number): PlainBatch {
	const classes = Array.from({ length: count(batch.shape, 1) }, () => index);
	return { ...batch, yTrue: oneHot(classes, batch.shape[3]) };
}

describe.each(lossShelf.map((loss) => [loss.id, loss] as const))('%s', (_id, loss) => {
	const channelCounts = [1, 3];

	it('describes itself completely', () => {
		expect(loss.id).toMatch(/^[a-z][A-Za-z0-9]*$/u);
		for (const text of [loss.name, loss.summary, loss.formula, loss.range, loss.edgeCases]) expect(text.trim()).not.toBe('');
		for (const line of [loss.goodWhen, loss.badWhen]) expect(line).toMatch(/^[^\n]{20,120}\.$/u);
		expect(Object.keys(loss.symbols).length).toBeGreaterThan(0);
	});

	it('names its sources: authors, year, title and venue', () => {
		expect(loss.sources.length).toBeGreaterThan(0);
		for (const source of loss.sources) {
			for (const text of [source.authors, source.title, source.venue]) expect(text.trim()).not.toBe('');
			expect(source.year).toSatisfy((year) => Number.isInteger(year) && year >= 1900 && year <= 2026);
			if (source.link !== undefined) expect(source.link).toMatch(/^https:\/\/\S+$/u);
		}
	});

	it('says truly whether its values can be below 0', () => {
		expect(loss.canBeNegative).toBe(/^[([][−-]/u.test(loss.range));
	});

	it('has a valid default and a help sentence for every parameter', () => {
		for (const param of Object.values(loss.params)) {
			expect(isValidValue(param, param.default)).toBe(true);
			expect(param.label).not.toBe('');
			expect(param.help).toMatch(/\.$/u);
		}
	});

	it('refuses values and names that it cannot take', async () => {
		const batch = randomBatch(1, 1);
		await expect(evaluate(loss, batch, { thisIsNoParameter: 1 })).rejects.toBeInstanceOf(AppError);
		for (const [key, param] of Object.entries(loss.params)) {
			const wrong = param.kind === 'number' ? param.max + 1 : 'no such value';
			await expect(evaluate(loss, batch, { [key]: wrong })).rejects.toBeInstanceOf(AppError);
		}
	});

	describe.each(channelCounts)('with %i channel(s)', (channels) => {
		it('is finite with its gradient at logits of ±10,000 and on empty and full masks', async () => {
			const batch = randomBatch(channels, 2);
			const cases: PlainBatch[] = [
				{ ...batch, yPred: confident(batch.yTrue, 10000) },
				{ ...batch, yPred: confident(batch.yTrue, -10000) },
				...[0, Math.max(1, channels - 1)].flatMap((index) => {
					const uniform = uniformTruth(batch, index);
					return [uniform, { ...uniform, yPred: confident(uniform.yTrue, 10000) }, { ...uniform, yPred: confident(uniform.yTrue, -10000) }];
				}),
				{ ...batch, yPred: batch.yPred.map(() => 0) },
				{ ...batch, valid: Array.from({ length: count(batch.shape, 1) }, () => 0) },
			];
			for (const input of cases) {
				const { value, gradient } = await evaluate(loss, input);
				expect(value).toSatisfy(Number.isFinite);
				expect(gradient.every(Number.isFinite)).toBe(true);
			}
		});

		it('does not look at ignored pixels', async () => {
			const batch = randomBatch(channels, 3);
			const valid = Array.from({ length: count(batch.shape, 1) }, (_, i) => (i % 3 === 0 ? 0 : 1));
			const changed = (data: readonly number[], to: (x: number) => number): number[] =>
				data.map((x, i) => (valid[Math.floor(i / channels)] === 0 ? to(x) : x));
			const before = await evaluate(loss, { ...batch, valid });
			const after = await evaluate(loss, {
				...batch,
				valid,
				yTrue: changed(batch.yTrue, () => 0),
				yPred: changed(batch.yPred, (x) => 7 - x),
			});
			expect(after.value).toBeCloseTo(before.value, 6);
			before.gradient.forEach((slope, i) => expect(after.gradient[i]).toBeCloseTo(slope, 6));
			before.gradient.forEach((slope, i) => {
				if (valid[Math.floor(i / channels)] === 0) expect(Math.abs(slope)).toBe(0);
			});
		});

		it('has the gradient that finite differences give', async () => {
			const batch = randomBatch(channels, 4);
			const { value, gradient } = await evaluate(loss, batch);
			const largest = Math.max(...gradient.map(Math.abs));
			const h = 1 / 256;
			// Rounding a float32 value costs 6e-8 of it, twice; curvature costs a share of the slope.
			const allowed = (4e-7 * Math.max(1, Math.abs(value))) / h + 0.02 * largest;
			const at = async (index: number, by: number): Promise<number> =>
				(await evaluate(loss, { ...batch, yPred: batch.yPred.map((x, i) => (i === index ? x + by : x)) })).value;
			for (const index of [0, 7, 19, 28]) {
				const slope = ((await at(index, h)) - (await at(index, -h))) / (2 * h);
				expect(Math.abs(slope - gradient[index]!)).toBeLessThan(allowed);
			}
		});

		it('leaves no tensor behind', async () => {
			const batch = randomBatch(channels, 5);
			const before = tf.memory().numTensors;
			await evaluate(loss, batch);
			expect(tf.memory().numTensors).toBe(before);
		});

		it('prefers a right prediction to its opposite', async () => {
			const batch = randomBatch(channels, 6);
			const right = await evaluate(loss, { ...batch, yPred: confident(batch.yTrue, 8) });
			const wrong = await evaluate(loss, { ...batch, yPred: confident(batch.yTrue, -8) });
			expect(right.value).toBeLessThan(wrong.value);
		});
	});
});

describe('the shelf', () => {
	it('has unique ids and names', () => {
		expect(new Set(lossShelf.map((loss) => loss.id)).size).toBe(lossShelf.length);
		expect(new Set(lossShelf.map((loss) => loss.name)).size).toBe(lossShelf.length);
	});

	it('finds a loss by its id and nothing by another', () => {
		expect(findLoss('dice')?.name).toBe('Dice');
		expect(findLoss('nothing')).toBeUndefined();
	});
});
