/** What every check on the shelf provides, and the words they share. */
import type { Part } from '#lib/core/split.ts';
import type { DatasetFacts, ImageFacts } from './facts.ts';

/** What a person can do about a finding with one click. Nothing is done unasked, and each can be taken back. */
export type Mend =
	/** Background and foreground change places. */
	| { readonly kind: 'flip-polarity'; readonly label: string }
	/** Images go to these parts of the split, by id. */
	| { readonly kind: 'set-parts'; readonly label: string; readonly parts: Readonly<Record<string, Part>> };

export interface ConcernedImage {
	readonly id: string;
	/** What is so about it, as a short phrase; may be ''. */
	readonly detail: string;
}

export interface Finding {
	/** `error`: nothing can be learnt or believed so. `warning`: results will probably suffer. `info`: good to know. */
	readonly severity: 'error' | 'warning' | 'info';
	/** What was found, as a sentence without its full stop. */
	readonly title: string;
	/** The images concerned, the most telling first; none where it is about the set as a whole. */
	readonly images: readonly ConcernedImage[];
	/** What it means, as sentences. */
	readonly meaning: string;
	/** What to do, as sentences. */
	readonly remedy: string;
	readonly mend: Mend | null;
}

/** One thing to look for. */
export interface Check {
	/** Unique on the shelf. */
	readonly id: string;
	/** What is wrong; nothing where all is well, or where what it needs was not measured yet. */
	find(facts: DatasetFacts): Finding[];
}

/** `1 image`, `12 images`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** With two figures: `23 %`, `0.15 %`. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/** Images whose pixels were looked at. */
export function measured(images: readonly ImageFacts[]): (ImageFacts & { readonly pixels: NonNullable<ImageFacts['pixels']> })[] {
	return images.flatMap((image) => (image.pixels === null ? [] : [{ ...image, pixels: image.pixels }]));
}

/** A mend that takes images out of training, validation and test. */
export function leaveOut(ids: readonly string[], label: string): Mend {
	return { kind: 'set-parts', label, parts: Object.fromEntries(ids.map((id) => [id, 'unused'])) };
}
