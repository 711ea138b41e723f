import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * Agreement of truth and prediction beyond what chance gives at the same numbers of marked and true pixels.
 *
 * Formula: 2·(TP·TN − FP·FN) / ((TP + FP)(FP + TN) + (TP + FN)(FN + TN)).
 * Source: Cohen 1960, "A Coefficient of Agreement for Nominal Scales", Educational and Psychological Measurement.
 */
export const cohensKappa: Metric = {
	id: 'kappa',
	name: 'Cohen’s kappa',
	definition: '2·(TP·TN − FP·FN) / ((TP + FP)(FP + TN) + (TP + FN)(FN + TN))',
	emptyRule: 'Not defined where truth and prediction are both empty or both full; 0 where only one of them is.',
	higherIsBetter: true,
	compute: ({ truePositives, falsePositives, falseNegatives, trueNegatives }) =>
		ratio(
			2 * (truePositives * trueNegatives - falsePositives * falseNegatives),
			(truePositives + falsePositives) * (falsePositives + trueNegatives) +
				(truePositives + falseNegatives) * (falseNegatives + trueNegatives),
		),
};
