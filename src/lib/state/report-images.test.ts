import { expect, it } from 'vitest';
import { pickImages } from './report-images.ts';

it('shows where losses differ most, where all are bad and where all are good', () => {
	expect(
		pickImages([
			{ id: 'good', scores: [0.9, 0.95] },
			{ id: 'apart', scores: [0.2, 0.9] },
			{ id: 'bad', scores: [0.1, 0.2] },
			{ id: 'plain', scores: [0.6, 0.7] },
		]),
	).toEqual([
		{ id: 'apart', why: 'the losses differ most here' },
		{ id: 'bad', why: 'the lowest mean score' },
		{ id: 'good', why: 'the highest mean score' },
	]);
});

it('shows an image once, whatever it stands for', () => {
	expect(pickImages([{ id: 'only', scores: [0.5, 0.5] }])).toEqual([
		{ id: 'only', why: 'the losses differ most here, the lowest mean score, the highest mean score' },
	]);
});

it('leaves out what has no score, and compares nothing with itself', () => {
	expect(pickImages([{ id: 'empty', scores: [null, null] }])).toEqual([]);
	expect(
		pickImages([
			{ id: 'one', scores: [0.5] },
			{ id: 'empty', scores: [null] },
		]),
	).toEqual([{ id: 'one', why: 'the lowest mean score, the highest mean score' }]);
});
