import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * The geometric mean of precision and recall.
 *
 * Formula: √(TP / (TP + FP) · TP / (TP + FN)).
 * Source: Fowlkes, Mallows 1983, "A Method for Comparing Two Hierarchical Clusterings", JASA.
 */
export const fowlkesMallows: Metric = {
	id: 'fowlkesMallows',
	name: 'Fowlkes–Mallows',
	definition: '√(precision · recall)',
	emptyRule: 'Not defined where truth or prediction is empty.',
	higherIsBetter: true,
	compute: ({ truePositives, falsePositives, falseNegatives }) =>
		ratio(truePositives, Math.sqrt((truePositives + falsePositives) * (truePositives + falseNegatives))),
};
