import { describe, expect, it } from 'vitest';
import { orderImages, type ImageOrder } from './image-order.ts';

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
