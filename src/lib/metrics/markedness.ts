import { negativePredictiveValue } from './negative-predictive-value.ts';
import { precision } from './precision.ts';
import type { Metric } from './metric.ts';

/**
 * Precision and negative predictive value less 1: how far a mark, or its absence, can be trusted.
 *
 * Formula: TP / (TP + FP) + TN / (TN + FN) − 1.
 * Source: Powers 2011, "Evaluation: From Precision, Recall and F-Measure to ROC, Informedness, Markedness and Correlation",
 * Journal of Machine Learning Technologies.
 */
export const markedness: Metric = {
	id: 'markedness',
	name: 'Markedness',
	definition: 'precision + negative predictive value − 1',
	emptyRule: 'Not defined where nothing is marked, or everything.',
	higherIsBetter: true,
	compute: (counts) => {
		const marked = precision.compute(counts);
		const unmarked = negativePredictiveValue.compute(counts);
		return marked === null || unmarked === null ? null : marked + unmarked - 1;
	},
};
