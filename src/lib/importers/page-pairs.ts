/** From pairs of files to pairs of their pages: the first page of each together, the second of each, and so on. */
import type { CandidatePair, Result } from './candidate-pairs.ts';
import type { UnmatchedFile } from './pair.ts';

/** The paths of the pages of a file, in order: its own where it is one picture; null where it could not be read. */
export type PagesOf = (path: string) => readonly string[] | null;

const quoted = (path: string, pages: number): string => `“${path}” is ${pages === 1 ? 'one picture' : `${pages} pages or tiles`}`;

const masksOf = ({ maskPaths, regionPath }: CandidatePair): string[] => [...maskPaths, ...(regionPath === null ? [] : [regionPath])];

class Pages {
	readonly #pagesOf: PagesOf;
	readonly #isFree: (path: string) => boolean;

	constructor(pagesOf: PagesOf, isFree: (path: string) => boolean) {
		this.#pagesOf = pagesOf;
		this.#isFree = isFree;
	}

	#of(path: string): readonly string[] {
		return this.#pagesOf(path) ?? [path];
	}

	/** Why the pages of a pair cannot be joined, as a sentence, '' where a damaged file is the reason; null when they can. */
	problem(pair: CandidatePair): string | null {
		const { imagePath, drawn } = pair;
		const count = this.#of(imagePath).length;
		if (drawn && count > 1)
			return `${quoted(imagePath, count)}, and “${drawn.path}” does not say which one its shapes are on. The shapes were left out; save each as a file of its own to use them.`;
		const others = [...pair.channelPaths, ...masksOf(pair)];
		const other = others.find((path) => this.#of(path).length !== count);
		if (other === undefined) return null;
		if ([imagePath, ...others].some((path) => this.#pagesOf(path) === null)) return '';
		return `${quoted(imagePath, count)}, but ${quoted(other, this.#of(other).length)}. They belong together one to one, so none was paired; open files with as many as each other, or pair single ones by hand.`;
	}

	/** The pairs of pages of a pair whose files have equally many. */
	pairs(pair: CandidatePair): CandidatePair[] {
		if (this.#of(pair.imagePath).length === 1) return [pair];
		const page = (path: string, index: number): string => this.#of(path)[index] ?? path;
		return this.#of(pair.imagePath).map((imagePath, index) => ({
			...pair,
			imagePath,
			maskPaths: pair.maskPaths.map((path) => page(path, index)),
			channelPaths: pair.channelPaths.map((path) => page(path, index)),
			regionPath: pair.regionPath === null ? null : page(pair.regionPath, index),
			rule: `${pair.rule} Picture ${index + 1} of each.`,
		}));
	}

	/** The free pages of a file without a partner; each is like the same page of the most similar file. */
	unmatched({ path, nearest }: UnmatchedFile): UnmatchedFile[] {
		const guesses = nearest === undefined ? [] : this.#of(nearest);
		const pages = this.#of(path);
		return pages.flatMap((page, index) => {
			if (!this.#isFree(page)) return [];
			const guess = guesses.length === pages.length ? guesses[index] : undefined;
			return [guess === undefined || !this.#isFree(guess) ? { path: page } : { path: page, nearest: guess }];
		});
	}
}

/**
 * Replaces files by their pages. Nothing is guessed where the files of a pair have different numbers of pages: all their pages are
 * unmatched, and a note says so. A page that is not free leaves the pages that it would have been joined to unmatched.
 */
export function inPages(
	files: Result,
	pagesOf: PagesOf,
	isFree: (path: string) => boolean,
): { readonly result: Result; readonly notes: readonly string[] } {
	const pages = new Pages(pagesOf, isFree);
	const notes: string[] = [];
	const left = (paths: readonly string[]): UnmatchedFile[] => paths.flatMap((path) => pages.unmatched({ path }));
	const result: Result = { ...files, pairs: [], unmatchedImages: [], unmatchedMasks: [] };
	const leave = (pair: CandidatePair): void => {
		result.unmatchedImages.push(...left([pair.imagePath, ...pair.channelPaths]));
		result.unmatchedMasks.push(...left(masksOf(pair)));
	};
	for (const pair of files.pairs) {
		const problem = pages.problem(pair);
		if (problem !== null) {
			if (problem !== '') notes.push(problem);
			leave(pair);
			continue;
		}
		for (const page of pages.pairs(pair)) {
			if ([page.imagePath, ...page.channelPaths, ...masksOf(page)].every(isFree)) result.pairs.push(page);
			else leave(page);
		}
	}
	result.unmatchedImages.push(...files.unmatchedImages.flatMap((file) => pages.unmatched(file)));
	result.unmatchedMasks.push(...files.unmatchedMasks.flatMap((file) => pages.unmatched(file)));
	return { result, notes };
}
