/** Palettes: from indices to colours. */
import type { Raster } from '#lib/core/sample.ts';
import { type Palette, unreadable } from './format.ts';

/** Channels that a picture in this palette has as an image: 1 when every colour is a grey, otherwise 3. */
export function paletteChannels(palette: Palette): 1 | 3 {
	for (let i = 0; i < palette.length; i += 3) {
		if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return 3;
	}
	return 1;
}

/** The picture in colours (or in grey levels, when the palette has nothing else). Throws for an index without a colour. */
export function applyPalette(format: string, width: number, height: number, indices: Uint8Array, palette: Palette): Raster {
	const channels = paletteChannels(palette);
	const colours = palette.length / 3;
	const data = new Uint8Array(indices.length * channels);
	for (let i = 0; i < indices.length; i++) {
		const index = indices[i]!;
		if (index >= colours) throw unreadable(format, 'uses a colour that its palette lacks');
		for (let channel = 0; channel < channels; channel++) data[i * channels + channel] = palette[index * 3 + channel]!;
	}
	return { width, height, channels, maxValue: 255, data };
}
