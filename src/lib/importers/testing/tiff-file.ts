/** Small TIFF files to open, for tests. */
import type { Bytes } from '../format.ts';

export type TiffField = readonly [tag: number, type: 2 | 3 | 4, values: readonly number[]];

const valueBytes = { 2: 1, 3: 2, 4: 4 } as const;

/** One page: its fields, then its segments one after the other; `StripOffsets` (or tiles') are filled in. */
export type TiffPage = readonly [fields: readonly TiffField[], segments: readonly Uint8Array[]];

interface Kind {
	readonly big?: boolean;
	readonly littleEndian?: boolean;
}

/** A TIFF of one page. */
export const tiffFile = (fields: readonly TiffField[], segments: readonly Uint8Array[], kind: Kind = {}): Bytes =>
	tiffPages([[fields, segments]], kind);

const sizeOf = ([, segments]: TiffPage): number => 4096 + segments.reduce((sum, data) => sum + data.length, 0);

/** Where the directory of a page stands: its block begins where those of the pages before it end. */
export const directoryOf = (pages: readonly TiffPage[], page: number, big = false): number =>
	pages.slice(0, page).reduce((sum, before) => sum + sizeOf(before), 0) + (big ? 16 : 8);

/** A TIFF of these pages; the last names `next` as the place of a further directory. */
export function tiffPages(pages: readonly TiffPage[], { big = false, littleEndian = true }: Kind = {}, next = 0): Bytes {
	const word = big ? 8 : 4;
	const bytes = new Uint8Array(pages.reduce((sum, page) => sum + sizeOf(page), 0));
	const view = new DataView(bytes.buffer);
	const put = (at: number, size: number, value: number): void => {
		if (size === 2) view.setUint16(at, value, littleEndian);
		if (size === 4) view.setUint32(at, value, littleEndian);
		if (size === 8) view.setBigUint64(at, BigInt(value), littleEndian);
	};
	bytes.set(littleEndian ? [0x49, 0x49] : [0x4d, 0x4d]);
	put(2, 2, big ? 43 : 42);
	if (big) put(4, 2, 8);
	put(big ? 8 : 4, word, directoryOf(pages, 0, big));
	pages.forEach(([fields, segments], page) => {
		const offsetsTag = fields.some(([tag]) => tag === 322) ? 324 : 273;
		const all: TiffField[] = [
			...fields,
			[offsetsTag, 4, segments.map(() => 0)],
			[offsetsTag + (offsetsTag === 273 ? 6 : 1), 4, segments.map((data) => data.length)],
		];
		const ordered = all.sort((a, b) => a[0] - b[0]);
		const directory = directoryOf(pages, page, big);
		const start = directory - (big ? 16 : 8);
		put(directory, big ? 8 : 2, ordered.length);
		let extra = start + 2048;
		let data = start + 4096;
		ordered.forEach(([tag, type, values], i) => {
			const entry = directory + (big ? 8 + i * 20 : 2 + i * 12);
			const size = valueBytes[type];
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
				if (size === 1) bytes[place + k] = stored;
				else put(place + k * size, size, stored);
			});
			if (place === extra) extra += values.length * size;
		});
		const end = directory + (big ? 8 + ordered.length * 20 : 2 + ordered.length * 12);
		put(end, word, page + 1 < pages.length ? directoryOf(pages, page + 1, big) : next);
	});
	return bytes;
}

/** A field of text. */
export const textField = (tag: number, text: string): TiffField => [tag, 2, [...new TextEncoder().encode(`${text}\0`)]];

/** The fields of a grey picture in one strip. */
export const greyTiff = (width: number, height: number, bits: number, ...more: readonly TiffField[]): TiffField[] => [
	[256, 3, [width]],
	[257, 3, [height]],
	[258, 3, [bits]],
	[262, 3, [1]],
	[278, 3, [height]],
	...more,
];
