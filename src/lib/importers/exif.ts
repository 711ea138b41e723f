/** The one thing that Exif data says about pixels: which way up they are. */
import type { Raster } from '#lib/core/sample.ts';

/** Exif orientation: 1 upright, 2 mirrored, 3 turned by 180°, 4 flipped, 5–8 with rows and columns exchanged. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const orientations: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];
const orientationTag = 0x0112;

/** Reads the orientation from a TIFF block (what follows "Exif\0\0" in a JPEG). 1 when there is none or it is damaged. */
export function readOrientation(tiff: Uint8Array): Orientation {
	const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
	if (tiff.length < 8) return 1;
	const littleEndian = view.getUint16(0) === 0x4949;
	const directory = view.getUint32(4, littleEndian);
	if (directory + 2 > tiff.length) return 1;
	const entries = view.getUint16(directory, littleEndian);
	for (let i = 0; i < entries; i++) {
		const entry = directory + 2 + i * 12;
		if (entry + 12 > tiff.length) return 1;
		if (view.getUint16(entry, littleEndian) === orientationTag) {
			const value = view.getUint16(entry + 8, littleEndian);
			return orientations.find((orientation) => orientation === value) ?? 1;
		}
	}
	return 1;
}

/** True when an upright picture has its width and height exchanged. */
export function swapsSides(orientation: Orientation): boolean {
	return orientation >= 5;
}

/** Turns stored pixels upright. */
export function makeUpright(raster: Raster, orientation: Orientation): Raster {
	if (orientation === 1) return raster;
	const { width: storedWidth, height: storedHeight, channels, maxValue } = raster;
	const [width, height] = swapsSides(orientation) ? [storedHeight, storedWidth] : [storedWidth, storedHeight];
	// Where the stored row and column start in the upright picture: 3, 4 count rows from the bottom, 2, 3 columns from the
	// right; from 5 on, stored rows are upright columns.
	const fromRight = orientation === 2 || orientation === 3 || orientation === 6 || orientation === 7;
	const fromBottom = orientation === 3 || orientation === 4 || orientation === 7 || orientation === 8;
	const data = raster.data instanceof Uint16Array ? new Uint16Array(raster.data.length) : new Uint8Array(raster.data.length);
	let source = 0;
	for (let row = 0; row < storedHeight; row++) {
		for (let column = 0; column < storedWidth; column++) {
			const [across, down] = swapsSides(orientation) ? [row, column] : [column, row];
			const x = fromRight ? width - 1 - across : across;
			const y = fromBottom ? height - 1 - down : down;
			for (let channel = 0; channel < channels; channel++) data[(y * width + x) * channels + channel] = raster.data[source++]!;
		}
	}
	return { width, height, channels, maxValue, data };
}
