import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * Matthews’ correlation of truth and prediction: 1 is perfect, 0 no better than chance, −1 the opposite. It looks at all four counts.
 *
 * Formula: (TP·TN − FP·FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN)).
 * Source: Matthews 1975, "Comparison of the predicted and observed secondary structure of T4 phage lysozyme",
 * Biochimica et Biophysica Acta.
 */
export const matthewsCorrelation: Metric = {
	id: 'mcc',
	name: 'MCC',
	definition: '(TP·TN − FP·FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN))',
	emptyRule: 'Not defined where truth or prediction is empty or full.',
	higherIsBetter: true,
	compute: ({ truePositives, falsePositives, falseNegatives, trueNegatives }) =>
		ratio(
			truePositives * trueNegatives - falsePositives * falseNegatives,
			Math.sqrt(truePositives + falsePositives) *
				Math.sqrt(truePositives + falseNegatives) *
				Math.sqrt(trueNegatives + falsePositives) *
				Math.sqrt(trueNegatives + falseNegatives),
		),
};
