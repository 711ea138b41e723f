/** What a TIFF says about its pixels, held against the list of variants that are read exactly; all else is refused by name. */
import { type Bytes, type Palette, unreadable, unsupported } from './format.ts';
import { checkSize } from './limits.ts';
import { bytesOfSample, isFloat, type SampleType } from './sample-types.ts';
import { readTiffDirectory, type TiffDirectory } from './tiff-directory.ts';

export type TiffCompression = 'none' | 'lzw' | 'deflate' | 'packbits';

export interface TiffLayout {
	readonly littleEndian: boolean;
	readonly width: number;
	readonly height: number;
	/** Samples of a pixel. */
	readonly channels: number;
	readonly bits: number;
	/** Of a sample once its bits are unpacked: `uint8` for those of 1, 2 and 4 bits. */
	readonly type: SampleType;
	/** `white`: 0 is white. */
	readonly meaning: 'white' | 'black' | 'rgb' | 'palette';
	readonly palette: Palette | null;
	readonly compression: TiffCompression;
	/** `differences`: each sample is stored as the difference to its neighbour on the left; `bytes`: see `joinBytePlanes`. */
	readonly predictor: 'none' | 'differences' | 'bytes';
	/** Bits are filled in from the lowest. */
	readonly lowBitsFirst: boolean;
	/** Each channel is stored by itself. */
	readonly planar: boolean;
	readonly orientation: number;
	/** Strips are tiles as wide as the picture; only the last may be lower than the others. */
	readonly tileWidth: number;
	readonly tileHeight: number;
	readonly tiled: boolean;
	readonly offsets: readonly number[];
	readonly byteCounts: readonly number[];
}

const tags = {
	width: 256,
	height: 257,
	bits: 258,
	compression: 259,
	photometric: 262,
	fillOrder: 266,
	stripOffsets: 273,
	orientation: 274,
	channels: 277,
	rowsPerStrip: 278,
	stripByteCounts: 279,
	planar: 284,
	predictor: 317,
	colourMap: 320,
	tileWidth: 322,
	tileHeight: 323,
	tileOffsets: 324,
	tileByteCounts: 325,
	sampleFormat: 339,
} as const;

const compressions: Readonly<Record<number, TiffCompression>> = { 1: 'none', 5: 'lzw', 8: 'deflate', 32946: 'deflate', 32773: 'packbits' };

/** Names of what is refused. */
const otherCompressions: Readonly<Record<number, string>> = {
	2: 'fax',
	3: 'fax',
	4: 'fax',
	6: 'JPEG',
	7: 'JPEG',
	34712: 'JPEG 2000',
	34925: 'LZMA',
	50000: 'Zstandard',
	50001: 'WebP',
};

const meanings: Readonly<Record<number, TiffLayout['meaning']>> = { 0: 'white', 1: 'black', 2: 'rgb', 3: 'palette' };
const otherMeanings: Readonly<Record<number, string>> = {
	4: 'a transparency mask',
	5: 'CMYK',
	6: 'YCbCr',
	8: 'Lab',
	32803: 'a sensor pattern',
};

function one(directory: TiffDirectory, tag: number, otherwise: number): number {
	return directory.numbers(tag)?.[0] ?? otherwise;
}

/** Types by SampleFormat and BitsPerSample; 4 is "undefined", which its writers use for plain numbers. */
const sampleTypes: Readonly<Record<number, Readonly<Record<number, SampleType>>>> = {
	1: { 1: 'uint8', 2: 'uint8', 4: 'uint8', 8: 'uint8', 16: 'uint16', 32: 'uint32', 64: 'uint64' },
	2: { 8: 'int8', 16: 'int16', 32: 'int32', 64: 'int64' },
	3: { 16: 'float16', 32: 'float32', 64: 'float64' },
	4: { 1: 'uint8', 2: 'uint8', 4: 'uint8', 8: 'uint8', 16: 'uint16' },
};
const kinds: Readonly<Record<number, string>> = {
	1: '',
	2: 'signed ',
	3: 'floating-point ',
	4: 'undefined ',
	5: 'complex ',
	6: 'complex ',
};

/** Bits and type of a sample; all channels must agree. */
function sampleOf(directory: TiffDirectory, channels: number): Pick<TiffLayout, 'bits' | 'type'> {
	const [bits = 1, ...otherBits] = (directory.numbers(tags.bits) ?? [1]).slice(0, channels);
	const [format = 1, ...otherFormats] = (directory.numbers(tags.sampleFormat) ?? [1]).slice(0, channels);
	if (otherBits.some((other) => other !== bits)) throw unsupported('TIFF with channels of different bit depths');
	if (otherFormats.some((other) => other !== format)) throw unsupported('TIFF with channels of different kinds of samples');
	const type = sampleTypes[format]?.[bits];
	if (type === undefined) throw unsupported(`TIFF with ${kinds[format] ?? 'unknown '}samples of ${bits} bits`);
	return { bits, type };
}

function meaningOf(directory: TiffDirectory, channels: number, { bits, type }: Pick<TiffLayout, 'bits' | 'type'>): TiffLayout['meaning'] {
	const photometric = directory.numbers(tags.photometric)?.[0];
	const meaning = photometric === undefined ? undefined : meanings[photometric];
	if (meaning === undefined) throw unsupported(`TIFF in ${otherMeanings[photometric ?? -1] ?? 'unknown colours'}`);
	if (meaning === 'palette' && channels !== 1) throw unsupported('TIFF with a palette and further channels');
	if (meaning === 'palette' && type !== 'uint8') throw unsupported(`TIFF with a palette of ${type} indices`);
	if (meaning === 'rgb' && channels < 3) throw unreadable('TIFF', 'has fewer channels than its colours need');
	if (channels > 1 && bits < 8) throw unsupported('TIFF with several channels of less than 8 bits');
	return meaning;
}

/** 16-bit colours as bytes; writers that meant bytes left the high ones 0. */
function paletteOf(directory: TiffDirectory, bits: number): Palette {
	const map = directory.numbers(tags.colourMap) ?? [];
	const colours = 1 << bits;
	if (map.length !== 3 * colours) throw unreadable('TIFF', 'has a damaged palette');
	const shift = map.some((value) => value > 255) ? 8 : 0;
	return Uint8Array.from({ length: 3 * colours }, (_, i) => map[(i % 3) * colours + Math.floor(i / 3)]! >> shift);
}

function compressionOf(directory: TiffDirectory): TiffCompression {
	const code = one(directory, tags.compression, 1);
	const compression = compressions[code];
	if (!compression) throw unsupported(`TIFF compressed with ${otherCompressions[code] ?? `method ${code}`}`);
	return compression;
}

function predictorOf(
	directory: TiffDirectory,
	{ bits, type }: Pick<TiffLayout, 'bits' | 'type'>,
	compression: TiffCompression,
): TiffLayout['predictor'] {
	const predictor = one(directory, tags.predictor, 1);
	// Only these two compressions know a predictor; elsewhere the tag means nothing.
	if (predictor === 1 || (compression !== 'lzw' && compression !== 'deflate')) return 'none';
	if (predictor === 2 && !isFloat(type) && bits >= 8 && bits <= 32) return 'differences';
	if (predictor === 3 && isFloat(type)) return 'bytes';
	throw unsupported(`TIFF with predictor ${predictor} on ${type} samples`);
}

interface Segments {
	readonly tiled: boolean;
	readonly tileWidth: number;
	readonly tileHeight: number;
	readonly offsets: readonly number[];
	readonly byteCounts: readonly number[];
}

function segmentsOf(directory: TiffDirectory, width: number, height: number, planes: number, pixelBytes: number): Segments {
	const tileWidth = directory.numbers(tags.tileWidth)?.[0];
	const tiled = tileWidth !== undefined;
	const across = tileWidth ?? width;
	const rows = tiled ? one(directory, tags.tileHeight, 0) : Math.min(height, one(directory, tags.rowsPerStrip, height));
	if (across < 1 || rows < 1) throw unreadable('TIFF', 'has a damaged layout');
	// A tile may be larger than the picture.
	checkSize('TIFF', across, rows, pixelBytes);
	const offsets = directory.numbers(tiled ? tags.tileOffsets : tags.stripOffsets);
	const counts = directory.numbers(tiled ? tags.tileByteCounts : tags.stripByteCounts);
	const expected = Math.ceil(width / across) * Math.ceil(height / rows) * planes;
	if (!offsets || !counts || offsets.length !== expected || counts.length !== expected) throw unreadable('TIFF', 'has a damaged layout');
	return { tiled, tileWidth: across, tileHeight: rows, offsets, byteCounts: counts };
}

/** The layout of the page whose directory stands at `page`, else of the first. Throws `image-unreadable`, `image-too-large`, or `format-unsupported` with what the variant is. */
export function readTiffLayout(bytes: Bytes, page?: number): TiffLayout {
	const directory = readTiffDirectory(bytes, page);
	const [width, height] = [one(directory, tags.width, 0), one(directory, tags.height, 0)];
	const channels = one(directory, tags.channels, 1);
	if (channels < 1 || channels > 64) throw unreadable('TIFF', 'has no possible number of channels');
	const compression = compressionOf(directory);
	const sample = sampleOf(directory, channels);
	const { bits } = sample;
	const meaning = meaningOf(directory, channels, sample);
	const pixelBytes = channels * bytesOfSample(sample.type);
	checkSize('TIFF', width, height, pixelBytes);
	const planar = channels > 1 && one(directory, tags.planar, 1) === 2;
	const lowBitsFirst = one(directory, tags.fillOrder, 1) === 2;
	if (lowBitsFirst && (compression !== 'none' || bits > 8)) throw unsupported('compressed TIFF with reversed bits');
	return {
		littleEndian: directory.littleEndian,
		width,
		height,
		channels,
		...sample,
		meaning,
		palette: meaning === 'palette' ? paletteOf(directory, bits) : null,
		compression,
		predictor: predictorOf(directory, sample, compression),
		lowBitsFirst,
		planar,
		orientation: one(directory, tags.orientation, 1),
		...segmentsOf(directory, width, height, planar ? channels : 1, pixelBytes),
	};
}
