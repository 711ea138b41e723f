import { expect, it } from 'vitest';
import { comparePairs, type ScoredImages } from './compare-pairs.ts';

function scored(name: string, ...scores: readonly (number | null)[]): ScoredImages {
	return { name, scores: new Map(scores.flatMap((score, i) => (score === null ? [] : [[`image ${i}`, score] as const]))) };
}

it('counts the images that both losses have a score for', () => {
	const [pair] = comparePairs([scored('Dice', 0.9, 0.8, null, 0.7, 0.5), scored('CE', 0.8, 0.9, 0.9, 0.7, null)]);
	expect(pair).toMatchObject({ first: 'Dice', second: 'CE', images: 3, firstBetter: 1, secondBetter: 1 });
	expect(pair?.difference?.mean).toBeCloseTo(0, 12); // (0.1 − 0.1 + 0) / 3
});

it('calls a loss better that wins on eight images of eight: p = 2 / 2⁸', () => {
	const better = scored('A', ...Array.from({ length: 8 }, (_, i) => 0.5 + (i + 1) / 50));
	const worse = scored('B', ...Array.from({ length: 8 }, () => 0.5));
	const [pair] = comparePairs([better, worse]);
	expect(pair?.pValue).toBeCloseTo(2 / 256, 12);
	expect(pair?.verdict).toBe('first');
	expect(comparePairs([worse, better])[0]?.verdict).toBe('second');
});

it('corrects for looking at three pairs: 8 images of 8 then give 3 · 2 / 2⁸', () => {
	const steps = (by: number): ScoredImages => scored(String(by), ...Array.from({ length: 8 }, (_, i) => 0.1 * by + (by * (i + 1)) / 100));
	const [first] = comparePairs([steps(3), steps(2), steps(1)]);
	expect(first?.pValue).toBeCloseTo(6 / 256, 12);
});

it('says that five images are too few, whatever they show', () => {
	// 2 / 2⁵ = 0.0625 is above 0.05; six images give 0.03125.
	const rising = (n: number): ScoredImages => scored('A', ...Array.from({ length: n }, (_, i) => 0.6 + i / 100));
	const flat = (n: number): ScoredImages => scored('B', ...Array.from({ length: n }, () => 0.5));
	expect(comparePairs([rising(5), flat(5)])[0]?.verdict).toBe('too-few');
	expect(comparePairs([rising(6), flat(6)])[0]?.verdict).toBe('first');
});

it('finds no clear difference between equal losses, and none without an image', () => {
	const same = Array.from({ length: 20 }, (_, i) => i / 20);
	expect(comparePairs([scored('A', ...same), scored('B', ...same)])[0]).toMatchObject({ verdict: 'no-clear-difference', pValue: 1 });
	expect(comparePairs([scored('A'), scored('B')])[0]).toMatchObject({ images: 0, difference: null, verdict: 'too-few' });
	expect(comparePairs([scored('A', 0.5)])).toEqual([]);
});
