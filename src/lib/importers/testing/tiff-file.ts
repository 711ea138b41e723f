/** Small TIFF files to open, for tests. */
import type { Bytes } from '../format.ts';

export type TiffField = readonly [tag: number, type: 3 | 4, values: readonly number[]];

/** A TIFF of one page: the fields, then the segments one after the other; `StripOffsets` (or tiles') are filled in. */
export function tiffFile(fields: readonly TiffField[], segments: readonly Uint8Array[], { big = false, littleEndian = true } = {}): Bytes {
	const offsetsTag = fields.some(([tag]) => tag === 322) ? 324 : 273;
	const word = big ? 8 : 4;
	const all = [
		...fields,
		[offsetsTag, 4, segments.map(() => 0)] as const,
		[offsetsTag + (offsetsTag === 273 ? 6 : 1), 4, segments.map((data) => data.length)] as const,
	];
	const ordered = [...all].sort((a, b) => a[0] - b[0]);
	const bytes = new Uint8Array(4096 + segments.reduce((sum, data) => sum + data.length, 0));
	const view = new DataView(bytes.buffer);
	const put = (at: number, size: number, value: number): void => {
		if (size === 2) view.setUint16(at, value, littleEndian);
		if (size === 4) view.setUint32(at, value, littleEndian);
		if (size === 8) view.setBigUint64(at, BigInt(value), littleEndian);
	};
	bytes.set(littleEndian ? [0x49, 0x49] : [0x4d, 0x4d]);
	put(2, 2, big ? 43 : 42);
	if (big) put(4, 2, 8);
	const directory = big ? 16 : 8;
	put(big ? 8 : 4, word, directory);
	put(directory, big ? 8 : 2, ordered.length);
	let extra = 2048;
	let data = 4096;
	ordered.forEach(([tag, type, values], i) => {
		const entry = directory + (big ? 8 + i * 20 : 2 + i * 12);
		const size = type === 3 ? 2 : 4;
		put(entry, 2, tag);
		put(entry + 2, 2, type);
		put(entry + 4, word, values.length);
		const place = values.length * size <= word ? entry + 4 + word : extra;
		if (place === extra) put(entry + 4 + word, word, extra);
		values.forEach((value, k) => {
			let stored = value;
			if (tag === offsetsTag) {
				stored = data;
				bytes.set(segments[k] ?? [], data);
				data += segments[k]?.length ?? 0;
			}
			put(place + k * size, size, stored);
		});
		if (place === extra) extra += values.length * size;
	});
	return bytes;
}

/** The fields of a grey picture in one strip. */
export const greyTiff = (width: number, height: number, bits: number, ...more: readonly TiffField[]): TiffField[] => [
	[256, 3, [width]],
	[257, 3, [height]],
	[258, 3, [bits]],
	[262, 3, [1]],
	[278, 3, [height]],
	...more,
];
