import { describe, expect, it } from 'vitest';
import { rgbOf, classColour, outcomeColours } from '../run-colours.ts';
import type { Picture } from './display.ts';
import { drawOverlay, type OverlayStyle } from './draw-overlay.ts';

const side = 8;
const image: Picture = { width: side, height: side, data: new Uint8ClampedArray(side * side * 4).fill(100) };
for (let at = 3; at < image.data.length; at += 4) image.data[at] = 255;

/** A map of the picture's size, drawn as text: one digit a pixel, `i` for ignored. */
function map(...rows: string[]): { width: number; height: number; data: Uint8Array } {
	const text = rows.join('').padEnd(side * side, '0');
	return { width: side, height: side, data: Uint8Array.from(text, (letter) => (letter === 'i' ? 255 : Number(letter))) };
}

const style: OverlayStyle = { mode: 'overlay', opacity: 1, thresholdLevel: 128, focusClass: null };
const pixel = (picture: Picture, x: number, y: number): number[] => [...picture.data.slice((y * side + x) * 4, (y * side + x) * 4 + 3)];
const classes = (data: { width: number; height: number; data: Uint8Array }) => ({ ...data, kind: 'classes' as const });

const blob = map('00000000', '01111100', '01111100', '01111100', '01111100', '01111100');
const empty = map('');

describe('filling', () => {
	it('paints classes in their colours and leaves the background alone', () => {
		const picture = drawOverlay({ image, truth: null, prediction: classes(map('012')) }, style);
		expect(pixel(picture, 0, 0)).toEqual([100, 100, 100]);
		expect(pixel(picture, 1, 0)).toEqual([...rgbOf(classColour(1))]);
		expect(pixel(picture, 2, 0)).toEqual([...rgbOf(classColour(2))]);
	});

	it('mixes by the opacity', () => {
		const picture = drawOverlay({ image, truth: null, prediction: classes(map('1')) }, { ...style, opacity: 0.5 });
		// Half way from 100 to e6 9f 00 (230, 159, 0), rounded down: 165, 129, 50.
		expect(pixel(picture, 0, 0)).toEqual([165, 129, 50]);
	});

	it('makes a level foreground from the threshold on', () => {
		const levels = { width: side, height: side, kind: 'binary' as const, data: new Uint8Array(side * side) };
		levels.data.set([127, 128, 129]);
		const picture = drawOverlay({ image, truth: null, prediction: levels }, style);
		expect(pixel(picture, 0, 0)).toEqual([100, 100, 100]);
		expect(pixel(picture, 1, 0)).toEqual([...rgbOf(classColour(1))]);
		expect(pixel(drawOverlay({ image, truth: null, prediction: levels }, { ...style, thresholdLevel: 129 }), 1, 0)).toEqual([
			100, 100, 100,
		]);
	});

	it('shows the truth itself where there is no prediction', () => {
		expect(pixel(drawOverlay({ image, truth: blob, prediction: null }, { ...style, mode: 'errors' }), 3, 3)).toEqual([
			...rgbOf(classColour(1)),
		]);
	});

	it('never changes the image', () => {
		const before = image.data.slice();
		for (const mode of ['overlay', 'errors', 'outline', 'probability', 'classes'] as const) {
			drawOverlay({ image, truth: blob, prediction: classes(blob) }, { ...style, mode });
		}
		expect(image.data).toEqual(before);
		expect(drawOverlay({ image, truth: blob, prediction: null }, { ...style, mode: 'none' })).toBe(image);
	});
});

describe('errors', () => {
	const errors: OverlayStyle = { ...style, mode: 'errors', opacity: 0.45 };

	it('hatches false positives: strokes and gaps alternate', () => {
		const picture = drawOverlay({ image, truth: empty, prediction: classes(blob) }, errors);
		const reds = new Set([1, 2, 3, 4, 5].map((x) => pixel(picture, x, 3)[0]));
		expect(reds.size).toBe(2);
		const [red] = rgbOf(outcomeColours.falsePositive);
		expect(Math.max(...[...reds].map((value) => value ?? 0))).toBeGreaterThan(100 + (red - 100) * 0.85);
	});

	it('outlines false negatives: the edge is stronger than the middle', () => {
		const picture = drawOverlay({ image, truth: blob, prediction: classes(empty) }, errors);
		const blue = (x: number, y: number): number => pixel(picture, x, y)[0] ?? 0;
		expect(blue(1, 3)).toBeLessThan(blue(3, 3));
		expect(blue(3, 1)).toBe(blue(1, 3));
		expect(pixel(picture, 0, 0)).toEqual([100, 100, 100]);
	});

	it('fills true positives evenly', () => {
		const picture = drawOverlay({ image, truth: blob, prediction: classes(blob) }, errors);
		expect(pixel(picture, 1, 1)).toEqual(pixel(picture, 3, 3));
	});
});

describe('other ways of drawing', () => {
	it('outlines the truth in solid white and leaves its inside alone', () => {
		const picture = drawOverlay({ image, truth: blob, prediction: null }, { ...style, mode: 'outline' });
		for (const [x, y] of [[1, 1], [1, 2], [1, 3], [5, 4]] as const) expect(pixel(picture, x, y)).toEqual([255, 255, 255]); // prettier-ignore
		expect(pixel(picture, 3, 3)).toEqual([100, 100, 100]);
	});

	it('dashes the outline of a prediction along every side', () => {
		const picture = drawOverlay({ image, truth: null, prediction: classes(blob) }, { ...style, mode: 'outline' });
		const isStroke = (x: number, y: number): boolean => pixel(picture, x, y).join() === rgbOf(classColour(1)).join();
		expect(new Set([1, 2, 3, 4, 5].map((x) => isStroke(x, 1))).size).toBe(2);
		expect(new Set([2, 3, 4].map((y) => isStroke(1, y))).size).toBe(2);
	});

	it('shows probabilities in viridis with a white line at the threshold', () => {
		const levels = { width: side, height: side, kind: 'binary' as const, data: blob.data.map((value) => value * 255) };
		const picture = drawOverlay({ image, truth: null, prediction: levels }, { ...style, mode: 'probability' });
		expect(pixel(picture, 0, 0)).toEqual([0x44, 0x01, 0x54]);
		expect(pixel(picture, 3, 3)).toEqual([0xfd, 0xe7, 0x25]);
		expect(pixel(picture, 1, 3)).toEqual([255, 255, 255]);
	});

	it('falls back to the classes where there are no probabilities', () => {
		const picture = drawOverlay({ image, truth: null, prediction: classes(blob) }, { ...style, mode: 'probability' });
		expect(pixel(picture, 3, 3)).toEqual([...rgbOf(classColour(1))]);
	});

	it('shows classes alone, without the image', () => {
		const picture = drawOverlay({ image, truth: null, prediction: classes(blob) }, { ...style, mode: 'classes' });
		expect(pixel(picture, 0, 0)).toEqual([...rgbOf(classColour(0))]);
		expect(pixel(picture, 3, 3)).toEqual([...rgbOf(classColour(1))]);
	});

	it('marks ignored pixels in grey', () => {
		const bright: Picture = { ...image, data: image.data.map(() => 255) };
		const picture = drawOverlay({ image: bright, truth: map('i0'), prediction: classes(empty) }, { ...style, mode: 'errors' });
		expect(pixel(picture, 0, 0)[0]).toBeLessThan(200);
		expect(pixel(picture, 1, 0)).toEqual([255, 255, 255]);
	});
});
