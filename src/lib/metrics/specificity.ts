import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * The share of pixels outside the class that are left unmarked. Near 1 for small objects whatever is predicted.
 *
 * Formula: TN / (TN + FP).
 * Source: Yerushalmy 1947, "Statistical Problems in Assessing Methods of Medical Diagnosis", Public Health Reports.
 */
export const specificity: Metric = {
	id: 'specificity',
	name: 'Specificity',
	definition: 'TN / (TN + FP)',
	emptyRule: 'Not defined where every pixel belongs to the class.',
	higherIsBetter: true,
	compute: ({ trueNegatives, falsePositives }) => ratio(trueNegatives, trueNegatives + falsePositives),
};
