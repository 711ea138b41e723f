/** Which places of a list a menu offers. Thousands of entries hold the page up, and nobody scrolls through them. Pure. */

/** Lists of up to this many are offered whole. */
const mostWhole = 400;
/** On either side of the present place. */
const around = 100;
/** Along the whole list. */
const stops = 200;

/** All places from 0, or of a long list those near the present one and stops along the way: any place is two choices away. */
export function offeredPlaces(count: number, present: number): number[] {
	const places = Array.from({ length: count }, (_, place) => place);
	if (count <= mostWhole) return places;
	const stride = Math.ceil(count / stops);
	return places.filter((place) => Math.abs(place - present) <= around || place % stride === 0 || place === count - 1);
}
