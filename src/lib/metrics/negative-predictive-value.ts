import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * The share of unmarked pixels that are rightly so.
 *
 * Formula: TN / (TN + FN).
 */
export const negativePredictiveValue: Metric = {
	id: 'negativePredictiveValue',
	name: 'Negative predictive value',
	definition: 'TN / (TN + FN)',
	emptyRule: 'Not defined where every pixel is marked.',
	higherIsBetter: true,
	compute: ({ trueNegatives, falseNegatives }) => ratio(trueNegatives, trueNegatives + falseNegatives),
};
