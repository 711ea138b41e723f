import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * The share of pixels outside the class that are marked; 1 − specificity.
 *
 * Formula: FP / (FP + TN).
 */
export const falsePositiveRate: Metric = {
	id: 'falsePositiveRate',
	name: 'False positive rate',
	definition: 'FP / (FP + TN)',
	emptyRule: 'Not defined where every pixel belongs to the class.',
	higherIsBetter: false,
	compute: ({ falsePositives, trueNegatives }) => ratio(falsePositives, falsePositives + trueNegatives),
};
