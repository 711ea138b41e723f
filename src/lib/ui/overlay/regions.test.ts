import { describe, expect, it } from 'vitest';
import { edgesOf, everyClass, outcomesOf, regionsOf } from './regions.ts';

describe('outcomes', () => {
	// TP 1, FP 2, FN 3.
	it('count any foreground against background, and a wrong class as a false positive', () => {
		expect([...outcomesOf(Uint8Array.of(0, 1, 1, 0, 2), Uint8Array.of(0, 1, 0, 1, 1), null)]).toEqual([0, 1, 2, 3, 2]);
	});

	it('judge one class against all others', () => {
		expect([...outcomesOf(Uint8Array.of(0, 1, 2, 2), Uint8Array.of(2, 1, 2, 1), 2)]).toEqual([3, 0, 1, 2]);
	});

	it('leave ignored pixels out', () => {
		expect([...outcomesOf(Uint8Array.of(1, 0), Uint8Array.of(255, 255), null)]).toEqual([0, 0]);
	});
});

describe('edges', () => {
	it('are found where a region ends, but not at the border of the image', () => {
		// A block of three rows at the lower left of a 5 × 4 map; its inside touches the image's border.
		const block = Uint8Array.from([0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0]);
		const edges = edgesOf(block, { width: 5, height: 4, stroke: 1 }, everyClass);
		// Across the top 1, down the right side 2.
		expect([...edges]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0]);
	});

	it('lie between two foreground classes too, unless one of them is in focus', () => {
		const pair = Uint8Array.of(1, 1, 2, 2);
		expect([...edgesOf(pair, { width: 4, height: 1, stroke: 1 }, everyClass)]).toEqual([0, 2, 2, 0]);
		expect([...edgesOf(pair, { width: 4, height: 1, stroke: 1 }, regionsOf(2))]).toEqual([0, 0, 2, 0]);
	});
});
