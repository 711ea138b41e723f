import { describe, expect, it } from 'vitest';
import { RandomStream } from '#lib/core/random.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import { connectedComponents } from './components.ts';
import { distanceToSet } from './distance.ts';
import { applySymmetry, type Symmetry } from './symmetry.ts';
import { prepareTarget, targetNames } from './targets.ts';

/** Every pixel against every pixel. */
function slowDistance(inSet: Uint8Array, width: number): number[] {
	const places = [...inSet].flatMap((inside, i) => (inside > 0 ? [i] : []));
	const apart = (a: number, b: number): number => Math.hypot((a % width) - (b % width), Math.floor(a / width) - Math.floor(b / width));
	return Array.from(inSet, (_, i) => Math.min(...places.map((place) => apart(i, place))));
}

describe('distanceToSet', () => {
	it.each([
		[1, 1, 1],
		[13, 9, 0.02],
		[9, 13, 0.3],
		[17, 1, 0.2],
		[1, 17, 0.2],
		[16, 16, 0.95],
	])('equals a search over all pixels on %i × %i with a share of %f', (width, height, share) => {
		const draw = new RandomStream(width * 100 + height, 'sample');
		const inSet = Uint8Array.from({ length: width * height }, (_, i) => (draw.uniform(i) < share || i === 0 ? 1 : 0));
		const fast = distanceToSet(inSet, width, height);
		slowDistance(inSet, width).forEach((distance, i) => expect(fast[i]).toBeCloseTo(distance, 9));
	});

	it('is infinite without a set', () => {
		expect([...distanceToSet(new Uint8Array(4), 2, 2)]).toEqual([Infinity, Infinity, Infinity, Infinity]);
	});
});

describe('connectedComponents', () => {
	it('joins pixels of one class along edges only', () => {
		// prettier-ignore
		const classes = Uint8Array.from([
			1, 1, 0, 2,
			0, 1, 2, 2,
			1, 0, ignoredClass, 0,
		]);
		const { labels, list } = connectedComponents(classes, 4, 3);
		// prettier-ignore
		expect([...labels]).toEqual([
			1, 1, 0, 2,
			0, 1, 2, 2,
			3, 0, 0, 0,
		]);
		expect(list[0]).toEqual({ left: 0, top: 0, right: 2, bottom: 2 });
		expect(list[1]).toEqual({ left: 2, top: 0, right: 4, bottom: 2 });
	});

	it('joins them at corners too where all eight neighbours count', () => {
		// prettier-ignore
		const classes = Uint8Array.from([
			1, 0, 0, 1,
			0, 1, 2, 0,
			1, 0, 0, 2,
		]);
		// prettier-ignore
		expect([...connectedComponents(classes, 4, 3, 8).labels]).toEqual([
			1, 0, 0, 2,
			0, 1, 3, 0,
			1, 0, 0, 3,
		]);
	});
});

describe('signedDistance', () => {
	it('is positive outside and negative inside', () => {
		const map = prepareTarget('signedDistance', Uint8Array.from([0, 0, 1, 1, 1]), 5, 1, 1);
		expect([...map]).toEqual([2, 1, -1, -2, -3]);
	});

	it('has a map for every class, and zeros for one that is missing', () => {
		const map = prepareTarget('signedDistance', Uint8Array.from([0, 0, 2]), 3, 1, 3);
		expect([...map]).toEqual([-2, 0, 2, -1, 0, 1, 1, 0, -1]);
	});

	it('is zero on empty and full masks', () => {
		expect([...prepareTarget('signedDistance', Uint8Array.from([0, 0]), 2, 1, 1)]).toEqual([0, 0]);
		expect([...prepareTarget('signedDistance', Uint8Array.from([1, 1, ignoredClass]), 3, 1, 1)]).toEqual([0, 0, 0]);
	});

	it('does not measure to ignored pixels', () => {
		// The last pixel's nearest other pixel is the first, three away.
		const map = prepareTarget('signedDistance', Uint8Array.from([0, ignoredClass, ignoredClass, 1]), 4, 1, 1);
		expect(map[3]).toBe(-3);
	});
});

describe('instanceGap', () => {
	it('adds the distances to the two nearest instances', () => {
		// From the left: on instance 1, 1 + 2 away, 2 + 1 away, on instance 2.
		expect([...prepareTarget('instanceGap', Uint8Array.from([1, 0, 0, 1]), 4, 1, 1)]).toEqual([3, 3, 3, 3]);
		expect([...prepareTarget('instanceGap', Uint8Array.from([1, 0, 0, 0, 0, 1, 0, 1]), 8, 1, 1)]).toEqual([5, 5, 5, 5, 4, 2, 2, 2]);
	});

	it('finds no gap beside a single instance or out of reach', () => {
		expect([...prepareTarget('instanceGap', Uint8Array.from([1, 1, 0]), 3, 1, 1)]).toEqual([10000, 10000, 10000]);
		const far = new Uint8Array(200);
		far[0] = 1;
		far[199] = 1;
		expect(prepareTarget('instanceGap', far, 200, 1, 1)[100]).toBe(10000);
	});

	it('is the same in every channel', () => {
		expect([...prepareTarget('instanceGap', Uint8Array.from([1, 0, 2]), 3, 1, 3)]).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2]);
	});
});

describe.each(targetNames)('%s', (name) => {
	const layings = [false, true].flatMap((flip) => [0, 1, 2, 3].map((turns): Symmetry => ({ flip, turns })));

	it.each([
		[16, 1, 0.3],
		[23, 3, 0.6],
		[150, 1, 0.0005],
	])('moves with the mask, to the bit, on %i² with %i outputs and a share of %f', (size, channels, share) => {
		const draw = new RandomStream(size, 'sample');
		const kinds = channels === 1 ? [1, 1, ignoredClass] : [1, 2, ignoredClass];
		const classes = Uint8Array.from({ length: size * size }, (_, i) =>
			draw.uniform(2 * i) < share ? (kinds[draw.integer(2 * i + 1, 3)] ?? 0) : 0,
		);
		const map = prepareTarget(name, classes, size, size, channels);
		for (const symmetry of layings) {
			const laid = applySymmetry(classes, new Uint8Array(classes.length), size, 1, symmetry);
			const expected = applySymmetry(map, new Float32Array(map.length), size, channels, symmetry);
			expect(prepareTarget(name, laid, size, size, channels)).toEqual(expected);
		}
	});
});

it('refuses a name that nothing prepares', () => {
	expect(() => prepareTarget('thickness', new Uint8Array(1), 1, 1, 1)).toThrow(RangeError);
});
