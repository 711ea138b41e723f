import { describe, expect, it } from 'vitest';
import { ignoredClass } from '#lib/core/sample.ts';
import { maskFacts } from './mask-facts.ts';

const side = 40;
const mask = (of: (x: number, y: number) => number) => ({
	width: side,
	height: side,
	data: Uint8Array.from({ length: side * side }, (_, at) => of(at % side, Math.floor(at / side))),
});

describe('facts of masks', () => {
	it('count shares, empties and objects', () => {
		const two = mask((x, y) => (y < 4 && (x < 4 || x >= 36) ? 1 : 0));
		const facts = maskFacts([two, mask(() => 0)], 2);
		expect(facts).toMatchObject({ images: 2, empty: 1, classes: 2, objects: 2, medianObject: 16 / 1600 });
		expect(facts.foreground).toBeCloseTo(32 / 3200, 12);
		expect(facts.rarest).toBeCloseTo(32 / 3200, 12);
	});

	it('leave out ignored pixels, and name the rarest class that occurs', () => {
		const facts = maskFacts([mask((x) => (x < 20 ? 0 : x < 30 ? 1 : x === 30 ? 2 : ignoredClass))], 4);
		expect(facts.foreground).toBeCloseTo(11 / 31, 12);
		expect(facts.rarest).toBeCloseTo(1 / 31, 12);
	});

	it('tell lines from blobs', () => {
		const blob = maskFacts([mask((x, y) => (Math.hypot(x - 20, y - 20) < 15 ? 1 : 0))], 2).elongation;
		const line = maskFacts([mask((_, y) => (y === 20 || y === 21 ? 1 : 0))], 2).elongation;
		// A disc: π·r²/(4·r/3)² = 1.8. A line of 2 × 40: 20.
		expect(blob).toBeGreaterThan(1.5);
		expect(blob).toBeLessThan(2.2);
		expect(line).toBeCloseTo(20, 0);
		expect(maskFacts([mask(() => 0)], 2).elongation).toBeNull();
	});
});
