import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * The share of marked pixels that are right.
 *
 * Formula: TP / (TP + FP).
 * Source: van Rijsbergen 1979, "Information Retrieval".
 */
export const precision: Metric = {
	id: 'precision',
	name: 'Precision',
	definition: 'TP / (TP + FP)',
	emptyRule: 'Not defined where nothing of the class is predicted.',
	higherIsBetter: true,
	compute: ({ truePositives, falsePositives }) => ratio(truePositives, truePositives + falsePositives),
};
