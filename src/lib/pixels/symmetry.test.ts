import { expect, it } from 'vitest';
import { applySymmetry, identity } from './symmetry.ts';

const laid = (flip: boolean, turns: number): number[] =>
	// prettier-ignore
	[...applySymmetry(Uint8Array.of(
		1, 2,
		3, 4,
	), new Uint8Array(4), 2, 1, { flip, turns })];

it('lays a square in eight different ways', () => {
	const all = [false, true].flatMap((flip) => [0, 1, 2, 3].map((turns) => laid(flip, turns).join('')));
	// 1 2 / 3 4 turned anticlockwise: 2 4 / 1 3, and so on; then the same from 2 1 / 4 3.
	expect(all.toSorted()).toEqual(['1234', '1324', '2143', '2413', '3142', '3412', '4231', '4321']);
	expect(laid(true, 0)).toEqual([2, 1, 4, 3]);
});

it('keeps the channels of a pixel together', () => {
	const map = Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40);
	expect([...applySymmetry(map, new Float32Array(8), 2, 2, { flip: true, turns: 0 })]).toEqual([2, 20, 1, 10, 4, 40, 3, 30]);
	expect(applySymmetry(map, new Float32Array(8), 2, 2, identity)).toEqual(map);
});
