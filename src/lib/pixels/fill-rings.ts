/**
 * The pixels inside closed lines, by the even-odd rule. Coordinates are continuous, pixel (x, y) covers [x, x+1) × [y, y+1), and
 * it is inside when its centre (x + ½, y + ½) is. A centre exactly on a left or upper edge is inside, one on a right or lower
 * edge is outside: shapes that share an edge neither overlap nor leave a gap.
 */

/** A closed line as x, y, x, y, … in pixels; the last point joins the first. */
export type Ring = Float64Array;

/** Calls back for the pixels [from, to) of row `y`. */
export type FillSpan = (y: number, from: number, to: number) => void;

/** Adds the places where the ring crosses the rows' centre lines: `rows[y - top]` holds their x. */
function addCrossings(ring: Ring, offset: number, top: number, rows: number[][]): void {
	const count = ring.length / 2;
	for (let i = 0, j = count - 1; i < count; j = i++) {
		const [xa, ya, xb, yb] = [ring[2 * j]! + offset, ring[2 * j + 1]! + offset, ring[2 * i]! + offset, ring[2 * i + 1]! + offset];
		if (ya === yb) continue;
		const [upper, lower] = ya < yb ? [ya, yb] : [yb, ya];
		// Half open: a corner on a centre line belongs to the edge below it only.
		const first = Math.max(top, Math.ceil(upper - 0.5));
		const end = Math.min(top + rows.length, Math.ceil(lower - 0.5));
		const slope = (xb - xa) / (yb - ya);
		for (let y = first; y < end; y++) rows[y - top]!.push(xa + (y + 0.5 - ya) * slope);
	}
}

function fillBetween(crossings: number[], y: number, width: number, fill: FillSpan): void {
	crossings.sort((a, b) => a - b);
	for (let i = 0; i + 1 < crossings.length; i += 2) {
		const from = Math.max(0, Math.ceil(crossings[i]! - 0.5));
		const to = Math.min(width, Math.ceil(crossings[i + 1]! - 0.5));
		if (from < to) fill(y, from, to);
	}
}

/** Fills `outer` without `holes`, cut off at the image. `offset` is added to every coordinate. */
export function fillRings(outer: Ring, holes: readonly Ring[], offset: number, width: number, height: number, fill: FillSpan): void {
	let [top, bottom] = [height, 0];
	for (let i = 1; i < outer.length; i += 2) {
		top = Math.min(top, Math.floor(outer[i]!));
		bottom = Math.max(bottom, Math.ceil(outer[i]!) + 1);
	}
	top = Math.max(0, top);
	const rows = Array.from({ length: Math.max(0, Math.min(height, bottom) - top) }, (): number[] => []);
	for (const ring of [outer, ...holes]) addCrossings(ring, offset, top, rows);
	rows.forEach((crossings, index) => fillBetween(crossings, top + index, width, fill));
}
