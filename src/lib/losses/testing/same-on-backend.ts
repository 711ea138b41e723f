/** Whether a loss gives on another backend what it gives in plain JavaScript. */
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { AnyLoss } from '../contract.ts';
import { lossShelf } from '../index.ts';
import { randomBatch } from './batches.ts';
import { evaluate } from './inputs.ts';
import { targetsOf } from './targets.ts';

/** Every loss of the shelf with a sigmoid and with a softmax of three, as rows for `it.each`. */
export const everyLoss = lossShelf.flatMap((loss) => [1, 3].map((channels) => [loss.id, channels, loss] as const));

/** @param tolerance share of the value and of the largest slope */
export async function expectSameOn(backend: string, loss: AnyLoss, channels: number, tolerance: number): Promise<void> {
	const batch = randomBatch(channels, 11);
	const input = { ...batch, targets: targetsOf(batch, loss.targets ?? []) };
	await tf.setBackend('cpu');
	const expected = await evaluate(loss, input);
	await tf.setBackend(backend);
	const actual = await evaluate(loss, input);
	expect(Math.abs(actual.value - expected.value)).toBeLessThan(tolerance * Math.max(1, Math.abs(expected.value)));
	const largest = Math.max(...expected.gradient.map(Math.abs));
	const worst = Math.max(...expected.gradient.map((slope, i) => Math.abs(slope - actual.gradient[i]!)));
	expect(worst).toBeLessThan(tolerance * Math.max(0.01, largest));
}
