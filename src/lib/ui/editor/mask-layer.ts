/** A class map as a picture that lies over its image: classes in their colours, nothing where there is background. */
import { ignoredClass } from '#lib/core/sample.ts';
import type { MaskEdit, Rows } from '#lib/pixels/mask-edit.ts';
import type { Rgb } from '../run-colours.ts';

/** Squares of the pattern that marks ignored pixels: grey and dark, as no class is. */
const ignoredColours: readonly Rgb[] = [
	[200, 200, 200],
	[70, 70, 70],
];

/** Rows [top, bottom) of the map as RGBA. `colours` by class index. */
function maskPixels(edit: MaskEdit, { top, bottom }: Rows, colours: readonly Rgb[]): Uint8ClampedArray<ArrayBuffer> {
	const { width, classes } = edit;
	const pixels = new Uint8ClampedArray(width * (bottom - top) * 4);
	for (let y = top, to = 0; y < bottom; y++) {
		for (let x = 0; x < width; x++, to += 4) {
			const index = classes[y * width + x]!;
			if (index === 0) continue;
			const colour = index === ignoredClass ? ignoredColours[((x >> 1) + (y >> 1)) & 1] : colours[index];
			if (!colour) continue;
			pixels.set(colour, to);
			pixels[to + 3] = 255;
		}
	}
	return pixels;
}

/** Keeps a canvas of the map's size up to date with what changes. */
export class MaskLayer {
	readonly canvas: OffscreenCanvas;
	readonly #edit: MaskEdit;
	readonly #colours: readonly Rgb[];

	constructor(edit: MaskEdit, colours: readonly Rgb[]) {
		this.canvas = new OffscreenCanvas(edit.width, edit.height);
		this.#edit = edit;
		this.#colours = colours;
		this.#draw({ top: 0, bottom: edit.height });
	}

	/** Draws the rows anew that changed since the last call. */
	update(): void {
		const rows = this.#edit.takeChanged();
		if (rows) this.#draw(rows);
	}

	#draw(rows: Rows): void {
		const { width } = this.#edit;
		const picture = new ImageData(maskPixels(this.#edit, rows, this.#colours), width, rows.bottom - rows.top);
		this.canvas.getContext('2d')?.putImageData(picture, 0, rows.top);
	}
}
