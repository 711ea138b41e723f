import type { LabelScheme } from '#lib/core/sample.ts';
import { rgbOf, schemeColour, type Rgb } from '#lib/ui/run-colours.ts';

/** Colour of a class in a saved palette: black behind, as in other label images, then the colours of the screen. */
export function paletteColour(classIndex: number, scheme: LabelScheme): Rgb {
	return classIndex === 0 ? [0, 0, 0] : rgbOf(schemeColour(scheme, classIndex));
}
