import { expect, it } from 'vitest';
import { calibrationError, diceAt } from './measures.ts';

function levelsOf(background: Readonly<Record<number, number>>, foreground: Readonly<Record<number, number>>) {
	const fill = (counts: Readonly<Record<number, number>>) => Array.from({ length: 256 }, (_, level) => counts[level] ?? 0);
	return { background: fill(background), foreground: fill(foreground) };
}

it('takes Dice from the pixels at or above a level', () => {
	const levels = levelsOf({ 0: 90, 200: 2 }, { 100: 3, 250: 5 });
	expect(diceAt(levels, 128)).toBeCloseTo((2 * 5) / (8 + 7), 12); // TP 5, FP 2, 8 true pixels
	expect(diceAt(levels, 50)).toBeCloseTo((2 * 8) / (8 + 10), 12);
	expect(diceAt(levelsOf({ 0: 10 }, {}), 128)).toBe(0);
});

it('weighs the gap of each bin by its pixels', () => {
	// Level 25 is p = 25.5 / 256 = 0.09961: 10 pixels, 3 of them foreground. Level 230 is p = 0.90039: 10 pixels, 8 foreground.
	const levels = levelsOf({ 25: 7, 230: 2 }, { 25: 3, 230: 8 });
	const expected = (Math.abs((10 * 25.5) / 256 - 3) + Math.abs((10 * 230.5) / 256 - 8)) / 20;
	expect(calibrationError(levels)).toBeCloseTo(expected, 12);
});

it('finds no error where the share of foreground equals the probability', () => {
	expect(calibrationError(levelsOf({ 127: 257 }, { 127: 255 }))).toBeCloseTo(0, 12); // p = 127.5 / 256 = 255 / 512
});
