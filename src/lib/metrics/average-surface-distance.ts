import { distanceEmptyRule, distanceOf, meanOf, pooled } from './surface.ts';
import type { SurfaceMetric } from './surface.ts';

/**
 * The mean distance between borders: the mean of the means of both directions, as MedPy has it.
 *
 * Formula: ½·( mean_p d(p, ∂G) + mean_g d(g, ∂P) ).
 * Source: Heimann et al. 2009, "Comparison and Evaluation of Methods for Liver Segmentation From CT Datasets", TMI.
 */
export const averageSurfaceDistance: SurfaceMetric = {
	id: 'averageSurfaceDistance',
	name: 'Average surface distance',
	definition: '½·( mean_p d(p, ∂G) + mean_g d(g, ∂P) )',
	emptyRule: distanceEmptyRule,
	higherIsBetter: false,
	compute: (distances) => distanceOf(distances, ({ fromPrediction, fromTruth }) => (meanOf(fromPrediction) + meanOf(fromTruth)) / 2),
};

/**
 * The mean of the distances of both directions in one list, as MONAI has it: the longer border counts more.
 *
 * Formula: mean( d(p, ∂G) ∪ d(g, ∂P) ).
 */
export const averageSurfaceDistancePooled: SurfaceMetric = {
	id: 'averageSurfaceDistancePooled',
	name: 'Average surface distance (pooled)',
	definition: 'mean( d(p, ∂G) ∪ d(g, ∂P) )',
	emptyRule: distanceEmptyRule,
	higherIsBetter: false,
	compute: (distances) => distanceOf(distances, (both) => meanOf(pooled(both))),
};
