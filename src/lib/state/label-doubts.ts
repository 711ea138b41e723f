/** Places where several runs agree with each other and not with the mask: perhaps the mask is wrong there. Pure. */
import type { Preview } from '#lib/core/run.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import { connectedComponents } from '#lib/pixels/components.ts';
import { resizeNearest } from '#lib/pixels/resize.ts';

export interface Doubt {
	/** What the mask has there and what all runs predict; 0 is the background. */
	readonly truthClass: number;
	readonly predictedClass: number;
	/** Pixels of the image. */
	readonly area: number;
	/** The smallest box around it, pixels of the image; right and bottom excluded. */
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

export interface DoubtsOnImage {
	/** Largest first. */
	readonly doubts: readonly Doubt[];
	/** Regions that are nowhere three pixels of the prediction wide: specks, and borders that run a little differently. */
	readonly rims: number;
}

interface Truth {
	readonly width: number;
	readonly height: number;
	/** Class per pixel, 255 where it is ignored. */
	readonly data: Uint8Array;
}

const classesOf = ({ kind, data }: Preview, thresholdLevel: number): Uint8Array =>
	kind === 'binary' ? data.map((level) => (level >= thresholdLevel ? 1 : 0)) : data;

/**
 * Connected regions where all predictions have one class and the mask another, at the size of the stored predictions.
 * No prediction agrees with nothing: without one there is no doubt.
 */
export function doubtsOn(predictions: readonly Preview[], truth: Truth, thresholdLevel: number): DoubtsOnImage {
	const [first, ...others] = predictions.map((preview) => classesOf(preview, thresholdLevel));
	const [{ width, height } = { width: 0, height: 0 }] = predictions;
	if (!first) return { doubts: [], rims: 0 };
	const mask = resizeNearest(truth.data, truth.width, truth.height, width, height);
	const agreed = (at: number): boolean => others.every((other) => other[at] === first[at]);
	const [across, down] = [truth.width / width, truth.height / height];
	const doubts: Doubt[] = [];
	let rims = 0;
	for (const predictedClass of new Set(first)) {
		// The mask's class + 1 where all runs have this class and the mask has not.
		const against = mask.map((is, at) =>
			is !== ignoredClass && is !== predictedClass && first[at] === predictedClass && agreed(at) ? is + 1 : 0,
		);
		for (const { code, pixels, isThick, box } of regionsOf(against, width, height)) {
			if (!isThick) rims++;
			else {
				doubts.push({
					truthClass: code - 1,
					predictedClass,
					area: Math.round(pixels * across * down),
					left: Math.floor(box.left * across),
					top: Math.floor(box.top * down),
					right: Math.ceil(box.right * across),
					bottom: Math.ceil(box.bottom * down),
				});
			}
		}
	}
	return { doubts: doubts.sort((a, b) => b.area - a.area), rims };
}

/** The regions of a map, each with its value and its pixels; `isThick` when three by three of them lie together. */
function regionsOf(map: Uint8Array, width: number, height: number) {
	const { labels, list } = connectedComponents(map, width, height);
	const regions = list.map((box) => ({ box, code: 0, pixels: 0, isThick: false }));
	labels.forEach((label, at) => {
		const region = regions[label - 1];
		if (!region) return;
		region.code = map[at] ?? 0;
		region.pixels++;
		region.isThick ||= isMiddle(labels, at, width, height);
	});
	return regions;
}

/** Whether all eight neighbours lie in the image and have the same label. */
function isMiddle(labels: Int32Array, at: number, width: number, height: number): boolean {
	const [x, y] = [at % width, Math.floor(at / width)];
	if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return false;
	return [-width, 0, width].every((row) => [-1, 0, 1].every((column) => labels[at + row + column] === labels[at]));
}
