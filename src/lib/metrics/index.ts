/** The shelf of metrics. Each is one file; a new one is one line here. */
import { accuracy } from './accuracy.ts';
import { averageSurfaceDistance, averageSurfaceDistancePooled } from './average-surface-distance.ts';
import { balancedAccuracy } from './balanced-accuracy.ts';
import { cohensKappa } from './cohens-kappa.ts';
import { dice } from './dice.ts';
import { f2, fHalf } from './f-beta.ts';
import { falseDiscoveryRate } from './false-discovery-rate.ts';
import { falseNegativeRate } from './false-negative-rate.ts';
import { falseOmissionRate } from './false-omission-rate.ts';
import { falsePositiveRate } from './false-positive-rate.ts';
import { fowlkesMallows } from './fowlkes-mallows.ts';
import { hausdorff95, hausdorff95Pooled } from './hausdorff-95.ts';
import { hausdorffDistance } from './hausdorff-distance.ts';
import { informedness } from './informedness.ts';
import { iou } from './iou.ts';
import { markedness } from './markedness.ts';
import { matthewsCorrelation } from './matthews-correlation.ts';
import type { CountFigure, Metric } from './metric.ts';
import { negativePredictiveValue } from './negative-predictive-value.ts';
import { precision } from './precision.ts';
import { prevalence } from './prevalence.ts';
import { prevalenceThreshold } from './prevalence-threshold.ts';
import { recall } from './recall.ts';
import { relativeVolumeDifference } from './relative-volume-difference.ts';
import { specificity } from './specificity.ts';
import type { SurfaceMetric } from './surface.ts';
import { volumetricSimilarity } from './volumetric-similarity.ts';

/** What the app shows for every run. */
export const metricShelf: readonly Metric[] = [dice, iou, precision, recall, specificity, balancedAccuracy, matthewsCorrelation];

/** All that follows from the four counts, scores and other figures. */
export const countFigures: readonly CountFigure[] = [
	...metricShelf,
	accuracy,
	cohensKappa,
	f2,
	fHalf,
	falseDiscoveryRate,
	falseNegativeRate,
	falseOmissionRate,
	falsePositiveRate,
	fowlkesMallows,
	informedness,
	markedness,
	negativePredictiveValue,
	prevalence,
	prevalenceThreshold,
	relativeVolumeDifference,
	volumetricSimilarity,
];

/** Distances between borders; surface Dice and boundary IoU take a width and are made by `surfaceDice` and `boundaryIou`. */
export const surfaceMetrics: readonly SurfaceMetric[] = [
	hausdorffDistance,
	hausdorff95,
	hausdorff95Pooled,
	averageSurfaceDistance,
	averageSurfaceDistancePooled,
];
