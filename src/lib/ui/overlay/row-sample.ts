/** An image with its truth, as small as a wall of many shows it. */
import type { Raster } from '#lib/core/sample.ts';
import { displayPicture, type Picture } from './display.ts';
import { nearestAt, type ClassMap } from './maps.ts';
import { everyNth, fitWithin, shrink, stepTo } from './shrink.ts';

export interface RowSample {
	readonly image: Raster;
	readonly truth: ClassMap;
}

interface SmallSample {
	/** Of the square that it fits into. */
	readonly side: number;
	readonly image: Picture;
	readonly truth: ClassMap;
}

/** Made once per sample and size: scrubbing asks for it at every epoch. */
const made = new WeakMap<RowSample, SmallSample>();

/** Image and truth within a square of `side` pixels, never larger than they are. */
export function smallSample(sample: RowSample, side: number): SmallSample {
	const known = made.get(sample);
	if (known?.side === side) return known;
	const size = fitWithin(sample.image, side);
	const truth = { ...size, data: nearestAt(sample.truth, size) };
	// Twice the side is enough to take means over.
	const image = everyNth(sample.image, stepTo(sample.image, 2 * side));
	const small = { side, image: shrink(displayPicture(image), size), truth };
	made.set(sample, small);
	return small;
}
