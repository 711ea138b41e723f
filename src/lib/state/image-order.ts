/** Which images are looked through, and in which order: by what their truth holds and how the runs score on them. Pure. */
import { meanOfDefined } from '#lib/metrics/summary.ts';

export interface ScoredImage {
	readonly id: string;
	/** Of each run on this image; null where it is not defined. */
	readonly scores: readonly (number | null)[];
}

/** As they come, by the mean score of the runs, by how far the runs differ, or by the share of foreground in the truth. */
export type ImageOrder = 'given' | 'worst' | 'best' | 'disagreement' | 'foreground';

/** Mean over the runs that have a score; null without any. */
export const meanScore = ({ scores }: ScoredImage): number | null => meanOfDefined(scores);

/** Highest less lowest score; null for fewer than two. */
export function disagreement({ scores }: ScoredImage): number | null {
	const known = scores.filter((score) => score !== null);
	return known.length < 2 ? null : Math.max(...known) - Math.min(...known);
}

/** Sorted by a value, largest first; equals keep their order, and what has no value comes last. */
function descending<Item>(items: readonly Item[], value: (item: Item) => number | null): readonly Item[] {
	return items.toSorted((a, b) => {
		const [left, right] = [value(a), value(b)];
		if (left === null || right === null) return Number(left === null) - Number(right === null);
		return right - left;
	});
}

/** The images in that order. `foregroundShare` is of the truth, 0…1. */
export function orderImages<Image extends ScoredImage & { readonly foregroundShare: number }>(
	images: readonly Image[],
	order: ImageOrder,
): readonly Image[] {
	switch (order) {
		case 'given':
			return images;
		case 'worst':
			return descending(images, (image) => ((mean) => (mean === null ? null : -mean))(meanScore(image)));
		case 'best':
			return descending(images, meanScore);
		case 'disagreement':
			return descending(images, disagreement);
		case 'foreground':
			return descending(images, ({ foregroundShare }) => foregroundShare);
		default:
			return order satisfies never;
	}
}

/** All images (null), those whose truth has a class (its index), or those that are background alone (0). */
export type ImageFilter = number | null;

/** `pixels` are those of the truth by class, background first. */
export function passes(pixels: readonly number[], filter: ImageFilter): boolean {
	if (filter === null) return true;
	return filter === 0 ? pixels.slice(1).every((count) => count === 0) : (pixels[filter] ?? 0) > 0;
}

/** The filters that leave out some images and keep others, by class index; `images` are pixels by class. */
export function tellingFilters(images: readonly (readonly number[])[]): readonly number[] {
	const classes = images[0]?.map((_, index) => index) ?? [];
	return classes.filter((index) => {
		const kept = images.filter((pixels) => passes(pixels, index)).length;
		return kept > 0 && kept < images.length;
	});
}
