import { expect, it } from 'vitest';
import { verdict } from './difference.ts';
import { drawDifference } from './draw-difference.ts';

const { neither, firstOnly, secondOnly, both, apart } = verdict;

it('gives each verdict its colour and leaves alone what neither marks', () => {
	const image = { width: 5, height: 1, data: new Uint8ClampedArray(20).fill(100) };
	const { data } = drawDifference(image, Uint8Array.of(neither, firstOnly, both, apart, secondOnly), 1);
	const at = (x: number): number[] => [...data.slice(4 * x, 4 * x + 3)];
	expect(at(0)).toEqual([100, 100, 100]);
	// At full opacity strokes and fills are the colours themselves: #e69f00, #f5f5f5, #cc79a7.
	expect(at(1)).toEqual([0xe6, 0x9f, 0x00]);
	expect(at(2)).toEqual([0xf5, 0xf5, 0xf5]);
	expect(at(3)).toEqual([0xcc, 0x79, 0xa7]);
	// Between strokes four fifths of the way, weight 205 of 256: 100 + ((86 − 100) · 205 >> 8) = 88.
	expect(at(4)[0]).toBe(88);
	expect(image.data.every((value) => value === 100)).toBe(true);
});

it('lets the strokes of the two lean against each other', () => {
	// 8×8, period 6: along a falling diagonal x − y is constant, along a rising one x + y.
	const size = { width: 8, height: 8 };
	const image = { ...size, data: new Uint8ClampedArray(256) };
	const drawn = (is: number) => drawDifference(image, new Uint8Array(64).fill(is), 0.5).data;
	const red = (data: Uint8ClampedArray, x: number, y: number): number => data[4 * (y * 8 + x)]!;
	const [first, second] = [drawn(firstOnly), drawn(secondOnly)];
	expect(red(first, 0, 2)).toBe(red(first, 2, 0));
	expect(red(first, 0, 0)).not.toBe(red(first, 4, 0));
	expect(red(second, 0, 0)).toBe(red(second, 2, 2));
	expect(red(second, 0, 0)).not.toBe(red(second, 0, 4));
});
