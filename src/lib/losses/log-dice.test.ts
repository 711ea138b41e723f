import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { logDice } from './log-dice.ts';
import { evaluate } from './testing/inputs.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

describe('log Dice', () => {
	// p = ½ on two true and two false pixels: TP = FP = FN = 1.
	const half = { shape: [1, 2, 2, 1], yTrue: [1, 1, 0, 0], yPred: [0, 0, 0, 0] } as const;

	it('is the negative logarithm of the Dice score', async () => {
		// 1 / (1 + ½ + ½) = ½.
		expect((await evaluate(logDice, half, { smoothing: 0 })).value).toBeCloseTo(Math.LN2, 6);
	});

	it('smooths the score first', async () => {
		// (1 + 1) / (1 + ½ + ½ + 1) = ⅔.
		expect((await evaluate(logDice, half, { smoothing: 1 })).value).toBeCloseTo(Math.log(1.5), 6);
	});
});
