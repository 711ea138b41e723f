/** Where two predictions differ, painted over the image. Colour is never the only cue: the two strokes lean against each other. */
import { differenceColours, rgbOf } from '../run-colours.ts';
import { blend, weightOf } from './blend.ts';
import { verdict } from './difference.ts';
import type { Picture } from './display.ts';

/** Verdicts of the image's size → RGBA picture. What both leave alone stays as it is. */
export function drawDifference(image: Picture, verdicts: Uint8Array, opacity: number): Picture {
	const { width, height } = image;
	const data = image.data.slice();
	const [first, second] = [rgbOf(differenceColours.firstOnly), rgbOf(differenceColours.secondOnly)];
	const [both, apart] = [rgbOf(differenceColours.both), rgbOf(differenceColours.apart)];
	const [fill, faint, strong] = [weightOf(opacity), weightOf(opacity * 0.8), weightOf(opacity * 2)];
	const period = 4 + 2 * Math.max(1, Math.round(Math.max(width, height) / 150));
	for (let y = 0, at = 0; y < height; y++) {
		for (let x = 0; x < width; x++, at++) {
			const is = verdicts[at]!;
			if (is === verdict.both) blend(data, at, both, fill);
			else if (is === verdict.apart) blend(data, at, apart, strong);
			else if (is === verdict.firstOnly) blend(data, at, first, (x + y) % period < period / 2 ? strong : faint);
			else if (is === verdict.secondOnly) blend(data, at, second, (x + height - y) % period < period / 2 ? strong : faint);
		}
	}
	return { width, height, data };
}
