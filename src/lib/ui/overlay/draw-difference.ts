/** Where two predictions differ, painted over the image. Colour is never the only cue: the two strokes lean against each other. */
import { differenceColours, rgbOf } from '../run-colours.ts';
import { blend, inkOf, pictureOf, weightOf, wordsOf } from './blend.ts';
import { verdict } from './difference.ts';
import type { Picture } from './display.ts';

const inks = {
	firstOnly: inkOf(rgbOf(differenceColours.firstOnly)),
	secondOnly: inkOf(rgbOf(differenceColours.secondOnly)),
	both: inkOf(rgbOf(differenceColours.both)),
	apart: inkOf(rgbOf(differenceColours.apart)),
};

/** Verdicts of the image's size → RGBA picture. What both leave alone stays as it is. */
export function drawDifference(image: Picture, verdicts: Uint8Array, opacity: number): Picture {
	const { width, height } = image;
	const words = wordsOf(image);
	const { firstOnly: first, secondOnly: second, both, apart } = inks;
	const [fill, faint, strong] = [weightOf(opacity), weightOf(opacity * 0.8), weightOf(opacity * 2)];
	const period = 4 + 2 * Math.max(1, Math.round(Math.max(width, height) / 150));
	for (let y = 0, at = 0; y < height; y++) {
		for (let x = 0; x < width; x++, at++) {
			const is = verdicts[at]!;
			if (is === verdict.both) blend(words, at, both, fill);
			else if (is === verdict.apart) blend(words, at, apart, strong);
			else if (is === verdict.firstOnly) blend(words, at, first, (x + y) % period < period / 2 ? strong : faint);
			else if (is === verdict.secondOnly) blend(words, at, second, (x + height - y) % period < period / 2 ? strong : faint);
		}
	}
	return pictureOf(words, width, height);
}
