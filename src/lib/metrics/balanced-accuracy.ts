import type { Metric } from './metric.ts';
import { recall } from './recall.ts';
import { specificity } from './specificity.ts';

const meanOfBoth = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : (a + b) / 2);

/**
 * The mean of recall and specificity: what accuracy would be if both classes had equally many pixels.
 *
 * Formula: (TP / (TP + FN) + TN / (TN + FP)) / 2.
 * Source: Brodersen, Ong, Stephan, Buhmann 2010, "The Balanced Accuracy and Its Posterior Distribution", ICPR.
 */
export const balancedAccuracy: Metric = {
	id: 'balancedAccuracy',
	name: 'Balanced accuracy',
	definition: '(recall + specificity) / 2',
	emptyRule: 'Not defined where the truth has no pixel of the class, or no pixel outside it.',
	higherIsBetter: true,
	compute: (counts) => meanOfBoth(recall.compute(counts), specificity.compute(counts)),
};
