import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * The share of true pixels that are missed; 1 − recall.
 *
 * Formula: FN / (FN + TP).
 */
export const falseNegativeRate: Metric = {
	id: 'falseNegativeRate',
	name: 'False negative rate',
	definition: 'FN / (FN + TP)',
	emptyRule: 'Not defined where the truth has no pixel of the class.',
	higherIsBetter: false,
	compute: ({ falseNegatives, truePositives }) => ratio(falseNegatives, falseNegatives + truePositives),
};
