import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * Intersection over union of truth and prediction, also called Jaccard; Dice / (2 − Dice).
 *
 * Formula: TP / (TP + FP + FN).
 * Source: Jaccard 1912, "The Distribution of the Flora in the Alpine Zone", New Phytologist.
 */
export const iou: Metric = {
	id: 'iou',
	name: 'IoU',
	definition: 'TP / (TP + FP + FN)',
	emptyRule: 'Not defined where a class is in neither truth nor prediction; 0 where it is in only one of them.',
	higherIsBetter: true,
	compute: ({ truePositives, falsePositives, falseNegatives }) => ratio(truePositives, truePositives + falsePositives + falseNegatives),
};
