/** The pictures of a file that holds several, or is cut into tiles, as files of their own. */
import type { DescribedPicture } from './decoder.ts';
import { type TileArea, tilesOf } from './tiles.ts';

/** One picture of a file: a page, or a tile of one. */
export interface FilePart {
	/** Its own path: `scans/cells.tif` → `scans/cells (page 01).tif` and so on, so that they sort as they lie. */
	readonly path: string;
	readonly picture: DescribedPicture;
	/** Null for the whole picture. */
	readonly area: TileArea | null;
}

function pathWith(path: string, labels: readonly string[]): string {
	const dot = path.lastIndexOf('.');
	const end = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
	return path.slice(0, end) + labels.map((label) => ` (${label})`).join('') + path.slice(end);
}

/** The parts of a file in order; a single whole picture keeps the file's path. */
export function partsOf(path: string, pictures: readonly DescribedPicture[]): FilePart[] {
	const digits = String(pictures.length).length;
	return pictures.flatMap((picture, index): FilePart[] => {
		const page = pictures.length > 1 ? [`page ${String(index + 1).padStart(digits, '0')}`] : [];
		const tiles = picture.header && tilesOf(picture.header);
		return (tiles ?? [null]).map((area) => ({
			path: pathWith(path, area ? [...page, `tile ${area.place}`] : page),
			picture,
			area,
		}));
	});
}
