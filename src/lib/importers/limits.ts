/** Bounds that are checked from a file's header, before anything is allocated or inflated. */
import { AppError } from '#lib/core/errors.ts';
import { unreadable } from './format.ts';

/** Largest width or height, pixels: what browsers' canvases still handle. */
const maxSide = 16_384;
/** Largest size of the decoded samples: 16,384² pixels of RGBA at 8 bits. */
const maxSampleBytes = 2 ** 30;

/** Throws `image-too-large` or, for a side of zero, `image-unreadable`. */
export function checkSize(format: string, width: number, height: number, bytesPerPixel: number): void {
	if (width < 1 || height < 1) throw unreadable(format, 'has a width or height of zero');
	if (width > maxSide || height > maxSide || width * height * bytesPerPixel > maxSampleBytes) {
		const maxMegapixels = Math.floor(Math.min(maxSide ** 2, maxSampleBytes / bytesPerPixel) / 1e6);
		throw new AppError('image-too-large', { format, width, height, maxSide, maxMegapixels });
	}
}

/** Most pictures in one file. */
const maxPages = 4096;

/** Throws `image-too-large` for more pages than are opened. */
export function checkPages(format: string, pages: number): void {
	if (pages > maxPages) throw new AppError('image-too-large', { format, maxPages });
}
