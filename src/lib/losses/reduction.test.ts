import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { reduceLoss, reductionNamed } from './reduction.ts';
import { readGolden, sharedGolden } from './testing/golden/read-node.ts';
import { checkReductions } from './testing/golden/reductions-file.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

const golden = readGolden(sharedGolden, 'reductions.json');

describe.skipIf(golden === undefined)('golden reductions (skipped without the shared golden files)', () => {
	it('are those of Keras', () => {
		const outcomes = checkReductions(golden);
		expect(outcomes.length).toBeGreaterThan(15);
		expect(outcomes.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
	});
});

describe('reductions', () => {
	const numbers = (reduced: tf.Tensor): number[] => [...reduced.dataSync()];

	it('refuse a name that Keras does not know', () => {
		expect(reductionNamed('sum')).toBe('sum');
		expect(() => reductionNamed('average')).toThrow(AppError);
	});

	it('align weights [N] with values [N, 1], and [N, 1] with [N]', () => {
		const values = tf.tensor1d([1, 2]);
		const reduction = 'none';
		expect(numbers(reduceLoss(tf, tf.expandDims(values, 1), { reduction, sampleWeight: tf.tensor1d([3, 4]) }))).toEqual([3, 8]);
		expect(numbers(reduceLoss(tf, values, { reduction, sampleWeight: tf.tensor2d([[3], [4]]) }))).toEqual([3, 8]);
	});

	it('weigh a scalar without reducing it', () => {
		expect(numbers(reduceLoss(tf, tf.scalar(5), { reduction: 'sum_over_batch_size', sampleWeight: tf.scalar(2) }))).toEqual([10]);
	});

	it('are 0 with a slope of 0 where nothing is kept', () => {
		const mask = tf.tensor1d([0, 0]);
		const loss = (x: tf.Tensor): tf.Scalar => reduceLoss(tf, tf.square(x), { reduction: 'mean', mask }) as tf.Scalar;
		const { value, grad } = tf.valueAndGrad(loss)(tf.tensor1d([3, 4]));
		expect(numbers(value)).toEqual([0]);
		expect(numbers(grad)).toEqual([0, 0]);
	});

	it('leave no tensor behind but the result', () => {
		const values = tf.tensor1d([1, 2]);
		const weights = tf.tensor1d([1, 0]);
		const before = tf.memory().numTensors;
		const reduced = reduceLoss(tf, values, { reduction: 'mean_with_sample_weight', sampleWeight: weights, mask: weights });
		expect(tf.memory().numTensors).toBe(before + 1);
		expect(numbers(reduced)).toEqual([1]);
		tf.dispose([values, weights, reduced]);
	});
});
