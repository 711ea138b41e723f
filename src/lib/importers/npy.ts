/** NumPy arrays: height × width, or height × width × channels, of whole numbers, floats or truth values. */
import type { Raster } from '#lib/core/sample.ts';
import { type Bytes, type ImageFormat, unreadable } from './format.ts';
import { isNpy, type NpyHeader, readNpyHeader } from './npy-header.ts';
import { makeSamples, type Samples, unpackSamples } from './sample-types.ts';
import { intensityNotes, intensitySamples, labelSamples, largestOf } from './wide-samples.ts';

/** From the first axis changing fastest to the last. */
function rowMajor(stored: Samples, { type, height, width, channels }: NpyHeader): Samples {
	const samples = makeSamples(type, stored.length);
	let target = 0;
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			for (let c = 0; c < channels; c++) samples[target++] = stored[y + height * (x + width * c)]!;
		}
	}
	return samples;
}

/** All samples as stored: row-major, channels last; truth values as 0 and 1. Throws `image-unreadable`. */
function readNpySamples(bytes: Bytes, header: NpyHeader): Samples {
	const stored = unpackSamples('NumPy', bytes.slice(header.start), header.type, header.littleEndian);
	if (header.isBoolean && stored.some((value) => value > 1)) throw unreadable('NumPy', 'holds truth values other than 0 and 1');
	return header.columnMajor ? rowMajor(stored, header) : stored;
}

export const npy: ImageFormat = {
	id: 'npy',
	name: 'NumPy',
	needsBrowser: false,
	match: isNpy,
	readHeader(bytes) {
		const { width, height, channels, type } = readNpyHeader(bytes);
		return { width, height, channels, maxValue: largestOf(type), notes: intensityNotes(type) };
	},
	async readImage(bytes): Promise<Raster> {
		const header = readNpyHeader(bytes);
		const { width, height, channels, type, isBoolean } = header;
		const levels = intensitySamples('NumPy', readNpySamples(bytes, header), type);
		return { width, height, channels, maxValue: largestOf(type), data: isBoolean ? levels.map((value) => value * 255) : levels };
	},
	async readLabels(bytes) {
		const header = readNpyHeader(bytes);
		const { width, height, channels } = header;
		return { width, height, channels, ...labelSamples('NumPy', readNpySamples(bytes, header)), palette: null, lossy: false };
	},
};
