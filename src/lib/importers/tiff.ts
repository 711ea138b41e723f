/** TIFF: the variants that are read to the last bit; every other one is refused by name. Only the first page is used. */
import type { Raster } from '#lib/core/sample.ts';
import { makeUpright, type Orientation, swapsSides } from './exif.ts';
import { type Bytes, type ImageFormat, unreadable } from './format.ts';
import { applyPalette, paletteChannels } from './palette.ts';
import { isTiff } from './tiff-directory.ts';
import { expand } from './tiff-expand.ts';
import { readTiffLayout, type TiffLayout } from './tiff-layout.ts';

/** Adds up differences along the rows of a strip or tile, in place; sums wrap around at the width of a sample. */
function sumDifferences(samples: Uint8Array | Uint16Array, rowSamples: number, step: number): void {
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

function unpackWords(bytes: Uint8Array<ArrayBuffer>, littleEndian: boolean): Uint16Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(2 * i, littleEndian));
}

function reversed(byte: number): number {
	let result = 0;
	for (let bit = 0; bit < 8; bit++) result |= ((byte >> bit) & 1) << (7 - bit);
	return result;
}

/** The samples of one strip or tile: `rows` rows of `tileWidth` pixels. */
function segmentSamples(bytes: Bytes, layout: TiffLayout, index: number, rows: number, channels: number): Uint8Array | Uint16Array {
	const { bits, tileWidth } = layout;
	const rowSamples = tileWidth * channels;
	const [offset, count] = [layout.offsets[index] ?? 0, layout.byteCounts[index] ?? 0];
	if (offset + count > bytes.length) throw unreadable('TIFF', 'is cut off');
	const expanded = expand(bytes.subarray(offset, offset + count), layout.compression, Math.ceil((rowSamples * bits) / 8) * rows);
	const plain = layout.lowBitsFirst ? expanded.map(reversed) : expanded;
	if (bits < 8) return unpackBits(plain, bits, rowSamples, rows);
	const samples = bits === 16 ? unpackWords(plain, layout.littleEndian) : plain;
	if (layout.differences) sumDifferences(samples, rowSamples, channels);
	return samples;
}

/** All samples as stored: row-major, channels last, palette indices unapplied. Throws `image-unreadable`. */
export function readTiffSamples(bytes: Bytes, layout: TiffLayout): Uint8Array | Uint16Array {
	const { width, height, channels, planar, tileWidth, tileHeight } = layout;
	const samples = layout.bits === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
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

function toImage(layout: TiffLayout, samples: Uint8Array | Uint16Array): Raster {
	const { width, height, channels, bits, meaning, palette } = layout;
	if (palette && samples instanceof Uint8Array) return applyPalette('TIFF', width, height, samples, palette);
	const maxValue = bits === 16 ? 65535 : 255;
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
	readHeader(bytes) {
		const layout = readTiffLayout(bytes);
		const { width, height, pages, bits, palette } = layout;
		const [across, down] = swapsSides(orientationOf(layout)) ? [height, width] : [width, height];
		return {
			width: across,
			height: down,
			channels: palette ? paletteChannels(palette) : layout.channels,
			maxValue: bits === 16 ? 65535 : 255,
			notes: pages > 1 ? [`Only the first of its ${pages} pages is used.`] : [],
		};
	},
	async readImage(bytes) {
		const layout = readTiffLayout(bytes);
		return makeUpright(toImage(layout, readTiffSamples(bytes, layout)), orientationOf(layout));
	},
	async readLabels(bytes) {
		const layout = readTiffLayout(bytes);
		const { width, height, channels, palette } = layout;
		const stored = { width, height, channels, maxValue: 65535, data: readTiffSamples(bytes, layout) };
		const upright = makeUpright(stored, orientationOf(layout));
		return { width: upright.width, height: upright.height, channels, data: upright.data, palette, lossy: false };
	},
};
