import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '#lib/graphs/testing.ts';
import { traceLoss } from '#lib/graphs/trace.ts';
import { identity } from '#lib/pixels/symmetry.ts';
import { activate } from './forward.ts';
import { graphSteps } from './graph-steps.ts';
import { disposeBatch, toBatch } from './targets.ts';
import { tf } from './tf.ts';

describe('the steps of a recorded loss', () => {
	beforeAll(() => tf.setBackend('cpu'));

	it('have their line, range and mean, and the pixel at which a number is lost', async () => {
		const code = codeOf(`(yTrue, yPred) => {
			const odds = tf.div(yTrue, yPred.sub(0.5));
			return tf.mean(odds);
		}`);
		const lines = [1, 1, 2, 2, 2, 3];
		const { graph } = traceLoss(code, { shape: [1, 2, 2, 1], values: {}, builtIns: {} }, () => lines.shift() ?? 9);
		const classes = Uint8Array.of(1, 1, 0, 0);
		const pair = { size: 2, channels: 1, image: new Float32Array(4), classes, origin: { classes, symmetry: identity } };
		const batch = toBatch([pair], 1, []);
		// p = ½ at the second pixel, which is true: 1/0.
		const logits = tf.tensor4d([Math.log(3), 0, Math.log(3), Math.log(3)], [1, 2, 2, 1]);
		const yPred = activate(logits);
		const { numTensors } = tf.memory();
		const steps = await graphSteps(graph, { ...batch, logits, yPred, variables: {}, state: {}, progress: 0 });
		expect(tf.memory().numTensors).toBe(numTensors);
		yPred.dispose();
		disposeBatch(batch);
		logits.dispose();

		expect(steps.map(({ op, name }) => name || op)).toEqual(['yTrue', 'yPred', 'constant', 'sub', 'div', 'mean']);
		const [truth, predicted, , , div, mean] = steps;
		expect(truth).toMatchObject({ min: 0, mean: 0.5, max: 1, notFinite: 0, firstAt: [] });
		// (¾ + ½ + ¾ + ¾)/4
		expect(predicted!.mean).toBeCloseTo(2.75 / 4, 6);
		// 1/¼ = 4, and 0/¼ twice.
		expect(div).toMatchObject({ min: 0, max: 4, notFinite: 1, firstAt: [0, 0, 1, 0], shape: [1, 2, 2, 1] });
		expect(div!.mean).toBeCloseTo(4 / 3, 5);
		expect(mean).toMatchObject({ notFinite: 1, firstAt: [], min: Number.NaN });
	});
});
