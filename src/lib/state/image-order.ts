/** In which order images are looked through, by how the runs score on them. Pure. */
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
