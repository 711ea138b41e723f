/** WebP: structure, size and orientation are read here; the browser decodes the pixels. */
import { type Orientation, readOrientation, swapsSides } from './exif.ts';
import { type Bytes, type ImageFormat, unreadable, unsupported } from './format.ts';
import { checkSize } from './limits.ts';
import { readPhoto } from './photo-pixels.ts';

interface Chunk {
	readonly type: string;
	/** Of its type. */
	readonly start: number;
	/** Behind its padding. */
	readonly end: number;
	readonly data: Bytes;
}

interface WebpParts {
	/** As stored, before any rotation. */
	readonly width: number;
	readonly height: number;
	readonly lossy: boolean;
	readonly orientation: Orientation;
	/** The file without its Exif part. */
	readonly upright: Bytes;
}

const exifFlag = 0x08;
const animationFlag = 0x02;

function text(bytes: Uint8Array, start: number, length: number): string {
	return String.fromCharCode(...bytes.subarray(start, start + length));
}

function isWebp(bytes: Uint8Array): boolean {
	return text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP';
}

function chunksOf(bytes: Bytes): Chunk[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const fileEnd = 8 + view.getUint32(4, true);
	if (fileEnd > bytes.length) throw unreadable('WebP', 'is cut off');
	const chunks: Chunk[] = [];
	for (let start = 12; start + 8 <= fileEnd;) {
		const length = view.getUint32(start + 4, true);
		const end = start + 8 + length + (length % 2);
		if (start + 8 + length > fileEnd) throw unreadable('WebP', 'is damaged: a part is longer than the file');
		chunks.push({ type: text(bytes, start, 4), start, end, data: bytes.subarray(start + 8, start + 8 + length) });
		start = end;
	}
	return chunks;
}

/** Width and height from the first bytes of the coded picture (RFC 9649, sections 2.5 and 2.6). */
function sizeOf({ type, data }: Chunk): { width: number; height: number } {
	const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	if (data.length < 10) throw unreadable('WebP', 'is damaged: its picture is cut off');
	if (type === 'VP8 ') return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
	const bits = view.getUint32(1, true);
	return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Takes out the Exif part and mends the two places that speak of it: the file's length and a flag. */
function withoutExif(bytes: Bytes, exif: Chunk | undefined, extended: Chunk | undefined): Bytes {
	if (!exif || !extended) return bytes;
	const kept = new Uint8Array(bytes.length - (Math.min(exif.end, bytes.length) - exif.start));
	kept.set(bytes.subarray(0, exif.start));
	kept.set(bytes.subarray(exif.end), exif.start);
	new DataView(kept.buffer).setUint32(4, kept.length - 8, true);
	if (extended.start < exif.start) kept[extended.start + 8]! &= ~exifFlag;
	return kept;
}

function parseWebp(bytes: Bytes): WebpParts {
	if (!isWebp(bytes)) throw unreadable('WebP', 'does not start like one');
	const chunks = chunksOf(bytes);
	const extended = chunks.find((chunk) => chunk.type === 'VP8X');
	if ((extended?.data[0] ?? 0) & animationFlag) throw unsupported('animated WebP');
	const picture = chunks.find((chunk) => chunk.type === 'VP8 ' || chunk.type === 'VP8L');
	if (!picture) throw unreadable('WebP', 'holds no picture');
	const { width, height } = sizeOf(picture);
	checkSize('WebP', width, height, 3);
	const exif = chunks.find((chunk) => chunk.type === 'EXIF');
	// Some writers keep the "Exif\0\0" of JPEG in front of the block.
	const tiff = exif && text(exif.data, 0, 4) === 'Exif' ? exif.data.subarray(6) : exif?.data;
	const orientation = tiff ? readOrientation(tiff) : 1;
	return { width, height, lossy: picture.type === 'VP8 ', orientation, upright: withoutExif(bytes, exif, extended) };
}

function photoOf({ upright, width, height }: WebpParts) {
	return { bytes: upright, mediaType: 'image/webp', width, height, channels: 3 } as const;
}

export const webp: ImageFormat = {
	id: 'webp',
	name: 'WebP',
	needsBrowser: true,
	match: isWebp,
	readHeader(bytes) {
		const { width, height, orientation } = parseWebp(bytes);
		const [uprightWidth, uprightHeight] = swapsSides(orientation) ? [height, width] : [width, height];
		const notes = orientation === 1 ? [] : ['Turned upright as its camera data says.'];
		return { width: uprightWidth, height: uprightHeight, channels: 3, maxValue: 255, notes };
	},
	readImage(bytes, tools) {
		const parts = parseWebp(bytes);
		return readPhoto('WebP', photoOf(parts), parts.orientation, tools);
	},
	async readLabels(bytes, tools) {
		const parts = parseWebp(bytes);
		const raster = await readPhoto('WebP', photoOf(parts), parts.orientation, tools);
		return { ...raster, palette: null, lossy: parts.lossy };
	},
};
