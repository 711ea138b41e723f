/** Resampling of float images and label maps. */

/** Channels last, `data.length === width · height · channels`. */
export interface FloatImage {
	readonly width: number;
	readonly height: number;
	readonly channels: number;
	readonly data: Float32Array;
}

interface Taps {
	/** First source index of each output. */
	readonly start: Int32Array;
	readonly weights: readonly Float32Array[];
}

/**
 * Taps of a triangle filter whose support grows with the shrinking factor, as Pillow's BILINEAR: no aliasing when an
 * image becomes smaller, ordinary half-pixel bilinear interpolation when it grows.
 */
function triangleTaps(from: number, to: number): Taps {
	const scale = from / to;
	const support = Math.max(1, scale);
	const start = new Int32Array(to);
	const weights: Float32Array[] = [];
	for (let i = 0; i < to; i++) {
		const center = (i + 0.5) * scale;
		const low = Math.max(0, Math.floor(center - support + 0.5));
		const high = Math.min(from, Math.floor(center + support + 0.5));
		const taps = Float32Array.from({ length: high - low }, (_, k) => Math.max(0, 1 - Math.abs((low + k + 0.5 - center) / support)));
		const sum = taps.reduce((total, weight) => total + weight, 0);
		start[i] = low;
		weights.push(taps.map((weight) => weight / sum));
	}
	return { start, weights };
}

function resizeRows(image: FloatImage, width: number): FloatImage {
	const { start, weights } = triangleTaps(image.width, width);
	const { height, channels, data } = image;
	const out = new Float32Array(width * height * channels);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const taps = weights[x]!;
			const source = (y * image.width + start[x]!) * channels;
			const target = (y * width + x) * channels;
			for (let c = 0; c < channels; c++) {
				let sum = 0;
				for (let k = 0; k < taps.length; k++) sum += taps[k]! * data[source + k * channels + c]!;
				out[target + c] = sum;
			}
		}
	}
	return { width, height, channels, data: out };
}

function resizeColumns(image: FloatImage, height: number): FloatImage {
	const { start, weights } = triangleTaps(image.height, height);
	const { width, channels, data } = image;
	const stride = width * channels;
	const out = new Float32Array(height * stride);
	for (let y = 0; y < height; y++) {
		const taps = weights[y]!;
		for (let k = 0; k < taps.length; k++) {
			const source = (start[y]! + k) * stride;
			const weight = taps[k]!;
			for (let i = 0; i < stride; i++) out[y * stride + i] = out[y * stride + i]! + weight * data[source + i]!;
		}
	}
	return { width, height, channels, data: out };
}

/** Bilinear resize with antialiasing when shrinking. Returns the same object when the size is already right. */
export function resizeBilinear(image: FloatImage, width: number, height: number): FloatImage {
	const wide = image.width === width ? image : resizeRows(image, width);
	return wide.height === height ? wide : resizeColumns(wide, height);
}

/** Nearest-neighbour resize of one value a pixel: labels stay labels. */
export function resizeNearest(data: Uint8Array, width: number, height: number, toWidth: number, toHeight: number): Uint8Array {
	if (width === toWidth && height === toHeight) return data;
	const out = new Uint8Array(toWidth * toHeight);
	const columns = Int32Array.from({ length: toWidth }, (_, x) => Math.floor(((x + 0.5) * width) / toWidth));
	for (let y = 0; y < toHeight; y++) {
		const row = Math.floor(((y + 0.5) * height) / toHeight) * width;
		for (let x = 0; x < toWidth; x++) out[y * toWidth + x] = data[row + columns[x]!]!;
	}
	return out;
}
