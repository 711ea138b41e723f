/** The common end of JPEG and WebP: decode with what the browser lends, then turn upright. */
import type { Raster } from '#lib/core/sample.ts';
import { makeUpright, type Orientation } from './exif.ts';
import { type FormatTools, type PhotoRequest, unsupported } from './format.ts';

/** Decodes a photo and turns it upright. Throws `format-unsupported` where no browser decodes it. */
export async function readPhoto(format: string, request: PhotoRequest, orientation: Orientation, tools: FormatTools): Promise<Raster> {
	if (!tools.decodePhoto) throw unsupported(`${format} outside a browser`);
	return makeUpright(await tools.decodePhoto(request), orientation);
}
