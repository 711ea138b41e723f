/** The most similar name, as a hint for files that no rule could pair. */
import type { ParsedPath } from './pair-names.ts';

/** Beyond this many candidates no hint is worked out: it would take too long. */
const maxCandidates = 500;
/** Below this similarity a hint would mislead. */
const minSimilarity = 0.5;

function bigrams(text: string): Map<string, number> {
	const counts = new Map<string, number>();
	for (let i = 0; i + 1 < text.length; i++) {
		const pair = text.slice(i, i + 2);
		counts.set(pair, (counts.get(pair) ?? 0) + 1);
	}
	return counts;
}

/** Dice coefficient of the bigrams of two names, 0…1. */
function similarity(a: string, b: string): number {
	if (a === b) return 1;
	if (a.length < 2 || b.length < 2) return 0;
	const inB = bigrams(b);
	let shared = 0;
	for (const [pair, count] of bigrams(a)) shared += Math.min(count, inB.get(pair) ?? 0);
	return (2 * shared) / (a.length + b.length - 2);
}

/** Path of the file whose name is most like `file`'s, or null when none is. */
export function nearestName(file: ParsedPath, others: readonly ParsedPath[]): string | null {
	if (others.length > maxCandidates) return null;
	let best: string | null = null;
	let bestSimilarity = minSimilarity;
	for (const other of others) {
		const score = similarity(file.imageCore, other.affix?.core ?? other.stem);
		if (score > bestSimilarity) [best, bestSimilarity] = [other.path, score];
	}
	return best;
}
