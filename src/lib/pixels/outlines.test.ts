import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillRings } from './fill-rings.ts';
import { outlines } from './outlines.ts';

/** The outlines of the ones among rows of digits. */
function outlinesOf(...rows: readonly string[]): number[][] {
	const width = rows[0]?.length ?? 0;
	return outlines([...rows.join('')].map(Number), 1, width, { left: 0, top: 0, right: width, bottom: rows.length });
}

/** The pixels that each polygon covers by itself: how often each pixel is covered, as rows of digits. */
function covered(polygons: readonly (readonly number[])[], width: number, height: number): number[] {
	const counts = Array.from({ length: width * height }, () => 0);
	for (const polygon of polygons) {
		fillRings(Float64Array.from(polygon), [], 0, width, height, (y, from, to) => {
			for (let x = from; x < to; x++) counts[y * width + x]!++;
		});
	}
	return counts;
}

/** How often a line goes clockwise around the centre of a pixel: the edges that pass to the right of it, down less up. */
function windings(polygon: readonly number[], x: number, y: number): number {
	let sum = 0;
	for (let i = 0, j = polygon.length - 2; i < polygon.length; j = i, i += 2) {
		const [xa, ya, yb] = [polygon[j]!, polygon[j + 1]!, polygon[i + 1]!];
		if (xa > x && Math.min(ya, yb) <= y && Math.max(ya, yb) > y) sum += Math.sign(yb - ya);
	}
	return sum;
}

describe('outlines', () => {
	test('go clockwise along the edges of pixels, with a point at each corner only', () => {
		expect(outlinesOf('000', '011', '011')).toEqual([[3, 1, 3, 3, 1, 3, 1, 1]]);
		expect(outlinesOf('110', '100')).toEqual([[2, 0, 2, 1, 1, 1, 1, 2, 0, 2, 0, 0]]);
	});

	test('of pixels that touch at a corner are two', () => {
		expect(outlinesOf('10', '01')).toEqual([
			[1, 0, 1, 1, 0, 1, 0, 0],
			[2, 1, 2, 2, 1, 2, 1, 1],
		]);
	});

	test('go into a hole and out again along the same edge, level with the top of its leftmost pixel', () => {
		expect(outlinesOf('111', '101', '111')).toEqual([[3, 0, 3, 3, 0, 3, 0, 1, 1, 1, 1, 2, 2, 2, 2, 1, 0, 1, 0, 0]]);
	});

	test('need no cut where a hole is open at a corner', () => {
		expect(outlinesOf('110', '101', '111')).toEqual([[2, 0, 2, 1, 1, 1, 1, 2, 2, 2, 2, 1, 3, 1, 3, 3, 0, 3, 0, 0]]);
	});

	test('stay inside their box and leave other values out', () => {
		expect(outlines([1, 2, 1, 1], 1, 4, { left: 2, top: 0, right: 4, bottom: 1 })).toEqual([[4, 0, 4, 1, 2, 1, 2, 0]]);
	});

	test('cover each pixel of the region once and no other, whatever its holes, by the even-odd rule and by the non-zero rule', () => {
		const maps = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([width, height]) =>
			fc.tuple(
				fc.constant(width),
				// Mostly inside, so that there are holes, and holes in what is inside of holes.
				fc.array(fc.constantFrom(0, 1, 1, 1), { minLength: width * height, maxLength: width * height }),
			),
		);
		fc.assert(
			fc.property(maps, ([width, map]) => {
				const height = map.length / width;
				const polygons = outlines(map, 1, width, { left: 0, top: 0, right: width, bottom: height });
				expect(covered(polygons, width, height)).toEqual(map);
				const wound = map.map((_, at) => {
					const [x, y] = [(at % width) + 0.5, Math.floor(at / width) + 0.5];
					return polygons.reduce((sum, polygon) => sum + windings(polygon, x, y), 0);
				});
				expect(wound).toEqual(map);
			}),
			{ numRuns: 500 },
		);
	});
});
