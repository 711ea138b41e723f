/** Whether a loss gives on another backend what it gives in plain JavaScript. */
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { LossTerm } from '#lib/core/loss-choice.ts';
import type { ParamValue } from '#lib/core/params.ts';
import type { AnyLoss, Scalar } from '../contract.ts';
import { lossShelf } from '../index.ts';
import { resolveLoss } from '../resolve.ts';
import { randomBatch } from './batches.ts';
import { evaluate, lossInput } from './inputs.ts';
import type { PlainBatch } from './inputs.ts';
import { targetsOf } from './targets.ts';

type Values = Readonly<Record<string, ParamValue>>;

const constant: LossTerm['weight'] = { curve: 'constant', from: 1, to: 1, begin: 0, end: 1 };

/** A sum that learns the weights of its terms, one of which learns too. */
function learningSum(): AnyLoss {
	const terms: LossTerm[] = ['adaptiveRobust', 'steeredTversky'].map((loss) => ({ loss, values: {}, weight: constant }));
	const sum = resolveLoss({ loss: 'weightedSum', terms });
	if (!sum) throw new RangeError('a term is not on the shelf');
	return sum;
}

/** Every loss of the shelf and a learned sum, with a sigmoid and with a softmax of three, as rows for `it.each`. */
export const everyLoss: readonly (readonly [string, number, AnyLoss, Values])[] = [
	...lossShelf.map((loss) => [loss, {}] as const),
	[learningSum(), { weighting: 'uncertainty' }] as const,
].flatMap(([loss, values]) => [1, 3].map((channels) => [loss.id, channels, loss, values] as const));

/** The slope of each trained number of the loss, by name. */
async function slopesOfVariables(loss: AnyLoss, batch: PlainBatch, values: Values): Promise<number[]> {
	const first = loss.variables(values);
	const names = Object.keys(first);
	if (names.length === 0) return [];
	const slopes = tf.tidy(() => {
		const input = lossInput(loss, batch, values);
		const compute = (...scalars: tf.Tensor[]): Scalar => {
			const variables = Object.fromEntries(names.map((name, i) => [name, scalars[i] as Scalar]));
			return loss.compute(tf, { ...input, variables }, values);
		};
		// Off their first values, which are special: α = 1, weights of 1.
		return tf.grads(compute)(names.map((name, i) => tf.scalar(first[name]! + 0.3 * (i + 1))));
	});
	const numbers = await Promise.all(slopes.map(async (slope) => (await slope.data())[0] ?? Number.NaN));
	tf.dispose(slopes);
	return numbers;
}

/** @param tolerance share of the value and of the largest slope */
export async function expectSameOn(backend: string, loss: AnyLoss, channels: number, values: Values, tolerance: number): Promise<void> {
	const batch = randomBatch(channels, 11);
	const input = { ...batch, targets: targetsOf(batch, loss.targets ?? []) };
	const onBackend = async (name: string) => {
		await tf.setBackend(name);
		return { ...(await evaluate(loss, input, values)), ofVariables: await slopesOfVariables(loss, input, values) };
	};
	const expected = await onBackend('cpu');
	const actual = await onBackend(backend);
	expect(Math.abs(actual.value - expected.value)).toBeLessThan(tolerance * Math.max(1, Math.abs(expected.value)));
	const largest = Math.max(...expected.gradient.map(Math.abs));
	const worst = Math.max(...expected.gradient.map((slope, i) => Math.abs(slope - actual.gradient[i]!)));
	expect(worst).toBeLessThan(tolerance * Math.max(0.01, largest));
	expected.ofVariables.forEach((slope, i) =>
		expect(Math.abs(slope - actual.ofVariables[i]!)).toBeLessThan(tolerance * Math.max(1, Math.abs(slope))),
	);
}
