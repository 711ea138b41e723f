/** What most images are, and which are otherwise. */
import type { ConcernedImage } from './check.ts';
import type { ImageFacts } from './facts.ts';

interface Majority {
	readonly kinds: number;
	/** The most frequent kind; '' without images. */
	readonly most: string;
	/** Images of other kinds; none when those are half or more, as there is no rule then to be an exception to. */
	readonly others: readonly ConcernedImage[];
}

export function majority(images: readonly ImageFacts[], kindOf: (image: ImageFacts) => string): Majority {
	const counts = new Map<string, number>();
	for (const image of images) counts.set(kindOf(image), (counts.get(kindOf(image)) ?? 0) + 1);
	const [most = '', count = 0] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
	const others = images.filter((image) => kindOf(image) !== most).map((image) => ({ id: image.id, detail: kindOf(image) }));
	return { kinds: counts.size, most, others: count > images.length / 2 ? others : [] };
}
