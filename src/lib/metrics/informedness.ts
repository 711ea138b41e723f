import { balancedAccuracy } from './balanced-accuracy.ts';
import type { Metric } from './metric.ts';

/**
 * Recall and specificity less 1: how much better than chance, for both classes; also Youden’s J.
 *
 * Formula: TP / (TP + FN) + TN / (TN + FP) − 1.
 * Source: Youden 1950, "Index for rating diagnostic tests", Cancer.
 */
export const informedness: Metric = {
	id: 'informedness',
	name: 'Informedness',
	definition: 'recall + specificity − 1',
	emptyRule: 'Not defined where the truth has no pixel of the class, or no pixel outside it.',
	higherIsBetter: true,
	compute: (counts) => {
		const mean = balancedAccuracy.compute(counts);
		return mean === null ? null : 2 * mean - 1;
	},
};
