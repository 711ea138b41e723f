/** A comparison of two losses in words. */
import type { PairComparison } from '#lib/stats/compare-pairs.ts';
import { formatScore } from './format.ts';

/** Which of two is better, or why that cannot be said. */
export function pairVerdict({ first, second, verdict }: Pick<PairComparison, 'first' | 'second' | 'verdict'>): string {
	switch (verdict) {
		case 'first':
			return `${first} is better`;
		case 'second':
			return `${second} is better`;
		case 'no-clear-difference':
			return 'no clear difference';
		case 'too-few':
			return 'too few images to tell';
		default:
			return verdict satisfies never;
	}
}

/** A difference with its sign: `+0.031`, `−0.004`. */
export function signedScore(value: number): string {
	return value > 0 ? `+${formatScore(value)}` : formatScore(value).replace('-', '−');
}
