import { distanceEmptyRule, distanceOf, largest } from './surface.ts';
import type { SurfaceMetric } from './surface.ts';

/**
 * The largest distance from a border pixel of either mask to the border of the other. One stray pixel decides it.
 *
 * Formula: max( max_p d(p, ∂G), max_g d(g, ∂P) ).
 * Source: Huttenlocher, Klanderman, Rucklidge 1993, "Comparing Images Using the Hausdorff Distance", PAMI.
 */
export const hausdorffDistance: SurfaceMetric = {
	id: 'hausdorffDistance',
	name: 'Hausdorff distance',
	definition: 'max( max_p d(p, ∂G), max_g d(g, ∂P) )',
	emptyRule: distanceEmptyRule,
	higherIsBetter: false,
	compute: (distances) => distanceOf(distances, ({ fromPrediction, fromTruth }) => Math.max(largest(fromPrediction), largest(fromTruth))),
};
