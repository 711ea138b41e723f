/** Colours laid over the pixels of a picture. */
import type { Rgb } from '../run-colours.ts';

/** A pixel moves towards a colour by `weight`/256. `at` is the pixel's index. Whole numbers only, for speed. */
export function blend(out: Uint8ClampedArray, at: number, colour: Rgb, weight: number): void {
	const to = at * 4;
	const red = out[to]!;
	const green = out[to + 1]!;
	const blue = out[to + 2]!;
	out[to] = red + (((colour[0] - red) * weight) >> 8);
	out[to + 1] = green + (((colour[1] - green) * weight) >> 8);
	out[to + 2] = blue + (((colour[2] - blue) * weight) >> 8);
}

/** Opacity 0…1 → weight of `blend`. */
export const weightOf = (opacity: number): number => Math.round(Math.min(1, opacity) * 256);
