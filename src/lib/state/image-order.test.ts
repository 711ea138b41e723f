import { describe, expect, it } from 'vitest';
import { orderImages, passes, tellingFilters, type ImageOrder } from './image-order.ts';

const image = (id: string, scores: (number | null)[], foregroundShare: number) => ({ id, scores, foregroundShare });
const images = [
	image('good', [0.9, 0.95], 0.1),
	image('empty', [null, null], 0),
	image('apart', [0.2, 0.9], 0.4),
	image('bad', [0.1, 0.2], 0.05),
	image('half', [null, 0.6], 0.2),
];
const ids = (order: ImageOrder): string[] => orderImages(images, order).map(({ id }) => id);

describe('images are looked through', () => {
	it('as they come', () => {
		expect(ids('given')).toEqual(['good', 'empty', 'apart', 'bad', 'half']);
	});

	it('from the lowest or the highest mean score; an image without one comes last', () => {
		// Means: good .925, apart .55, bad .15, half .6.
		expect(ids('worst')).toEqual(['bad', 'apart', 'half', 'good', 'empty']);
		expect(ids('best')).toEqual(['good', 'half', 'apart', 'bad', 'empty']);
	});

	it('from where the runs differ most; one score alone differs from nothing', () => {
		// Ranges: apart .7, bad .1, good .05.
		expect(ids('disagreement')).toEqual(['apart', 'bad', 'good', 'empty', 'half']);
	});

	it('from the most foreground', () => {
		expect(ids('foreground')).toEqual(['apart', 'half', 'good', 'bad', 'empty']);
	});
});

describe('images are chosen by their truth', () => {
	// Pixels of background, nucleus, debris.
	const pixels = [
		[90, 10, 0],
		[100, 0, 0],
		[70, 10, 20],
	];
	const kept = (filter: number | null): boolean[] => pixels.map((image) => passes(image, filter));

	it('all of them, those with a class, or those without any foreground', () => {
		expect(kept(null)).toEqual([true, true, true]);
		expect(kept(1)).toEqual([true, false, true]);
		expect(kept(2)).toEqual([false, false, true]);
		expect(kept(0)).toEqual([false, true, false]);
	});

	it('offers only what leaves some out and some in', () => {
		expect(tellingFilters(pixels)).toEqual([0, 1, 2]);
		expect(tellingFilters(pixels.slice(0, 1))).toEqual([]);
		// Both have nuclei and neither is empty; only debris tells them apart.
		expect(tellingFilters([pixels[0]!, pixels[2]!])).toEqual([2]);
	});
});
