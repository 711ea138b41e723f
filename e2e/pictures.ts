/** Small picture files to open, written independently of the app's own encoder. */
import { crc32, deflateSync } from 'node:zlib';

export interface PictureFile {
	readonly name: string;
	readonly mimeType: string;
	readonly buffer: Buffer;
}

/** The value of the pixel at x, y; one number a channel. */
type Paint = (x: number, y: number) => number | readonly number[];

interface PngOptions {
	readonly width?: number;
	readonly height?: number;
	/** Bits of a sample. */
	readonly bits?: 8 | 16;
}

function chunk(type: string, data: Buffer): Buffer {
	const head = Buffer.alloc(4);
	head.writeUInt32BE(data.length);
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const sum = Buffer.alloc(4);
	sum.writeUInt32BE(crc32(body));
	return Buffer.concat([head, body, sum]);
}

/** A PNG of grey or RGB samples, stored as they are. */
export function png(paint: Paint, { width = 64, height = width, bits = 8 }: PngOptions = {}): Buffer {
	const channels = [paint(0, 0)].flat().length;
	const rows = Buffer.alloc(height * (1 + (width * channels * bits) / 8));
	let at = 0;
	for (let y = 0; y < height; y++) {
		at++; // filter byte: none
		for (let x = 0; x < width; x++)
			for (const value of [paint(x, y)].flat()) at = bits === 8 ? rows.writeUInt8(value, at) : rows.writeUInt16BE(value, at);
	}
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([bits, channels === 3 ? 2 : 0, 0, 0, 0], 8);
	const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
	return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

export const file = (name: string, buffer: Buffer | string): PictureFile => ({
	name,
	mimeType: name.endsWith('.zip') ? 'application/zip' : 'image/png',
	buffer: Buffer.from(buffer),
});

/** True inside the disc that picture number `index` shows. */
function inDisc(index: number, x: number, y: number, size = 64): boolean {
	const centre = (size * (3 + (index % 3))) / 8;
	const radius = (size * (2 + (index % 2))) / 16;
	return Math.hypot(x - centre, y - (size - centre)) < radius;
}

/** A bright disc on a dark, slightly uneven ground. */
export const discImage = (index: number, size = 64): Buffer =>
	png((x, y) => (inDisc(index, x, y, size) ? 200 : 60) + ((x * 7 + y * 13 + index * 5) % 11), { width: size });

/** Its mask: 0 and 255. */
export const discMask = (index: number, size = 64): Buffer => png((x, y) => (inDisc(index, x, y, size) ? 255 : 0), { width: size });
