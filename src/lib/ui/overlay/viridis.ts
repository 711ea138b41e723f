/**
 * The viridis colour map, perceptually even and readable for every kind of colour vision: ten published entries of the
 * table of van der Walt and Smith (2015, CC0), <https://bids.github.io/colormap/>, joined by straight lines.
 */
import { rgbOf } from '../run-colours.ts';
import { inkOf } from './blend.ts';

const stops = ['#440154', '#482878', '#3e4989', '#31688e', '#26828e', '#1f9e89', '#35b779', '#6ece58', '#b5de2b', '#fde725'];

/** RGB bytes of level 0…255, three a level. */
export const viridisTable: Uint8ClampedArray = (() => {
	const table = new Uint8ClampedArray(256 * 3);
	const colours = stops.map(rgbOf);
	for (let level = 0; level < 256; level++) {
		const place = (level / 255) * (colours.length - 1);
		const lower = colours[Math.floor(place)]!;
		const upper = colours[Math.ceil(place)]!;
		for (const channel of [0, 1, 2] as const) {
			table[level * 3 + channel] = lower[channel] + (upper[channel] - lower[channel]) * (place % 1);
		}
	}
	return table;
})();

const viridisInks = Uint32Array.from({ length: 256 }, (_, level) =>
	inkOf([viridisTable[level * 3]!, viridisTable[level * 3 + 1]!, viridisTable[level * 3 + 2]!]),
);

/** Levels as colours of the map, over all of a picture's words. */
export function paintViridis(words: Uint32Array, levels: Uint8Array): void {
	for (let at = 0; at < levels.length; at++) words[at] = viridisInks[levels[at]!]!;
}

/** The map as a CSS gradient, low on the left, for legends. */
export const viridisGradient = `linear-gradient(to right, ${stops.join(', ')})`;
