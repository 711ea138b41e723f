/** JPEG: structure, size and orientation are read here; the browser decodes the pixels. */
import { type Orientation, readOrientation, swapsSides } from './exif.ts';
import { type Bytes, type ImageFormat, unreadable, unsupported } from './format.ts';
import { checkSize } from './limits.ts';
import { readPhoto } from './photo-pixels.ts';

interface JpegParts {
	/** As stored, before any rotation. */
	readonly width: number;
	readonly height: number;
	/** 1 grey, 3 colour, 4 CMYK. */
	readonly components: number;
	readonly orientation: Orientation;
	/** The file without its Exif parts, so that no decoder rotates it a second time. */
	readonly upright: Bytes;
}

const marker = { startOfImage: 0xd8, endOfImage: 0xd9, startOfScan: 0xda, app1: 0xe1 } as const;

/** Frame types that browsers decode: baseline, extended and progressive, Huffman-coded. */
const decodableFrames = [0xc0, 0xc1, 0xc2];

function isFrame(code: number): boolean {
	return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

/** Markers without a length: restart marks and TEM. */
function standsAlone(code: number): boolean {
	return (code >= 0xd0 && code <= 0xd7) || code === 0x01;
}

interface Segment {
	readonly code: number;
	/** Of its 0xFF. */
	readonly start: number;
	readonly data: Bytes;
}

/** The marker segments up to the end mark; entropy-coded data between them is skipped. Throws when there is no end mark. */
function* segmentsOf(bytes: Bytes): Generator<Segment> {
	let offset = 2;
	while (offset + 1 < bytes.length) {
		// Entropy-coded data: 0xFF is followed by 0x00 (a literal) or by a restart mark; fill bytes are 0xFF.
		const code = bytes[offset + 1]!;
		if (bytes[offset] !== 0xff || code === 0 || code === 0xff || standsAlone(code)) {
			offset++;
			continue;
		}
		if (code === marker.endOfImage) return;
		const length = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
		const end = offset + 2 + length;
		if (length < 2 || end > bytes.length) throw unreadable('JPEG', 'is cut off or damaged');
		yield { code, start: offset, data: bytes.subarray(offset + 4, end) };
		offset = end;
	}
	throw unreadable('JPEG', 'is cut off: it has no end mark');
}

function without(bytes: Bytes, segments: readonly Segment[]): Bytes {
	if (segments.length === 0) return bytes;
	const kept = new Uint8Array(bytes.length - segments.reduce((sum, segment) => sum + segment.data.length + 4, 0));
	let read = 0;
	let written = 0;
	for (const segment of [...segments, { start: bytes.length, data: bytes }]) {
		kept.set(bytes.subarray(read, segment.start), written);
		written += segment.start - read;
		read = segment.start + segment.data.length + 4;
	}
	return kept;
}

function isExif(segment: Segment): boolean {
	return segment.code === marker.app1 && String.fromCharCode(...segment.data.subarray(0, 6)) === 'Exif\0\0';
}

function parseFrame({ code, data }: Segment): Pick<JpegParts, 'width' | 'height' | 'components'> {
	if (!decodableFrames.includes(code)) throw unsupported('JPEG with lossless, hierarchical or arithmetic coding');
	if (data.length < 6) throw unreadable('JPEG', 'is damaged: its frame header is cut off');
	if (data[0] !== 8) throw unsupported(`JPEG with ${data[0]} bits per sample`);
	const [height, width] = [(data[1]! << 8) | data[2]!, (data[3]! << 8) | data[4]!];
	checkSize('JPEG', width, height, 3);
	return { width, height, components: data[5]! };
}

function isJpeg(bytes: Uint8Array): boolean {
	return bytes[0] === 0xff && bytes[1] === marker.startOfImage && bytes[2] === 0xff;
}

function parseJpeg(bytes: Bytes): JpegParts {
	if (!isJpeg(bytes)) throw unreadable('JPEG', 'does not start like one');
	const segments = [...segmentsOf(bytes)];
	const frame = segments.find((segment) => isFrame(segment.code));
	if (!frame || !segments.some((segment) => segment.code === marker.startOfScan)) throw unreadable('JPEG', 'holds no picture');
	const exif = segments.filter(isExif);
	const orientation = exif[0] ? readOrientation(exif[0].data.subarray(6)) : 1;
	return { ...parseFrame(frame), orientation, upright: without(bytes, exif) };
}

function photoOf(bytes: Bytes) {
	const { width, height, components, orientation, upright } = parseJpeg(bytes);
	const channels = components === 1 ? 1 : 3;
	return { request: { bytes: upright, mediaType: 'image/jpeg', width, height, channels } as const, orientation };
}

export const jpeg: ImageFormat = {
	id: 'jpeg',
	name: 'JPEG',
	needsBrowser: true,
	match: isJpeg,
	readHeader(bytes) {
		const { width, height, components, orientation } = parseJpeg(bytes);
		const [uprightWidth, uprightHeight] = swapsSides(orientation) ? [height, width] : [width, height];
		const notes = orientation === 1 ? [] : ['Turned upright as its camera data says.'];
		return { width: uprightWidth, height: uprightHeight, channels: components === 1 ? 1 : 3, maxValue: 255, notes };
	},
	readImage(bytes, tools) {
		const { request, orientation } = photoOf(bytes);
		return readPhoto('JPEG', request, orientation, tools);
	},
	async readLabels(bytes, tools) {
		const { request, orientation } = photoOf(bytes);
		const raster = await readPhoto('JPEG', request, orientation, tools);
		return { ...raster, palette: null, lossy: true };
	},
};
