/** How an image of any size becomes the net's square, and how a prediction goes back. */
import type { PrepareSpec } from '#lib/core/experiment.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import { resizeBilinear, resizeNearest, type FloatImage } from './resize.ts';

/** The rectangle of the net's square that the image fills; the rest is padding. */
export interface Placement {
	readonly size: number;
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** Where an image of the given size lands. `crop` has no placement: it is cut, never scaled. */
export function placementOf(width: number, height: number, size: number, sizing: Exclude<PrepareSpec['sizing'], 'crop'>): Placement {
	if (sizing === 'stretch') return { size, left: 0, top: 0, width: size, height: size };
	const scale = size / Math.max(width, height);
	const placedWidth = Math.max(1, Math.round(width * scale));
	const placedHeight = Math.max(1, Math.round(height * scale));
	return { size, left: (size - placedWidth) >> 1, top: (size - placedHeight) >> 1, width: placedWidth, height: placedHeight };
}

const clamp = (value: number, high: number): number => (value < 0 ? 0 : value > high ? high : value);

/** Cuts a `size`² window whose top left corner may lie outside; what lies outside repeats the edge. */
export function cutImage(image: FloatImage, left: number, top: number, size: number): FloatImage {
	const { width, height, channels } = image;
	const data = new Float32Array(size * size * channels);
	for (let y = 0; y < size; y++) {
		const row = clamp(top + y, height - 1) * width;
		for (let x = 0; x < size; x++) {
			const source = (row + clamp(left + x, width - 1)) * channels;
			const target = (y * size + x) * channels;
			for (let c = 0; c < channels; c++) data[target + c] = image.data[source + c]!;
		}
	}
	return { width: size, height: size, channels, data };
}

/** Cuts a `size`² window of a class map; what lies outside is ignored. */
export function cutClasses(classes: Uint8Array, width: number, height: number, left: number, top: number, size: number): Uint8Array {
	const out = new Uint8Array(size * size).fill(ignoredClass);
	for (let y = Math.max(0, -top); y < Math.min(size, height - top); y++) {
		for (let x = Math.max(0, -left); x < Math.min(size, width - left); x++) out[y * size + x] = classes[(top + y) * width + left + x]!;
	}
	return out;
}

/** The image in the net's square: bilinear, padding repeats the edge. */
export function placeImage(image: FloatImage, place: Placement): FloatImage {
	const scaled = resizeBilinear(image, place.width, place.height);
	return place.width === place.size && place.height === place.size ? scaled : cutImage(scaled, -place.left, -place.top, place.size);
}

/** The class map in the net's square: nearest neighbour, padding is ignored. */
export function placeClasses(classes: Uint8Array, width: number, height: number, place: Placement): Uint8Array {
	const scaled = resizeNearest(classes, width, height, place.width, place.height);
	return cutClasses(scaled, place.width, place.height, -place.left, -place.top, place.size);
}

/** A prediction on the net's square [size, size, C] back at the image's own size. */
export function unplace(prediction: FloatImage, place: Placement, width: number, height: number): FloatImage {
	const { channels } = prediction;
	const inner = new Float32Array(place.width * place.height * channels);
	const rowLength = place.width * channels;
	for (let y = 0; y < place.height; y++) {
		const source = ((place.top + y) * place.size + place.left) * channels;
		inner.set(prediction.data.subarray(source, source + rowLength), y * rowLength);
	}
	return resizeBilinear({ width: place.width, height: place.height, channels, data: inner }, width, height);
}
