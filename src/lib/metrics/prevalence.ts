import { ratio } from './metric.ts';
import type { CountFigure } from './metric.ts';

/**
 * The share of pixels that belong to the class.
 *
 * Formula: (TP + FN) / (TP + FP + FN + TN).
 */
export const prevalence: CountFigure = {
	id: 'prevalence',
	name: 'Prevalence',
	definition: '(TP + FN) / (TP + FP + FN + TN)',
	emptyRule: 'Defined for every image with a pixel.',
	compute: ({ truePositives, falsePositives, falseNegatives, trueNegatives }) =>
		ratio(truePositives + falseNegatives, truePositives + falsePositives + falseNegatives + trueNegatives),
};
