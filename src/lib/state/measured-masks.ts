/** From predictions at native size to measures of masks, image by image and over images. Pure. */
import { ignoredClass } from '#lib/core/sample.ts';
import { maskMeasures, maskPair, type MeasureChoice } from '#lib/metrics/mask-measures.ts';
import { meanOfDefined } from '#lib/metrics/summary.ts';
import type { Mask } from '#lib/metrics/surface.ts';
import { meanInterval } from '#lib/stats/interval.ts';

/** One prediction or truth, one entry a pixel. */
interface PixelMap {
	readonly width: number;
	readonly height: number;
	readonly data: Uint8Array;
}

export interface MeasuredView extends MeasureChoice {
	readonly thresholdLevel: number;
	/** Foreground classes; the mean over those on which a measure is defined is the image's. */
	readonly classes: readonly number[];
}

export type ImageMeasures = Readonly<Record<string, number | null>>;

/** A class of a prediction and of the truth as masks. Pixels that are ignored lie outside both. */
function masksOf(
	prediction: PixelMap & { readonly kind: 'binary' | 'classes' },
	truth: PixelMap,
	classIndex: number,
	level: number,
): readonly [Mask, Mask] {
	const { width, height } = truth;
	const marks = (value: number): boolean => (prediction.kind === 'binary' ? value >= level : value === classIndex);
	const marked = prediction.data.map((value, at) => (truth.data[at] !== ignoredClass && marks(value) ? 1 : 0));
	const real = truth.data.map((value) => (value === classIndex ? 1 : 0));
	return [
		{ data: marked, width: prediction.width, height: prediction.height },
		{ data: real, width, height },
	];
}

/** Every measure of one image, by id; Infinity where a class has pixels in one mask only and a distance is asked for. */
export function measureImage(
	prediction: PixelMap & { readonly kind: 'binary' | 'classes' },
	truth: PixelMap,
	view: MeasuredView,
): ImageMeasures {
	const pairs = view.classes.map((classIndex) => maskPair(...masksOf(prediction, truth, classIndex, view.thresholdLevel), view));
	return Object.fromEntries(maskMeasures(view).map((measure) => [measure.id, meanOfDefined(pairs.map((pair) => measure.compute(pair)))]));
}

/** One measure over images. */
export interface MeasureSummary {
	/** Over the images with a finite value; null without one. */
	readonly mean: number | null;
	/** Divisor n − 1; null for fewer than two. */
	readonly sd: number | null;
	readonly n: number;
	/** Images with one empty mask, to which no distance can be given. */
	readonly infinite: number;
	/** Images on which it is not defined. */
	readonly undefinedOn: number;
}

export function summariseMeasure(values: readonly (number | null)[]): MeasureSummary {
	const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
	const { mean, sd } = finite.length > 0 ? meanInterval(finite) : { mean: null, sd: null };
	return {
		mean,
		sd,
		n: finite.length,
		infinite: values.filter((value) => value === Infinity).length,
		undefinedOn: values.filter((value) => value === null).length,
	};
}
