/** Which images stand for an experiment in its report. Pure. */
import { disagreement, meanScore, type ScoredImage } from './image-order.ts';

export interface PickedImage {
	readonly id: string;
	/** Why this one, in a few words. */
	readonly why: string;
}

/** The image with the largest value; the first of equals. Null where none has one. */
function largest(images: readonly ScoredImage[], value: (image: ScoredImage) => number | null): ScoredImage | null {
	const valued = images.flatMap((image) => {
		const own = value(image);
		return own === null ? [] : [{ image, own }];
	});
	return (
		valued.reduce<{ image: ScoredImage; own: number } | null>((best, entry) => (best && best.own >= entry.own ? best : entry), null)
			?.image ?? null
	);
}

/** The image on which the runs differ most, the one with the lowest mean score, and the one with the highest; each once. */
export function pickImages(images: readonly ScoredImage[]): readonly PickedImage[] {
	const wanted = [
		['the losses differ most here', disagreement],
		['the lowest mean score', (image: ScoredImage) => ((mean) => (mean === null ? null : -mean))(meanScore(image))],
		['the highest mean score', meanScore],
	] as const;
	const picked = new Map<string, string[]>();
	for (const [why, value] of wanted) {
		const image = largest(images, value);
		if (image) picked.set(image.id, [...(picked.get(image.id) ?? []), why]);
	}
	return [...picked].map(([id, reasons]) => ({ id, why: reasons.join(', ') }));
}
