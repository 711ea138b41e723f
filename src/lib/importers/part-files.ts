/** The pictures of a file that holds several, or is cut into tiles, as files of their own. */
import type { DescribedPicture } from './decoder.ts';
import { type TileArea, tileNote, tilesOf } from './tiles.ts';

/** One picture of a file: a page, or a tile of one. */
export interface FilePart {
	/** Its own path: `scans/cells.tif` → `scans/cells (page 01).tif` and so on, so that they sort as they lie. */
	readonly path: string;
	readonly picture: DescribedPicture;
	/** Null for the whole picture. */
	readonly tile: PictureTile | null;
}

/** A part of a picture that is too large to be one sample. */
export interface PictureTile {
	readonly area: TileArea;
	/** The path that the whole picture would have; all its tiles share it. */
	readonly of: string;
}

export interface FileParts {
	/** In order; a single whole picture keeps the file's path. */
	readonly parts: readonly FilePart[];
	/** What was done to pictures that are too large, as sentences. */
	readonly notes: readonly string[];
}

function pathWith(path: string, labels: readonly string[]): string {
	const dot = path.lastIndexOf('.');
	const end = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
	return path.slice(0, end) + labels.map((label) => ` (${label})`).join('') + path.slice(end);
}

export function partsOf(path: string, pictures: readonly DescribedPicture[]): FileParts {
	const digits = String(pictures.length).length;
	const notes = new Set<string>();
	const parts = pictures.flatMap((picture, index): FilePart[] => {
		const page = pictures.length > 1 ? [`page ${String(index + 1).padStart(digits, '0')}`] : [];
		const whole = pathWith(path, page);
		const tiles = picture.header && tilesOf(picture.header);
		if (!tiles) return [{ path: whole, picture, tile: null }];
		notes.add(tileNote(picture.header, tiles));
		return tiles.map((area) => ({ path: pathWith(path, [...page, `tile ${area.place}`]), picture, tile: { area, of: whole } }));
	});
	return { parts, notes: [...notes] };
}
