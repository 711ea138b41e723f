/** Masks and predictions as the painters take them, and how they come to the size of their image. Pure. */
import { resampleBilinear, resampleNearest } from './resample.ts';

export interface Size {
	readonly width: number;
	readonly height: number;
}

/** Class index per pixel, 255 where it is ignored. */
export interface ClassMap extends Size {
	readonly data: Uint8Array;
}

/** Probability levels (`binary`) or class indices (`classes`) at any size; a `Preview` and a `Prediction` both fit. */
export interface PredictionMap extends ClassMap {
	readonly kind: 'binary' | 'classes';
}

/** A prediction at a size: class per pixel, and the probability levels where there are any. */
export interface SizedPrediction {
	readonly classes: Uint8Array;
	readonly levels: Uint8Array | null;
}

/** Values by nearest neighbour. The map's own array when the sizes agree. */
export function nearestAt(map: ClassMap, { width, height }: Size): Uint8Array {
	return resampleNearest(map.data, map.width, map.height, width, height);
}

/** Levels by bilinear interpolation. The map's own array when the sizes agree. */
export function levelsAt(map: ClassMap, { width, height }: Size): Uint8Array {
	return resampleBilinear(map.data, map.width, map.height, width, height);
}

/** Levels → class 0 or 1. */
function thresholded(levels: Uint8Array, thresholdLevel: number): Uint8Array {
	const result = new Uint8Array(levels.length);
	for (let at = 0; at < levels.length; at++) result[at] = levels[at]! >= thresholdLevel ? 1 : 0;
	return result;
}

/** A pixel is foreground from `thresholdLevel` on, 1…255. */
export function predictionAt(prediction: PredictionMap, size: Size, thresholdLevel: number): SizedPrediction {
	if (prediction.kind === 'classes') return { classes: nearestAt(prediction, size), levels: null };
	const levels = levelsAt(prediction, size);
	return { classes: thresholded(levels, thresholdLevel), levels };
}
