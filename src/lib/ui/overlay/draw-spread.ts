/** How far several predictions of one image are apart, as a picture. */
import { pictureOf } from './blend.ts';
import type { Picture } from './display.ts';
import { levelsAt, type PredictionMap } from './maps.ts';
import { deviationLevels } from './uncertainty.ts';
import { paintViridis } from './viridis.ts';

export interface Spread {
	/** What it is over: `deviation over losses`. */
	readonly name: string;
	/** Null where there is nothing to take it of. */
	readonly picture: Picture | null;
	/** Said in place of the picture. */
	readonly placeholder: string;
}

/** The standard deviation of the probabilities in viridis, at the image's size; null for fewer than two maps of probabilities. */
export function drawSpread(image: Picture, predictions: readonly PredictionMap[]): Picture | null {
	const maps = predictions.filter(({ kind }) => kind === 'binary').map((map) => levelsAt(map, image));
	if (maps.length < 2) return null;
	const words = new Uint32Array(image.width * image.height);
	paintViridis(words, deviationLevels(maps));
	return pictureOf(words, image.width, image.height);
}
