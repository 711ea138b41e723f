import { ratio } from './metric.ts';
import type { Metric } from './metric.ts';

/**
 * How near the number of marked pixels comes to that of true ones, wherever they lie.
 *
 * Formula: 1 − |FP − FN| / (2·TP + FP + FN).
 * Source: Taha, Hanbury 2015, "Metrics for evaluating 3D medical image segmentation", BMC Medical Imaging.
 */
export const volumetricSimilarity: Metric = {
	id: 'volumetricSimilarity',
	name: 'Volumetric similarity',
	definition: '1 − |FP − FN| / (2·TP + FP + FN)',
	emptyRule: 'Not defined where truth and prediction are both empty; 0 where only one of them is.',
	higherIsBetter: true,
	compute: ({ truePositives, falsePositives, falseNegatives }) => {
		const apart = ratio(Math.abs(falsePositives - falseNegatives), 2 * truePositives + falsePositives + falseNegatives);
		return apart === null ? null : 1 - apart;
	},
};
