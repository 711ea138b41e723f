/** From stored samples to what the net sees: channel choice and intensity scaling, at the image's own size. */
import type { PrepareSpec } from '#lib/core/experiment.ts';
import type { Raster } from '#lib/core/sample.ts';
import type { FloatImage } from './resize.ts';

/** Mean and standard deviation per output channel over a whole set, in units of the full range (0…1). */
export interface SetStatistics {
	readonly mean: readonly number[];
	readonly deviation: readonly number[];
}

/** Rec. 601 luma, the weights that Pillow and OpenCV use for RGB → grey. */
const luma = [0.299, 0.587, 0.114] as const;

/** Picks the net's channels and divides by the storable range. Alpha is dropped; grey is repeated for `rgb`. */
export function pickChannels(image: Raster, channels: PrepareSpec['channels']): FloatImage {
	const { width, height, data } = image;
	const colours = image.channels >= 3 ? 3 : 1;
	const wanted = channels === 'grey' ? 1 : 3;
	const out = new Float32Array(width * height * wanted);
	const scale = 1 / image.maxValue;
	for (let i = 0, source = 0; i < out.length; i += wanted, source += image.channels) {
		if (wanted === 3) {
			for (let c = 0; c < 3; c++) out[i + c] = data[source + (colours === 3 ? c : 0)]! * scale;
		} else if (colours === 3) {
			out[i] = (data[source]! * luma[0] + data[source + 1]! * luma[1] + data[source + 2]! * luma[2]) * scale;
		} else {
			out[i] = data[source]! * scale;
		}
	}
	return { width, height, channels: wanted, data: out };
}

/** Sums that `setStatistics` pools. */
interface Moments {
	count: number;
	readonly sum: number[];
	readonly square: number[];
}

function momentsOf(image: FloatImage): Moments {
	const sum = new Array<number>(image.channels).fill(0);
	const square = new Array<number>(image.channels).fill(0);
	for (let i = 0; i < image.data.length; i++) {
		const value = image.data[i]!;
		const channel = i % image.channels;
		sum[channel] = sum[channel]! + value;
		square[channel] = square[channel]! + value * value;
	}
	return { count: image.width * image.height, sum, square };
}

function statisticsOf(moments: Moments): SetStatistics {
	const mean = moments.sum.map((sum) => sum / moments.count);
	const deviation = moments.square.map((square, c) => Math.sqrt(Math.max(square / moments.count - mean[c]! ** 2, 1e-12)));
	return { mean, deviation };
}

/** Statistics over the pixels of all images, each pixel weighing the same. Throws on no image. */
export function setStatistics(images: Iterable<FloatImage>): SetStatistics {
	let total: Moments | undefined;
	for (const image of images) {
		const moments = momentsOf(image);
		if (!total) {
			total = moments;
			continue;
		}
		total.count += moments.count;
		for (let c = 0; c < total.sum.length; c++) {
			total.sum[c] = total.sum[c]! + moments.sum[c]!;
			total.square[c] = total.square[c]! + moments.square[c]!;
		}
	}
	if (!total) throw new RangeError('statistics of no image');
	return statisticsOf(total);
}

/** The values below which `low` and `high` shares of all samples lie, to 1/4096 of the spread. */
export function percentiles(data: Float32Array, low: number, high: number): [number, number] {
	let min = Infinity;
	let max = -Infinity;
	for (const value of data) {
		if (value < min) min = value;
		if (value > max) max = value;
	}
	if (!(max > min)) return [min, min + 1];
	const bins = new Uint32Array(4096);
	const scale = (bins.length - 1) / (max - min);
	for (const value of data) bins[Math.round((value - min) * scale)]!++;
	const valueAt = (share: number): number => {
		let left = share * data.length;
		let bin = 0;
		while (bin < bins.length - 1 && (left -= bins[bin]!) > 0) bin++;
		return min + bin / scale;
	};
	const [from, to] = [valueAt(low), valueAt(high)];
	return to > from ? [from, to] : [min, max];
}

function affine(image: FloatImage, subtract: readonly number[], divide: readonly number[]): FloatImage {
	const data = image.data.map((value, i) => (value - subtract[i % image.channels]!) / divide[i % image.channels]!);
	return { ...image, data };
}

/** Channel choice and intensity scaling of the prepare step. `statistics` is needed for `zscore-set` only. */
export function normalise(image: Raster, spec: PrepareSpec, statistics: SetStatistics | null): FloatImage {
	const picked = pickChannels(image, spec.channels);
	switch (spec.intensity) {
		case 'range':
			return picked;
		case 'percentile': {
			const [low, high] = percentiles(picked.data, 0.01, 0.99);
			const clipped = picked.data.map((value) => Math.min(1, Math.max(0, (value - low) / (high - low))));
			return { ...picked, data: clipped };
		}
		case 'zscore-image': {
			const own = statisticsOf(momentsOf(picked));
			return affine(picked, own.mean, own.deviation);
		}
		case 'zscore-set': {
			if (!statistics) throw new RangeError('zscore-set needs the statistics of the training part');
			return affine(picked, statistics.mean, statistics.deviation);
		}
		default:
			return spec.intensity satisfies never;
	}
}
