/** NumPy arrays: height × width, with images as the first and channels as the last axis, of whole numbers, floats or truth values. */
import type { Raster } from '#lib/core/sample.ts';
import { type Bytes, type ImageFormat, unreadable } from './format.ts';
import { isNpy, type NpyHeader, readNpyHeader } from './npy-header.ts';
import { bytesOfSample, type Samples, unpackSamples } from './sample-types.ts';
import { intensityNotes, intensitySamples, labelSamples, largestOf } from './wide-samples.ts';

/** The bytes of one picture of an array whose first axis changes fastest, from there to row-major, channels last. */
function rowMajor(stored: Bytes, { type, pages, height, width, channels }: NpyHeader, page: number): Bytes {
	const size = bytesOfSample(type);
	const bytes = new Uint8Array(height * width * channels * size);
	let target = 0;
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			for (let c = 0; c < channels; c++, target += size) {
				const at = (page + pages * (y + height * (x + width * c))) * size;
				for (let byte = 0; byte < size; byte++) bytes[target + byte] = stored[at + byte]!;
			}
		}
	}
	return bytes;
}

/** The samples of picture `page` as stored: row-major, channels last; truth values as 0 and 1. Throws `image-unreadable`. */
function readNpySamples(bytes: Bytes, header: NpyHeader, page: number): Samples {
	const { type, start, width, height, channels } = header;
	const pageBytes = width * height * channels * bytesOfSample(type);
	const from = start + page * pageBytes;
	const stored = header.columnMajor ? rowMajor(bytes.subarray(start), header, page) : bytes.slice(from, from + pageBytes);
	const samples = unpackSamples('NumPy', stored, type, header.littleEndian);
	if (header.isBoolean && samples.some((value) => value > 1)) throw unreadable('NumPy', 'holds truth values other than 0 and 1');
	return samples;
}

export const npy: ImageFormat = {
	id: 'npy',
	name: 'NumPy',
	needsBrowser: false,
	match: isNpy,
	listPages(bytes) {
		return { pages: Array.from({ length: readNpyHeader(bytes).pages }, (_, page) => page), notes: [] };
	},
	readHeader(bytes) {
		const { width, height, channels, type } = readNpyHeader(bytes);
		return { width, height, channels, maxValue: largestOf(type), notes: intensityNotes(type) };
	},
	async readImage(bytes, _tools, page = 0): Promise<Raster> {
		const header = readNpyHeader(bytes);
		const { width, height, channels, type, isBoolean } = header;
		const levels = intensitySamples('NumPy', readNpySamples(bytes, header, page), type);
		return { width, height, channels, maxValue: largestOf(type), data: isBoolean ? levels.map((value) => value * 255) : levels };
	},
	async readLabels(bytes, _tools, page = 0) {
		const header = readNpyHeader(bytes);
		const { width, height, channels } = header;
		return { width, height, channels, ...labelSamples('NumPy', readNpySamples(bytes, header, page)), palette: null, lossy: false };
	},
};
