/** Which of several losses is better than which, on the same images. */
import { bootstrapMean, resamples, type BootstrapInterval } from './bootstrap.ts';
import { holm, signedRankTest } from './signed-rank.ts';

/** One loss: a score for each image, higher is better; an image on which the score is not defined is missing. */
export interface ScoredImages {
	readonly name: string;
	readonly scores: ReadonlyMap<string, number>;
}

export interface PairComparison {
	readonly first: string;
	readonly second: string;
	/** Images on which both have a score. */
	readonly images: number;
	/** Images on which the first, or the second, scores higher. */
	readonly firstBetter: number;
	readonly secondBetter: number;
	/** Of first − second; null without an image. */
	readonly difference: BootstrapInterval | null;
	/** Signed-rank test, corrected by Holm for the number of pairs. */
	readonly pValue: number;
	/** `too-few`: so few images differ that no result of the test could have counted. */
	readonly verdict: 'first' | 'second' | 'no-clear-difference' | 'too-few';
}

/** The usual share of false alarms among all pairs together. */
const level = 0.05;

function differencesOf(first: ScoredImages, second: ScoredImages): number[] {
	return [...first.scores].flatMap(([image, score]) => {
		const other = second.scores.get(image);
		return other === undefined ? [] : [score - other];
	});
}

/** Every loss against every other, in the order given. */
export function comparePairs(losses: readonly ScoredImages[]): PairComparison[] {
	const pairs = losses.flatMap((first, i) =>
		losses.slice(i + 1).map((second) => ({ first, second, differences: differencesOf(first, second) })),
	);
	const tests = pairs.map(({ differences }) => signedRankTest(differences));
	const pValues = holm(tests.map((test) => test.pValue));
	const samplesBySize = new Map<number, Uint32Array>();
	const samplesOf = (n: number): Uint32Array => {
		const samples = samplesBySize.get(n) ?? resamples(n);
		samplesBySize.set(n, samples);
		return samples;
	};
	return pairs.map(({ first, second, differences }, index) => {
		const pValue = pValues[index] ?? 1;
		const difference = differences.length > 0 ? bootstrapMean(differences, samplesOf(differences.length)) : null;
		return {
			first: first.name,
			second: second.name,
			images: differences.length,
			firstBetter: differences.filter((value) => value > 0).length,
			secondBetter: differences.filter((value) => value < 0).length,
			difference,
			pValue,
			verdict: verdictOf(differences.length, pairs.length, pValue, difference?.mean ?? 0),
		};
	});
}

function verdictOf(images: number, pairs: number, pValue: number, mean: number): PairComparison['verdict'] {
	if (pValue <= level && mean !== 0) return mean > 0 ? 'first' : 'second';
	// The smallest p that this many images can give: all differences on one side, 2 / 2ⁿ.
	return (pairs * 2) / 2 ** images > level ? 'too-few' : 'no-clear-difference';
}
