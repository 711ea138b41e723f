/** What every importer on the shelf provides, and the words they share. */
import { AppError } from '#lib/core/errors.ts';
import type { Raster } from '#lib/core/sample.ts';

/** The bytes of one file. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What a file says about its image before any pixel is decoded: the shape that `readImage` will return. */
export interface ImageHeader {
	readonly width: number;
	readonly height: number;
	readonly channels: number;
	/** 255 or 65535. */
	readonly maxValue: number;
	/** What a person should know about the file, as sentences; for instance that only its first frame is used. */
	readonly notes: readonly string[];
}

/** Colours of palette indices: red, green, blue of index 0, of index 1, and so on. */
export type Palette = Uint8Array;

/** A mask as its file stores it: palette indices where there is a palette, otherwise samples; nothing scaled. */
export interface StoredMask {
	readonly width: number;
	readonly height: number;
	readonly channels: number;
	readonly data: Uint8Array | Uint16Array;
	/** Null when the samples are no palette indices. */
	readonly palette: Palette | null;
	/** True when compression may have changed values (JPEG, lossy WebP). */
	readonly lossy: boolean;
	/** True when the file holds fractions from 0 to 1, here as levels of 0 to 255. */
	readonly probabilities?: boolean | undefined;
}

/** A photo that only the browser can decode, already upright bytes: its orientation mark has been taken out. */
export interface PhotoRequest {
	readonly bytes: Bytes;
	readonly mediaType: string;
	/** Size before any rotation. */
	readonly width: number;
	readonly height: number;
	/** 1 takes one channel of the decoded colours, 3 takes red, green and blue. */
	readonly channels: 1 | 3;
}

/** Decodes a photo to 8-bit samples. Rejects with `image-unreadable`. */
export type DecodePhoto = (request: PhotoRequest) => Promise<Raster>;

/** What the surroundings lend to a format. */
export interface FormatTools {
	/** Missing where there is no browser; photos are then refused by name. */
	readonly decodePhoto?: DecodePhoto | undefined;
}

/** The pictures of one file, in order. */
export interface PageList {
	/** What the readers take as `page`: a number that says where the picture lies. */
	readonly pages: readonly number[];
	/** What a person should know about the others, as sentences; for instance that thumbnails are left out. */
	readonly notes: readonly string[];
}

/** One image format. All readers throw `image-unreadable`, `image-too-large` or `format-unsupported`. */
export interface ImageFormat {
	/** Unique on the shelf, for instance `png`. */
	readonly id: string;
	/** The name that people know it by. */
	readonly name: string;
	/** True when only a browser's decoder can read the pixels. */
	readonly needsBrowser: boolean;
	/** True when the first bytes are this format's. The file's name decides nothing. */
	match(bytes: Uint8Array): boolean;
	/** Lists the pictures of formats that can hold several; at least one. The readers take the first unless they are told which. */
	listPages?(bytes: Bytes): PageList;
	/** Reads the header and checks the structure (checksums, end mark) without decoding pixels. */
	readHeader(bytes: Bytes, page?: number): ImageHeader;
	/** The image as colours or grey levels, upright. */
	readImage(bytes: Bytes, tools: FormatTools, page?: number): Promise<Raster>;
	/** The stored values, exactly. */
	readLabels(bytes: Bytes, tools: FormatTools, page?: number): Promise<StoredMask>;
}

/** The failure of a damaged file. `reason` completes the sentence "This <format> file …". */
export function unreadable(format: string, reason: string, options?: ErrorOptions): AppError {
	return new AppError('image-unreadable', { format, reason }, options);
}

/** The failure of a known kind of file that is refused on purpose. */
export function unsupported(format: string): AppError {
	return new AppError('format-unsupported', { format });
}
