import { beforeAll, describe, expect, it } from 'vitest';
import { ignoredClass } from '#lib/core/sample.ts';
import { startWasm } from './kernels/wasm/testing-node.ts';
import { sharesOf, slopeMaps } from './slopes.ts';
import { lossChoice } from './testing/experiments.ts';
import { tf } from './tf.ts';

describe('slopes of losses on a stored prediction', () => {
	beforeAll(async () => {
		await startWasm();
		await tf.setBackend('wasm');
	});

	it('are those of the formulas', async () => {
		// Three pixels, one of them true, beside one that is ignored; p = (level + ½)/256.
		const [levels, classes] = [Uint8Array.of(63, 127, 191, 10), Uint8Array.of(0, 1, 0, ignoredClass)];
		const p = [...levels].map((level) => (level + 0.5) / 256);
		const { numTensors } = tf.memory();
		const losses = [lossChoice('crossEntropy'), { ...lossChoice('dice'), values: { smoothing: 1 } }];
		const [crossEntropy, dice] = await slopeMaps({ width: 4, height: 1, levels, classes, losses, progress: 0 });
		// Cross-entropy: (p − g)/n. Dice, 1 − (A + s)/(S/2 + s): −(g·D − (A + s)/2)/D²·p·(1 − p) with D = S/2 + s.
		const [overlap, half] = [p[1]! + 1, (p[0]! + p[1]! + p[2]! + 1) / 2 + 1];
		[0, 1, 2].forEach((at) => {
			const g = classes[at]!;
			expect(crossEntropy!.slopes[at]).toBeCloseTo((p[at]! - g) / 3, 5);
			expect(dice!.slopes[at]).toBeCloseTo((-(g * half - overlap / 2) / half ** 2) * p[at]! * (1 - p[at]!), 5);
		});
		expect(crossEntropy!.slopes[3]).toBe(0);
		expect(dice!.slopes[3]).toBe(0);
		expect(tf.memory().numTensors).toBe(numTensors);
	});

	it('lie on border, object and surroundings', () => {
		// A row of nine: two pixels each side of the border between the fourth and the fifth are near it.
		const classes = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1, ignoredClass);
		const shares = sharesOf({ width: 9, height: 1, classes }, Float32Array.of(1, 1, 2, -2, 2, 2, -5, 5, 100));
		expect(shares).toEqual({ background: 2 / 20, border: 8 / 20, foreground: 10 / 20 });
		expect(sharesOf({ width: 9, height: 1, classes }, new Float32Array(9))).toBeNull();
	});
});
