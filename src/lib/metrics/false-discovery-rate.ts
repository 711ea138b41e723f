import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * The share of marked pixels that are wrong; 1 − precision.
 *
 * Formula: FP / (FP + TP).
 */
export const falseDiscoveryRate: Metric = {
	id: 'falseDiscoveryRate',
	name: 'False discovery rate',
	definition: 'FP / (FP + TP)',
	emptyRule: 'Not defined where nothing of the class is predicted.',
	higherIsBetter: false,
	compute: ({ falsePositives, truePositives }) => ratio(falsePositives, falsePositives + truePositives),
};
