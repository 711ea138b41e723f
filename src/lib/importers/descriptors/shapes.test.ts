import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillShape, rectangleShape, ringShape, type Shape } from './shapes.ts';

/** Rows of `#` and `.`. */
function drawn(shape: Exclude<Shape, { kind: 'bitmap' }>, width: number, height: number): string[] {
	const rows = Array.from({ length: height }, () => Array.from({ length: width }, () => '.'));
	fillShape(shape, width, height, (y, from, to) => rows[y]!.fill('#', from, to));
	return rows.map((row) => row.join(''));
}

const count = (rows: readonly string[]) => rows.join('').replaceAll('.', '').length;

describe('polygons', () => {
	test('a rectangle on whole coordinates covers exactly the pixels between them', () => {
		expect(drawn(rectangleShape(1, 1, 4, 3), 6, 4)).toEqual(['......', '.###..', '.###..', '......']);
	});

	test('corners in any order, points in either direction', () => {
		expect(drawn(rectangleShape(4, 3, 1, 1), 6, 4)).toEqual(drawn(rectangleShape(1, 1, 4, 3), 6, 4));
		expect(drawn(ringShape([1, 1, 1, 3, 4, 3, 4, 1]), 6, 4)).toEqual(drawn(rectangleShape(1, 1, 4, 3), 6, 4));
	});

	test('a pixel counts by its centre: an edge on it is inside at the left and top, outside at the right and bottom', () => {
		expect(drawn(rectangleShape(0.5, 0.5, 2.5, 2.5), 4, 4)).toEqual(['##..', '##..', '....', '....']);
		expect(drawn(rectangleShape(0.51, 0.51, 2.51, 2.51), 4, 4)).toEqual(['....', '.##.', '.##.', '....']);
	});

	test('a triangle, by hand: row y has centres y + ½, and its right edge there is at 6 − (y + ½)', () => {
		// Right edges 5.5, 4.5, …, 0.5; centres below them: 5, 4, 3, 2, 1, 0.
		expect(drawn(ringShape([0, 0, 6, 0, 0, 6]), 6, 6)).toEqual(['#####.', '####..', '###...', '##....', '#.....', '......']);
	});

	test('a ring that crosses itself is filled by the even-odd rule', () => {
		// An hourglass: full at top and bottom, one point at the crossing.
		expect(drawn(ringShape([0, 0, 6, 0, 0, 6, 6, 6]), 6, 6)).toEqual(['#####.', '.###..', '..#...', '..#...', '.###..', '#####.']);
	});

	test('holes are cut out; polygons of one shape are united even where they overlap', () => {
		const [outer, hole] = [Float64Array.of(0, 0, 5, 0, 5, 5, 0, 5), Float64Array.of(1, 1, 4, 1, 4, 4, 1, 4)];
		expect(drawn({ kind: 'polygons', polygons: [{ outer, holes: [hole] }] }, 5, 5)).toEqual(['#####', '#...#', '#...#', '#...#', '#####']);
		const two = {
			kind: 'polygons',
			polygons: [
				{ outer, holes: [] },
				{ outer: hole, holes: [] },
			],
		} as const;
		expect(count(drawn(two, 5, 5))).toBe(25);
	});

	test('what lies outside the image is cut off', () => {
		expect(drawn(rectangleShape(-5, -5, 2, 1), 4, 2)).toEqual(['##..', '....']);
		expect(count(drawn(rectangleShape(10, 10, 20, 20), 4, 2))).toBe(0);
	});

	test('points that name pixels include their edges: corners (1, 1) and (3, 2) are 3 × 2 pixels', () => {
		const outer = Float64Array.of(1, 1, 3, 1, 3, 2, 1, 2);
		expect(drawn({ kind: 'polygons', polygons: [{ outer, holes: [], pointsArePixels: true }] }, 5, 4)).toEqual([
			'.....',
			'.###.',
			'.###.',
			'.....',
		]);
	});

	test('property: two halves of a rectangle, cut anywhere, make the whole, and share no pixel', () => {
		const place = fc.double({ min: 0, max: 12, noNaN: true });
		fc.assert(
			fc.property(place, place, (upper, lower) => {
				const left = ringShape([0, 0, upper, 0, lower, 12, 0, 12]);
				const right = ringShape([upper, 0, 12, 0, 12, 12, lower, 12]);
				const hits = new Uint8Array(144);
				for (const half of [left, right]) {
					fillShape(half, 12, 12, (y, from, to) => {
						for (let x = from; x < to; x++) hits[y * 12 + x]!++;
					});
				}
				expect([...hits].every((hit) => hit === 1)).toBe(true);
			}),
		);
	});
});

describe('other shapes', () => {
	test('a circle of radius 2 around a corner of pixels, by hand', () => {
		// Centres at ±½ and ±1½: all but the four corners lie nearer than 2 (1.5² + 1.5² = 4.5 > 4).
		expect(drawn({ kind: 'ellipse', x: 3, y: 3, radiusX: 2, radiusY: 2, angle: 0 }, 6, 6)).toEqual([
			'......',
			'..##..',
			'.####.',
			'.####.',
			'..##..',
			'......',
		]);
	});

	test('an ellipse turned by a quarter has its axes exchanged', () => {
		const flat = drawn({ kind: 'ellipse', x: 4, y: 4, radiusX: 3.2, radiusY: 1.2, angle: 0 }, 8, 8);
		const turned = drawn({ kind: 'ellipse', x: 4, y: 4, radiusX: 1.2, radiusY: 3.2, angle: Math.PI / 2 }, 8, 8);
		expect(turned).toEqual(flat);
		expect(flat[3]).toBe('.######.');
	});

	test('runs go down the columns or along the rows of their box, beginning with outside', () => {
		const box = { kind: 'runs', left: 1, top: 1, width: 3, height: 2, lengths: Uint32Array.of(1, 3, 2) } as const;
		expect(drawn({ ...box, order: 'columns' }, 5, 4)).toEqual(['.....', '..#..', '.##..', '.....']);
		expect(drawn({ ...box, order: 'rows' }, 5, 4)).toEqual(['.....', '..##.', '.#...', '.....']);
	});
});
