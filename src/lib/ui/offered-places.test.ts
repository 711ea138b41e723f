import { expect, it } from 'vitest';
import { offeredPlaces } from './offered-places.ts';

it('offers all of a short list', () => {
	expect(offeredPlaces(3, 1)).toEqual([0, 1, 2]);
	expect(offeredPlaces(400, 7)).toHaveLength(400);
});

it('offers neighbours and stops of a long one, so that any place is two choices away', () => {
	const places = offeredPlaces(10_000, 5_025);
	// 201 around the present one, of which 4,950, 5,000, 5,050 and 5,100 are stops too; 200 stops; the last.
	expect(places).toHaveLength(201 + 200 - 4 + 1);
	expect([places[0], places[1], places.at(-1)]).toEqual([0, 50, 9_999]);
	expect(places).toEqual([...places].sort((a, b) => a - b));
	for (let place = 0; place < 10_000; place += 7) expect(places.some((stop) => Math.abs(stop - place) <= 100)).toBe(true);
});
