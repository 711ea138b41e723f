import { expect, it } from 'vitest';
import { resampleBilinear, resampleNearest } from './resample.ts';

it('keeps data of the wanted size', () => {
	const data = Uint8Array.of(1, 2, 3, 4);
	expect(resampleNearest(data, 2, 2, 2, 2)).toBe(data);
	expect(resampleBilinear(data, 2, 2, 2, 2)).toBe(data);
});

it('repeats classes', () => {
	expect([...resampleNearest(Uint8Array.of(1, 2), 2, 1, 4, 2)]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
	expect([...resampleNearest(Uint8Array.of(1, 1, 2, 2), 4, 1, 2, 1)]).toEqual([1, 2]);
});

it('joins levels by straight lines between pixel centres', () => {
	// Centres of four targets over two sources lie at −0.25, 0.25, 0.75, 1.25: clamped, 0, 0.25, 0.75, 1.
	expect([...resampleBilinear(Uint8Array.of(0, 200), 2, 1, 4, 1)]).toEqual([0, 50, 150, 200]);
	expect([...resampleBilinear(Uint8Array.of(0, 200), 1, 2, 1, 4)]).toEqual([0, 50, 150, 200]);
});

it('gives the same answer when asked again at another size and back', () => {
	const data = Uint8Array.of(0, 200);
	const first = [...resampleBilinear(data, 2, 1, 4, 1)];
	expect(resampleBilinear(data, 2, 1, 8, 1)).toHaveLength(8);
	expect([...resampleBilinear(data, 2, 1, 4, 1)]).toEqual(first);
});
