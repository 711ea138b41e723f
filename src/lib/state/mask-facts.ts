/** What the masks of a data set are like, in the numbers that the choice of a loss turns on. Pure. */
import { ignoredClass } from '#lib/core/sample.ts';
import { connectedComponents } from '#lib/pixels/components.ts';
import { distanceToSet } from '#lib/pixels/distance.ts';

interface ClassMap {
	readonly width: number;
	readonly height: number;
	/** Class index per pixel, 255 where it is ignored. */
	readonly data: Uint8Array;
}

export interface MaskFacts {
	readonly images: number;
	/** Masks without any foreground. */
	readonly empty: number;
	readonly classes: number;
	/** Share of the foreground of all pixels that count. */
	readonly foreground: number;
	/** Share of the rarest class that occurs, background included. */
	readonly rarest: number;
	/** Connected objects. */
	readonly objects: number;
	/** Median area of an object over that of its image; null without an object. */
	readonly medianObject: number | null;
	/**
	 * Length over width of the objects, the mean weighted by area: near 2 for discs and squares, the length over the width of
	 * a line; null without an object.
	 */
	readonly elongation: number | null;
}

/** Areas, and length over width, of the objects of one mask. A line of width w has the mean depth w/4, so w = 4·depth and the length is area/w. */
function objectsOf({ data, width, height }: ClassMap): { readonly area: number; readonly elongation: number }[] {
	const { labels, list } = connectedComponents(data, width, height);
	const sums = list.map(() => ({ area: 0, depth: 0 }));
	const outside = Uint8Array.from(labels, (label) => (label === 0 ? 1 : 0));
	const depths = distanceToSet(outside, width, height);
	labels.forEach((label, at) => {
		const sum = sums[label - 1];
		if (!sum) return;
		sum.area++;
		// To the edge of the pixel rather than to the middle of the next.
		sum.depth += (depths[at] ?? 0) - 0.5;
	});
	return sums.map(({ area, depth }) => ({ area, elongation: area / Math.max(1, (4 * depth) / area) ** 2 }));
}

/** @param classes how many the scheme has, background included */
export function maskFacts(masks: readonly ClassMap[], classes: number): MaskFacts {
	const pixels = Array.from({ length: classes }, () => 0);
	const objects: { share: number; area: number; elongation: number }[] = [];
	let empty = 0;
	for (const mask of masks) {
		let foreground = 0;
		for (const value of mask.data) {
			if (value === ignoredClass) continue;
			pixels[value] = (pixels[value] ?? 0) + 1;
			if (value > 0) foreground++;
		}
		if (foreground === 0) empty++;
		for (const found of objectsOf(mask)) objects.push({ ...found, share: found.area / mask.data.length });
	}
	const all = pixels.reduce((sum, count) => sum + count, 0);
	const area = objects.reduce((sum, object) => sum + object.area, 0);
	const shares = objects.map(({ share }) => share).sort((a, b) => a - b);
	return {
		images: masks.length,
		empty,
		classes,
		foreground: all === 0 ? 0 : 1 - (pixels[0] ?? 0) / all,
		rarest: all === 0 ? 0 : Math.min(...pixels.filter((count) => count > 0)) / all,
		objects: objects.length,
		medianObject: shares[shares.length >> 1] ?? null,
		elongation: area === 0 ? null : objects.reduce((sum, object) => sum + object.elongation * object.area, 0) / area,
	};
}
