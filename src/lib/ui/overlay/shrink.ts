/** Pictures made small: by the mean over what each pixel covers, or by leaving pixels out where there are too many to look at. Pure. */
import type { Raster } from '#lib/core/sample.ts';
import type { Picture } from './display.ts';
import type { Size } from './maps.ts';

/** The largest size of the same shape within a square, never larger than the picture itself. */
export function fitWithin({ width, height }: Size, side: number): Size {
	const scale = Math.min(1, side / Math.max(width, height));
	return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Pixels with which a fitted picture is painted, about: more than a pane shows, few enough for each pane to be painted at once. */
const fittedPixels = 1_000_000;

/** The step at which a picture is painted at a zoom: every pixel where they are large enough to be told apart. */
export function stepAt({ width, height }: Size, scale: number): number {
	return Math.max(1, Math.round(Math.sqrt((width * height) / fittedPixels) / scale));
}

/** The step at which a picture still has `side` pixels along its longest side; 1 shows every pixel. */
export function stepTo({ width, height }: Size, side: number): number {
	return Math.max(1, Math.floor(Math.max(width, height) / side));
}

/** Every `step`-th pixel in both directions. The same pixels when the step is 1. */
export function everyNth<T extends Omit<Raster, 'maxValue'>>(pixels: T, step: number): T {
	if (step === 1) return pixels;
	const { channels } = pixels;
	const width = Math.max(1, Math.floor(pixels.width / step));
	const height = Math.max(1, Math.floor(pixels.height / step));
	const data = pixels.data instanceof Uint16Array ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
	for (let y = 0, to = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const from = (y * step * pixels.width + x * step) * channels;
			for (let channel = 0; channel < channels; channel++) data[to++] = pixels.data[from + channel]!;
		}
	}
	return { ...pixels, width, height, data };
}

/** The picture at a size that is not larger than its own. The same picture when the sizes agree. */
export function shrink(picture: Picture, { width, height }: Size): Picture {
	if (picture.width === width && picture.height === height) return picture;
	const data = new Uint8ClampedArray(width * height * 4);
	for (let y = 0, to = 0; y < height; y++) {
		const [top, bottom] = [Math.floor((y * picture.height) / height), Math.floor(((y + 1) * picture.height) / height)];
		for (let x = 0; x < width; x++, to += 4) {
			const [left, right] = [Math.floor((x * picture.width) / width), Math.floor(((x + 1) * picture.width) / width)];
			let [red, green, blue] = [0, 0, 0];
			for (let row = top; row < bottom; row++) {
				for (let from = (row * picture.width + left) * 4; from < (row * picture.width + right) * 4; from += 4) {
					red += picture.data[from]!;
					green += picture.data[from + 1]!;
					blue += picture.data[from + 2]!;
				}
			}
			const count = (bottom - top) * (right - left);
			data[to] = red / count;
			data[to + 1] = green / count;
			data[to + 2] = blue / count;
			data[to + 3] = 255;
		}
	}
	return { width, height, data };
}
