import { ratio } from './metric.ts';
import type { SurfaceMetric } from './surface.ts';

const within = (distances: Float64Array, tolerance: number): number => distances.filter((distance) => distance <= tolerance).length;

/**
 * Surface Dice, also called normalised surface distance: the share of border pixels, of both masks together, that lie
 * within a tolerance of the border of the other. Counts pixels, as MONAI does, not lengths of contour.
 *
 * Formula: ( |{p: d(p, ∂G) ≤ τ}| + |{g: d(g, ∂P) ≤ τ}| ) / ( |∂P| + |∂G| ).
 * Source: Nikolov et al. 2021, "Clinically Applicable Segmentation of Head and Neck Anatomy for Radiotherapy", JMIR.
 * @param tolerance τ in the unit of the distances; what two people drawing the same border differ by
 */
export function surfaceDice(tolerance: number): SurfaceMetric {
	return {
		id: `surfaceDice${tolerance}`,
		name: `Surface Dice at ${tolerance} px`,
		definition: `share of border pixels within ${tolerance} px of the other border`,
		emptyRule: 'Not defined where truth and prediction are both empty; 0 where only one of them is.',
		higherIsBetter: true,
		compute: ({ fromPrediction, fromTruth }) =>
			ratio(within(fromPrediction, tolerance) + within(fromTruth, tolerance), fromPrediction.length + fromTruth.length),
	};
}
