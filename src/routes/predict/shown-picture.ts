/** Images as the panes show them: very large ones smaller, because every pane holds a painted copy. */
import type { Raster } from '#lib/core/sample.ts';
import { displayPicture, type Picture } from '#lib/ui/overlay/display.ts';
import { everyNth } from '#lib/ui/overlay/shrink.ts';

/** About what a 4K screen shows. */
const mostPixels = 8_000_000;

export interface ShownPicture {
	readonly picture: Picture;
	readonly width: number;
	readonly height: number;
	/** 1 shows every pixel, 2 every second one in each direction. */
	readonly step: number;
}

/** The picture to show. Predictions are made on the whole image all the same. */
export function shownPicture(raster: Raster): ShownPicture {
	const { width, height } = raster;
	const step = Math.ceil(Math.sqrt((width * height) / mostPixels));
	return { picture: displayPicture(everyNth(raster, step)), width, height, step };
}
