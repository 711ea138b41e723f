/** Compares our reductions with `reductions.json`: Keras' Loss class. */
import * as tf from '@tensorflow/tfjs-core';
import { reduceLoss, reductionNamed } from '../../reduction.ts';
import type { Outcome } from './check.ts';
import { isNested, numbersOf, shapeOf } from './types.ts';
import type { Nested } from './types.ts';

interface ReductionCase {
	readonly id: string;
	readonly reduction: string;
	readonly expected?: Nested;
	readonly expectedError?: boolean;
	readonly mask?: Nested;
	readonly sampleWeight?: Nested;
	/** Of the second group; those of the first stand once for all. */
	readonly yTrue?: Nested;
	readonly yPred?: Nested;
}

interface ReductionsFile {
	readonly yTrue: Nested;
	readonly yPred: Nested;
	/** The loss returns squared errors, one for each element. */
	readonly cases: readonly ReductionCase[];
	/** The loss returns the mean of squared errors over the last axis. */
	readonly cases2: readonly ReductionCase[];
}

function isReductionsFile(file: unknown): file is ReductionsFile {
	return typeof file === 'object' && file !== null && 'cases' in file && 'cases2' in file && 'yTrue' in file && isNested(file.yTrue);
}

const tensor = (nested: Nested): tf.Tensor => tf.tensor(numbersOf(nested), shapeOf(nested), 'float32');

/** The reduced values of a case. */
function reduced(golden: ReductionCase, errors: tf.Tensor): number[] {
	const { mask, sampleWeight } = golden;
	const result = reduceLoss(tf, errors, {
		reduction: reductionNamed(golden.reduction),
		...(mask === undefined ? {} : { mask: tensor(mask) }),
		...(sampleWeight === undefined ? {} : { sampleWeight: tensor(sampleWeight) }),
	});
	return [...result.dataSync()];
}

function checkReduction(golden: ReductionCase, errors: () => tf.Tensor): Outcome {
	const outcome = { id: golden.id, group: 'reductions' } as const;
	try {
		const values = tf.tidy(() => reduced(golden, errors()));
		if (golden.expectedError === true) return { ...outcome, verdict: 'failed', detail: 'was not refused' };
		const wanted = numbersOf(golden.expected ?? null);
		const isRight =
			wanted.length === values.length && wanted.every((value, i) => Math.abs(value - values[i]!) <= 1e-5 + 1e-5 * Math.abs(value));
		return isRight
			? { ...outcome, verdict: 'passed' }
			: { ...outcome, verdict: 'failed', detail: `expected ${wanted.join()}, got ${values.join()}` };
	} catch (error) {
		return golden.expectedError === true ? { ...outcome, verdict: 'passed' } : { ...outcome, verdict: 'failed', detail: String(error) };
	}
}

/** Reads back at once, which the GPU backends cannot: for cpu and wasm. */
export function checkReductions(file: unknown): Outcome[] {
	if (!isReductionsFile(file)) return [];
	const squares = (yTrue: Nested, yPred: Nested): tf.Tensor => tf.squaredDifference(tensor(yTrue), tensor(yPred));
	return [
		...file.cases.map((golden) => checkReduction(golden, () => squares(file.yTrue, file.yPred))),
		...file.cases2.map((golden) => checkReduction(golden, () => tf.mean(squares(golden.yTrue ?? null, golden.yPred ?? null), -1))),
	];
}
