import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * Overlap of truth and prediction over their mean size; the same as F1.
 *
 * Formula: 2·TP / (2·TP + FP + FN).
 * Source: Dice 1945, "Measures of the Amount of Ecologic Association Between Species", Ecology.
 */
export const dice: Metric = {
	id: 'dice',
	name: 'Dice',
	definition: '2·TP / (2·TP + FP + FN)',
	emptyRule:
		'Not defined where a class is in neither truth nor prediction; 0 where it is predicted but not there, or there but not predicted.',
	higherIsBetter: true,
	compute: ({ truePositives, falsePositives, falseNegatives }) =>
		ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
};
