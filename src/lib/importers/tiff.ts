/** TIFF: the variants that are read to the last bit; every other one is refused by name. */
import type { Raster } from '#lib/core/sample.ts';
import { makeUpright, type Orientation, swapsSides } from './exif.ts';
import { type Bytes, type ImageFormat, unreadable } from './format.ts';
import { applyPalette, paletteChannels } from './palette.ts';
import { isTiff } from './tiff-directory.ts';
import { expand } from './tiff-expand.ts';
import { readTiffLayout, type TiffLayout } from './tiff-layout.ts';
import { listTiffPages } from './tiff-pages.ts';
import { bytesOfSample, makeSamples, type Samples, unpackSamples } from './sample-types.ts';
import { intensityNotes, intensitySamples, labelSamples, largestOf } from './wide-samples.ts';

/** Adds up differences along the rows of a strip or tile, in place; sums wrap around at the width of a sample. */
function sumDifferences(samples: Samples, rowSamples: number, step: number): void {
	for (let row = 0; row < samples.length; row += rowSamples) {
		for (let i = row + step; i < row + rowSamples; i++) samples[i]! += samples[i - step]!;
	}
}

/** Samples of 1, 2 and 4 bits, the highest first; rows begin on a byte. */
function unpackBits(bytes: Uint8Array, bits: number, rowSamples: number, rows: number): Uint8Array {
	const rowBytes = Math.ceil((rowSamples * bits) / 8);
	const perByte = 8 / bits;
	const samples = new Uint8Array(rowSamples * rows);
	for (let row = 0, target = 0; row < rows; row++) {
		for (let x = 0; x < rowSamples; x++, target++) {
			const byte = bytes[row * rowBytes + Math.floor(x / perByte)]!;
			samples[target] = (byte >> (8 - bits - (x % perByte) * bits)) & ((1 << bits) - 1);
		}
	}
	return samples;
}

/**
 * Undoes the predictor for floats: adds up the bytes along each row, whose first `rowSamples` bytes are the highest of all samples,
 * the next the second highest, and so on. The bytes of each sample then stand together, the highest first.
 * Source: Adobe Photoshop TIFF Technical Note 3, 2005.
 */
function joinBytePlanes(bytes: Bytes, rowSamples: number, step: number, sampleBytes: number): Bytes {
	const rowBytes = rowSamples * sampleBytes;
	sumDifferences(bytes, rowBytes, step);
	const joined = new Uint8Array(bytes.length);
	for (let row = 0; row < bytes.length; row += rowBytes) {
		for (let plane = 0; plane < sampleBytes; plane++) {
			for (let x = 0; x < rowSamples; x++) joined[row + x * sampleBytes + plane] = bytes[row + plane * rowSamples + x]!;
		}
	}
	return joined;
}

function reversed(byte: number): number {
	let result = 0;
	for (let bit = 0; bit < 8; bit++) result |= ((byte >> bit) & 1) << (7 - bit);
	return result;
}

/** The samples of one strip or tile: `rows` rows of `tileWidth` pixels. */
function segmentSamples(bytes: Bytes, layout: TiffLayout, index: number, rows: number, channels: number): Samples {
	const { bits, type, predictor, tileWidth } = layout;
	const rowSamples = tileWidth * channels;
	const [offset, count] = [layout.offsets[index] ?? 0, layout.byteCounts[index] ?? 0];
	if (offset + count > bytes.length) throw unreadable('TIFF', 'is cut off');
	const expanded = expand(bytes.subarray(offset, offset + count), layout.compression, Math.ceil((rowSamples * bits) / 8) * rows);
	const plain = layout.lowBitsFirst ? expanded.map(reversed) : expanded;
	if (bits < 8) return unpackBits(plain, bits, rowSamples, rows);
	if (predictor === 'bytes') {
		return unpackSamples('TIFF', joinBytePlanes(plain, rowSamples, channels, bytesOfSample(type)), type, false);
	}
	const samples = unpackSamples('TIFF', plain, type, layout.littleEndian);
	if (predictor === 'differences') sumDifferences(samples, rowSamples, channels);
	return samples;
}

/** All samples as stored: row-major, channels last, palette indices unapplied. Throws `image-unreadable`. */
export function readTiffSamples(bytes: Bytes, layout: TiffLayout): Samples {
	const { width, height, channels, planar, tileWidth, tileHeight } = layout;
	const samples = makeSamples(layout.type, width * height * channels);
	const [across, down] = [Math.ceil(width / tileWidth), Math.ceil(height / tileHeight)];
	const own = planar ? 1 : channels;
	layout.offsets.forEach((_, index) => {
		const plane = Math.floor(index / (across * down));
		const left = (index % across) * tileWidth;
		const top = (Math.floor(index / across) % down) * tileHeight;
		const rows = layout.tiled ? tileHeight : Math.min(tileHeight, height - top);
		const segment = segmentSamples(bytes, layout, index, rows, own);
		const [seenWidth, seenRows] = [Math.min(tileWidth, width - left), Math.min(rows, height - top)];
		for (let y = 0; y < seenRows; y++) {
			for (let x = 0; x < seenWidth; x++) {
				const target = ((top + y) * width + left + x) * channels + plane;
				for (let c = 0; c < own; c++) samples[target + c] = segment[(y * tileWidth + x) * own + c]!;
			}
		}
	});
	return samples;
}

/** 2…8 where the file asks for a turn; writers leave 0 and worse where they mean none. */
function orientationOf({ orientation }: TiffLayout): Orientation {
	return ([2, 3, 4, 5, 6, 7, 8] as const).find((known) => known === orientation) ?? 1;
}

function toImage(layout: TiffLayout, stored: Samples): Raster {
	const { width, height, channels, bits, type, meaning, palette } = layout;
	if (palette && stored instanceof Uint8Array) return applyPalette('TIFF', width, height, stored, palette);
	const samples = intensitySamples('TIFF', stored, type);
	const maxValue = largestOf(type);
	// 255 is divisible by 1, 3 and 15, so the scaled levels are exact.
	const factor = bits < 8 ? 255 / ((1 << bits) - 1) : 1;
	const level = meaning === 'white' ? (value: number): number => maxValue - value * factor : (value: number): number => value * factor;
	const data = factor === 1 && meaning !== 'white' ? samples : samples.map(level);
	return { width, height, channels, maxValue, data };
}

export const tiff: ImageFormat = {
	id: 'tiff',
	name: 'TIFF',
	needsBrowser: false,
	match: isTiff,
	listPages: listTiffPages,
	readHeader(bytes, page) {
		const layout = readTiffLayout(bytes, page);
		const { width, height, type, palette } = layout;
		const [across, down] = swapsSides(orientationOf(layout)) ? [height, width] : [width, height];
		return {
			width: across,
			height: down,
			channels: palette ? paletteChannels(palette) : layout.channels,
			maxValue: largestOf(type),
			notes: intensityNotes(type),
		};
	},
	async readImage(bytes, _tools, page) {
		const layout = readTiffLayout(bytes, page);
		return makeUpright(toImage(layout, readTiffSamples(bytes, layout)), orientationOf(layout));
	},
	async readLabels(bytes, _tools, page) {
		const layout = readTiffLayout(bytes, page);
		const { width, height, channels, palette } = layout;
		const { data, probabilities } = labelSamples('TIFF', readTiffSamples(bytes, layout));
		const upright = makeUpright({ width, height, channels, maxValue: 65535, data }, orientationOf(layout));
		return { width: upright.width, height: upright.height, channels, data: upright.data, palette, lossy: false, probabilities };
	},
};
