/** Colours laid over the pixels of a picture: one 32-bit word a pixel, whole numbers only, for speed. */
import type { Rgb } from '../run-colours.ts';
import type { Picture } from './display.ts';

/** Red and blue as they lie in a word of RGBA bytes; every browser runs on little-endian machines. */
const redAndBlue = 0xff00ff;

/** A colour as a word, opaque. */
export function inkOf([red, green, blue]: Rgb): number {
	return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The pixels of a picture, copied, as words. */
export function wordsOf(picture: Picture): Uint32Array<ArrayBuffer> {
	return new Uint32Array(picture.data.slice().buffer);
}

/** Words as a picture; nothing is copied. */
export function pictureOf(words: Uint32Array<ArrayBuffer>, width: number, height: number): Picture {
	return { width, height, data: new Uint8ClampedArray(words.buffer) };
}

/** A pixel moves towards an ink by `weight`/256, rounded down. `at` is the pixel's index. Red and blue are reckoned at once. */
export function blend(words: Uint32Array, at: number, ink: number, weight: number): void {
	const pixel = words[at]!;
	const rest = 256 - weight;
	const pair = (Math.imul(pixel & redAndBlue, rest) + Math.imul(ink & redAndBlue, weight)) >>> 8;
	const green = (((pixel >>> 8) & 255) * rest + ((ink >>> 8) & 255) * weight) & 0xff00;
	words[at] = (pixel & 0xff000000) | green | (pair & redAndBlue);
}

/** Opacity 0…1 → weight of `blend`. */
export const weightOf = (opacity: number): number => Math.round(Math.min(1, opacity) * 256);
