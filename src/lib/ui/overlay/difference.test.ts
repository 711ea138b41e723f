import { describe, expect, it } from 'vitest';
import { differenceCounts, differenceOf, verdict } from './difference.ts';

const { neither, firstOnly, secondOnly, both, apart, ignored } = verdict;

describe('where two runs differ', () => {
	it('tells who says foreground', () => {
		const verdicts = differenceOf(Uint8Array.of(0, 1, 0, 1, 1), Uint8Array.of(0, 0, 1, 1, 1), null, null);
		expect([...verdicts]).toEqual([neither, firstOnly, secondOnly, both, both]);
		expect(differenceCounts(verdicts)).toEqual({ neither: 1, firstOnly: 1, secondOnly: 1, both: 2, apart: 0, total: 5 });
	});

	it('tells two foreground classes apart', () => {
		expect([...differenceOf(Uint8Array.of(1, 2, 2), Uint8Array.of(2, 2, 0), null, null)]).toEqual([apart, both, firstOnly]);
	});

	it('asks about one class alone when one is in focus', () => {
		// Class 2: the first says it at the second and third pixel, the second at the first and second.
		expect([...differenceOf(Uint8Array.of(1, 2, 2), Uint8Array.of(2, 2, 0), null, 2)]).toEqual([secondOnly, both, firstOnly]);
	});

	it('leaves ignored pixels out of every count', () => {
		const verdicts = differenceOf(Uint8Array.of(1, 1, 0), Uint8Array.of(0, 0, 0), Uint8Array.of(255, 0, 1), null);
		expect([...verdicts]).toEqual([ignored, firstOnly, neither]);
		expect(differenceCounts(verdicts)).toMatchObject({ firstOnly: 1, neither: 1, total: 2 });
	});
});
