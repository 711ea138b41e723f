/** Pictures that are too large to be one sample, as tiles of which each is one. */
import type { ImageHeader } from './format.ts';

/** Up to this many pixels a picture stays whole: 8,192². */
const mostWholePixels = 2 ** 26;
/** Longest side of a tile, pixels. */
const tileSide = 2048;

/** Where a tile lies, pixels. */
export interface TileArea {
	/** Place in the grid, for instance `02-11`: row and column, from 1. */
	readonly place: string;
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

interface Span {
	readonly start: number;
	readonly length: number;
}

/** As few spans as the longest side allows, equal but for the last. */
function spansOf(length: number): Span[] {
	const step = Math.ceil(length / Math.ceil(length / tileSide));
	return Array.from({ length: Math.ceil(length / step) }, (_, index) => ({
		start: index * step,
		length: Math.min(step, length - index * step),
	}));
}

/** The tiles of a picture, row by row; null for one that stays whole. */
export function tilesOf({ width, height }: Pick<ImageHeader, 'width' | 'height'>): readonly TileArea[] | null {
	if (width * height <= mostWholePixels) return null;
	const [rows, columns] = [spansOf(height), spansOf(width)];
	const digits = String(Math.max(rows.length, columns.length)).length;
	const number = (index: number): string => String(index + 1).padStart(digits, '0');
	return rows.flatMap((row, y) =>
		columns.map((column, x) => ({
			place: `${number(y)}-${number(x)}`,
			left: column.start,
			top: row.start,
			width: column.length,
			height: row.length,
		})),
	);
}

/** What the person is told of a picture that is cut. */
export function tileNote({ width, height }: Pick<ImageHeader, 'width' | 'height'>, tiles: readonly TileArea[]): string {
	const [first] = tiles;
	const size = `${first?.width ?? 0} × ${first?.height ?? 0}`;
	return `${width} × ${height} pixels are too many for one sample, so it was opened as ${tiles.length} tiles of ${size}. The split keeps the tiles of each picture together, where there are several pictures.`;
}

/** A part of pixels, of the same kind; row-major, channels last. */
export function cutTile<
	T extends { readonly width: number; readonly height: number; readonly channels: number; readonly data: Uint8Array | Uint16Array },
>(whole: T, { left, top, width, height }: TileArea): T {
	const { channels } = whole;
	const data = whole.data instanceof Uint16Array ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
	for (let y = 0; y < height; y++) {
		const start = ((top + y) * whole.width + left) * channels;
		data.set(whole.data.subarray(start, start + width * channels), y * width * channels);
	}
	return { ...whole, width, height, data };
}
