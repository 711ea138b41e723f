import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * The share of all pixels that are right. Near 1 for small objects whatever is predicted.
 *
 * Formula: (TP + TN) / (TP + FP + FN + TN).
 */
export const accuracy: Metric = {
	id: 'accuracy',
	name: 'Accuracy',
	definition: '(TP + TN) / (TP + FP + FN + TN)',
	emptyRule: 'Defined for every image with a pixel.',
	higherIsBetter: true,
	compute: ({ truePositives, falsePositives, falseNegatives, trueNegatives }) =>
		ratio(truePositives + trueNegatives, truePositives + falsePositives + falseNegatives + trueNegatives),
};
