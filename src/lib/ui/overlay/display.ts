/** Images as they are shown: 8-bit RGBA, made once per image. The stored pixels are never changed. */
import type { Raster } from '#lib/core/sample.ts';

/** RGBA, 4 bytes a pixel, opaque. Fits `new ImageData(data, width, height)`. */
export interface Picture {
	readonly width: number;
	readonly height: number;
	readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Stored values shown as black and as white. */
export interface DisplayRange {
	readonly low: number;
	readonly high: number;
}

/** Channels that carry intensity: alpha is not shown, and of more than four the first three are. */
function shownChannels(raster: Raster): number {
	return raster.channels < 3 ? 1 : 3;
}

/** The stored value below which lies `share` of all shown samples. */
function percentile(histogram: Uint32Array, total: number, share: number): number {
	let seen = 0;
	for (let value = 0; value < histogram.length; value++) {
		seen += histogram[value]!;
		if (seen > share * total) return value;
	}
	return histogram.length - 1;
}

/**
 * 8-bit images are shown as they are. Deeper ones rarely use their whole range and would look black, so they are
 * stretched from their 0.5th to their 99.5th percentile, over all channels together to keep the hue.
 */
export function displayRange(raster: Raster): DisplayRange {
	if (raster.maxValue <= 255) return { low: 0, high: raster.maxValue };
	const histogram = new Uint32Array(raster.maxValue + 1);
	const channels = shownChannels(raster);
	const pixels = raster.width * raster.height;
	for (let pixel = 0; pixel < pixels; pixel++) {
		for (let channel = 0; channel < channels; channel++) histogram[raster.data[pixel * raster.channels + channel]!]!++;
	}
	const total = pixels * channels;
	const low = percentile(histogram, total, 0.005);
	return { low, high: Math.max(low + 1, percentile(histogram, total, 0.995)) };
}

/** Stored value → grey 0…255. */
function greyTable(range: DisplayRange, maxValue: number): Uint8ClampedArray {
	const table = new Uint8ClampedArray(maxValue + 1);
	for (let value = 0; value <= maxValue; value++) table[value] = ((value - range.low) / (range.high - range.low)) * 255;
	return table;
}

/** Raster → opaque RGBA picture of the same size. */
export function displayPicture(raster: Raster, range: DisplayRange = displayRange(raster)): Picture {
	const { width, height, channels, data } = raster;
	const table = greyTable(range, raster.maxValue);
	const [green, blue] = shownChannels(raster) === 3 ? [1, 2] : [0, 0];
	const picture = new Uint8ClampedArray(width * height * 4);
	for (let from = 0, to = 0; to < picture.length; from += channels, to += 4) {
		picture[to] = table[data[from]!]!;
		picture[to + 1] = table[data[from + green]!]!;
		picture[to + 2] = table[data[from + blue]!]!;
		picture[to + 3] = 255;
	}
	return { width, height, data: picture };
}
