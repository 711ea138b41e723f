import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * The share of true pixels that are marked; also called sensitivity.
 *
 * Formula: TP / (TP + FN).
 * Source: van Rijsbergen 1979, "Information Retrieval".
 */
export const recall: Metric = {
	id: 'recall',
	name: 'Recall',
	definition: 'TP / (TP + FN)',
	emptyRule: 'Not defined where the truth has no pixel of the class.',
	higherIsBetter: true,
	compute: ({ truePositives, falseNegatives }) => ratio(truePositives, truePositives + falseNegatives),
};
