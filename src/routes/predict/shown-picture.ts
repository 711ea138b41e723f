/** Images as the panes show them: very large ones smaller, because every pane holds a painted copy. */
import type { Raster } from '#lib/core/sample.ts';
import { displayPicture, type Picture } from '#lib/ui/overlay/display.ts';

/** About what a 4K screen shows. */
const mostPixels = 8_000_000;

export interface ShownPicture {
	readonly picture: Picture;
	readonly width: number;
	readonly height: number;
	/** 1 shows every pixel, 2 every second one in each direction. */
	readonly step: number;
}

function everyNth(raster: Raster, step: number): Raster {
	const { channels } = raster;
	const width = Math.floor(raster.width / step);
	const height = Math.floor(raster.height / step);
	const data = raster.data instanceof Uint16Array ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
	for (let y = 0, to = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const from = (y * step * raster.width + x * step) * channels;
			for (let channel = 0; channel < channels; channel++) data[to++] = raster.data[from + channel]!;
		}
	}
	return { ...raster, width, height, data };
}

/** The picture to show. Predictions are made on the whole image all the same. */
export function shownPicture(raster: Raster): ShownPicture {
	const { width, height } = raster;
	const step = Math.ceil(Math.sqrt((width * height) / mostPixels));
	return { picture: displayPicture(step > 1 ? everyNth(raster, step) : raster), width, height, step };
}
