import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * The weighted harmonic mean of precision and recall, in which recall counts β times as much; β = 1 is Dice.
 *
 * Formula: (1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP).
 * Source: van Rijsbergen 1979, "Information Retrieval".
 */
function fBeta(id: string, name: string, beta: number): Metric {
	const square = beta ** 2;
	return {
		id,
		name,
		definition: `${1 + square}·TP / (${1 + square}·TP + ${square}·FN + FP)`,
		emptyRule: 'Not defined where truth and prediction are both empty; 0 where only one of them is.',
		higherIsBetter: true,
		compute: ({ truePositives, falsePositives, falseNegatives }) =>
			ratio((1 + square) * truePositives, (1 + square) * truePositives + square * falseNegatives + falsePositives),
	};
}

/** Recall counts twice as much as precision. */
export const f2 = fBeta('f2', 'F2', 2);

/** Precision counts twice as much as recall. */
export const fHalf = fBeta('f05', 'F0.5', 0.5);
