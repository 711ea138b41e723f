import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * The share of unmarked pixels that belong to the class; 1 − negative predictive value.
 *
 * Formula: FN / (FN + TN).
 */
export const falseOmissionRate: Metric = {
	id: 'falseOmissionRate',
	name: 'False omission rate',
	definition: 'FN / (FN + TN)',
	emptyRule: 'Not defined where every pixel is marked.',
	higherIsBetter: false,
	compute: ({ falseNegatives, trueNegatives }) => ratio(falseNegatives, falseNegatives + trueNegatives),
};
