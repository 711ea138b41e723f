import { beforeAll, describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import { startWasm } from './kernels/wasm/testing-node.ts';
import { lossChoice } from './testing/experiments.ts';
import { tf } from './tf.ts';

describe('losses on made-up predictions', () => {
	beforeAll(async () => {
		await startWasm();
		await tf.setBackend('wasm');
	});

	it('have the values and the summed slopes of their formulas', async () => {
		const classes = Uint8Array.of(0, 1, 1, 0);
		const predictions = [Float32Array.of(0.1, 0.6, 0.6, 0.1), Float32Array.of(0.3, 0.9, 0.9, 0.3)];
		const { numTensors } = tf.memory();
		const losses = [lossChoice('crossEntropy'), { ...lossChoice('dice'), values: { smoothing: 1 } }];
		const [crossEntropy, dice] = await explore({ size: 2, classes, predictions, losses });
		predictions.forEach(([b = 0, f = 0], place) => {
			const [entropyAt, diceAt] = [crossEntropy!.points[place]!, dice!.points[place]!];
			expect(entropyAt.value).toBeCloseTo(-(Math.log(1 - b) + Math.log(f)) / 2, 5);
			// Two pixels of each kind, each with (p − g)/4.
			expect(entropyAt.foreground).toBeCloseTo((f - 1) / 2, 5);
			expect(entropyAt.background).toBeCloseTo(b / 2, 5);
			// 1 − (A + 1)/D with A = 2f and D = (2 + 2f + 2b)/2 + 1.
			const [overlap, D] = [2 * f + 1, 2 + f + b];
			expect(diceAt.value).toBeCloseTo(1 - overlap / D, 5);
			expect(diceAt.foreground).toBeCloseTo((-2 * (D - overlap / 2) * f * (1 - f)) / D ** 2, 5);
			expect(diceAt.background).toBeCloseTo((overlap * b * (1 - b)) / D ** 2, 5);
		});
		expect(tf.memory().numTensors).toBe(numTensors);
	});
});
