/** Distances between the borders of two masks. Pure, exact and in any unit in which the spacing is given. */
import { distanceToSet } from '#lib/pixels/distance.ts';
import type { PixelSpacing } from '#lib/pixels/distance.ts';

/** A mask of one class: non-zero inside [height · width]. */
export interface Mask {
	readonly data: Uint8Array;
	readonly width: number;
	readonly height: number;
}

/**
 * The border of a mask: its pixels with at least one of their four neighbours outside. What lies beyond the image is
 * outside, so a mask that touches the edge has border there.
 */
export function borderOf({ data, width, height }: Mask): Uint8Array {
	const isInside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] !== 0;
	return Uint8Array.from(data, (value, i) => {
		const x = i % width;
		const y = (i - x) / width;
		const isInner = isInside(x - 1, y) && isInside(x + 1, y) && isInside(x, y - 1) && isInside(x, y + 1);
		return value !== 0 && !isInner ? 1 : 0;
	});
}

/** What the surface metrics are made of. Empty lists for an empty mask. */
export interface SurfaceDistances {
	/** From each border pixel of the prediction to the nearest border pixel of the truth; Infinity when the truth is empty. */
	readonly fromPrediction: Float64Array;
	/** From each border pixel of the truth to the nearest of the prediction. */
	readonly fromTruth: Float64Array;
}

/**
 * @param spacing width and height of a pixel; 1 when absent, which gives distances in pixels
 * @throws RangeError when the masks differ in size
 */
export function surfaceDistances(prediction: Mask, truth: Mask, spacing?: PixelSpacing): SurfaceDistances {
	if (prediction.width !== truth.width || prediction.height !== truth.height) throw new RangeError('the masks differ in size');
	const { width, height } = truth;
	const [marked, real] = [borderOf(prediction), borderOf(truth)];
	const along = (border: Uint8Array, other: Uint8Array): Float64Array => {
		const distance = distanceToSet(other, width, height, spacing);
		return distance.filter((_, i) => border[i] === 1);
	};
	return { fromPrediction: along(marked, real), fromTruth: along(real, marked) };
}

/** Both directions in one list. */
export function pooled({ fromPrediction, fromTruth }: SurfaceDistances): Float64Array {
	return Float64Array.from([...fromPrediction, ...fromTruth]);
}

/** A score or distance between two surfaces. */
export interface SurfaceMetric {
	readonly id: string;
	readonly name: string;
	readonly definition: string;
	readonly emptyRule: string;
	readonly higherIsBetter: boolean;
	/** Null where it is not defined; Infinity where one mask is empty and no distance can be given. */
	compute(distances: SurfaceDistances): number | null;
}

/** The rule of all distances. */
export const distanceEmptyRule = 'Not defined where truth and prediction are both empty; infinite where only one of them is.';

const isEmpty = ({ fromPrediction, fromTruth }: SurfaceDistances): boolean => fromPrediction.length + fromTruth.length === 0;

/** Applies the empty-mask rule of distances. */
export function distanceOf(distances: SurfaceDistances, measure: (distances: SurfaceDistances) => number): number | null {
	if (isEmpty(distances)) return null;
	return distances.fromPrediction.length === 0 || distances.fromTruth.length === 0 ? Infinity : measure(distances);
}

/** The value below which a share of the values lies, linear between neighbours, as NumPy and PyTorch have it. */
export function quantile(values: Float64Array, share: number): number {
	const sorted = values.slice().sort();
	const place = share * (sorted.length - 1);
	const below = sorted[Math.floor(place)] ?? Number.NaN;
	const above = sorted[Math.ceil(place)] ?? Number.NaN;
	return below === above ? below : below + (above - below) * (place - Math.floor(place));
}

export function largest(values: Float64Array): number {
	return values.reduce((most, value) => Math.max(most, value), 0);
}

export function meanOf(values: Float64Array): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
