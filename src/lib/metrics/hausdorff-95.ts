import { distanceEmptyRule, distanceOf, pooled, quantile } from './surface.ts';
import type { SurfaceMetric } from './surface.ts';

/** The share of distances that it looks at. */
const share = 0.95;

/**
 * The 95th percentile of the distances between borders, the larger of the two directions, as MONAI has it.
 *
 * Formula: max( q₉₅ d(p, ∂G), q₉₅ d(g, ∂P) ).
 * Source: Taha, Hanbury 2015, "Metrics for evaluating 3D medical image segmentation", BMC Medical Imaging.
 */
export const hausdorff95: SurfaceMetric = {
	id: 'hausdorff95',
	name: 'HD95',
	definition: 'max( q₉₅ d(p, ∂G), q₉₅ d(g, ∂P) )',
	emptyRule: distanceEmptyRule,
	higherIsBetter: false,
	compute: (distances) =>
		distanceOf(distances, ({ fromPrediction, fromTruth }) => Math.max(quantile(fromPrediction, share), quantile(fromTruth, share))),
};

/**
 * The 95th percentile of the distances of both directions in one list, as MedPy has it. Smaller than the other form where
 * one mask has few border pixels far from a long border of the other.
 *
 * Formula: q₉₅( d(p, ∂G) ∪ d(g, ∂P) ).
 */
export const hausdorff95Pooled: SurfaceMetric = {
	id: 'hausdorff95Pooled',
	name: 'HD95 (pooled)',
	definition: 'q₉₅( d(p, ∂G) ∪ d(g, ∂P) )',
	emptyRule: distanceEmptyRule,
	higherIsBetter: false,
	compute: (distances) => distanceOf(distances, (both) => quantile(pooled(both), share)),
};
