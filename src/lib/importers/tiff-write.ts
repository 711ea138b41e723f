/** Writes TIFF: one grey picture of 8 bits, uncompressed, as every reader has it. Source: TIFF 6.0, Adobe 1992, section 4. */
import type { Bytes } from './format.ts';

const headerBytes = 8;
const entryBytes = 12;
/** Field types, each with the bytes of a value. */
const [short, long, rational] = [3, 4, 5];

/** The fields that a baseline grey picture must have, in the order of their tags. `resolution` and `strip` say where those stand. */
function fieldsOf(
	width: number,
	height: number,
	resolution: number,
	strip: number,
): (readonly [tag: number, type: number, value: number])[] {
	return [
		[256, long, width],
		[257, long, height],
		[258, short, 8], // bits of a sample
		[259, short, 1], // not compressed
		[262, short, 1], // 0 is black
		[273, long, strip],
		[277, short, 1], // samples of a pixel
		[278, long, height], // rows of the strip
		[279, long, width * height],
		[282, rational, resolution],
		[283, rational, resolution],
		[296, short, 1], // resolution without a unit: pixels are square, no more
	];
}

/** The file. `data` is row-major, one byte a pixel. Throws a `RangeError` when it does not fill the picture. */
export function writeTiff(width: number, height: number, data: Uint8Array): Bytes {
	if (data.length !== width * height) throw new RangeError(`${data.length} values do not fill ${width} × ${height} pixels`);
	const count = fieldsOf(0, 0, 0, 0).length;
	// Behind the directory's length and fields stands where the next one is: nowhere.
	const resolution = headerBytes + 2 + count * entryBytes + 4;
	const strip = resolution + 8;
	const bytes = new Uint8Array(strip + data.length);
	const view = new DataView(bytes.buffer);
	bytes.set([0x49, 0x49, 42, 0, headerBytes]);
	view.setUint16(headerBytes, count, true);
	fieldsOf(width, height, resolution, strip).forEach(([tag, type, value], index) => {
		const at = headerBytes + 2 + index * entryBytes;
		view.setUint16(at, tag, true);
		view.setUint16(at + 2, type, true);
		view.setUint32(at + 4, 1, true);
		// Little-endian: a short in the first half of its four bytes.
		view.setUint32(at + 8, value, true);
	});
	view.setUint32(resolution, 1, true);
	view.setUint32(resolution + 4, 1, true);
	bytes.set(data, strip);
	return bytes;
}
