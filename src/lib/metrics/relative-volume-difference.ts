import { ratio } from './metric.ts';
import type { CountFigure } from './metric.ts';

/**
 * How much larger the marked area is than the true one: 0 is equal, −1 nothing marked, 1 twice as much.
 *
 * Formula: (FP − FN) / (TP + FN).
 */
export const relativeVolumeDifference: CountFigure = {
	id: 'relativeVolumeDifference',
	name: 'Relative volume difference',
	definition: '(FP − FN) / (TP + FN)',
	emptyRule: 'Not defined where the truth has no pixel of the class.',
	compute: ({ truePositives, falsePositives, falseNegatives }) => ratio(falsePositives - falseNegatives, truePositives + falseNegatives),
};
