import { expect, it } from 'vitest';
import { slopeColour, slopeColours } from './paint-slopes.ts';

it('a slope is coloured by its sign and the root of its share', () => {
	expect(slopeColour(0, 1)).toEqual(slopeColours.still);
	expect(slopeColour(-4, 4)).toEqual(slopeColours.raise);
	expect(slopeColour(9, 4)).toEqual(slopeColours.lower);
	// A quarter of the scale is half of the way: (245 + 50)/2, (245 + 90)/2, (245 + 170)/2, rounded.
	expect(slopeColour(1, 4)).toEqual([148, 168, 208]);
	expect(slopeColour(Number.NaN, 4)).toEqual(slopeColours.still);
	expect(slopeColour(1, 0)).toEqual(slopeColours.still);
});
