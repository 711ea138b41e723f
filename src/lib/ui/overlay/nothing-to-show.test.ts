import { expect, it } from 'vitest';
import { nothingToShow } from './nothing-to-show.ts';

const well = { least: 2, begun: true, validationImages: 8, epochs: 3, runs: 2, failed: false } as const;

it('says nothing where there are masks', () => {
	expect(nothingToShow(well)).toBe('');
});

it('says what is missing and what to do', () => {
	expect(nothingToShow({ ...well, begun: false })).toContain('Press Start');
	expect(nothingToShow({ ...well, validationImages: 0 })).toContain('no validation images');
	expect(nothingToShow({ ...well, epochs: 0 })).toContain('not over yet');
	expect(nothingToShow({ ...well, epochs: 0, failed: true })).toContain('Every run stopped');
	expect(nothingToShow({ ...well, runs: 1 })).toContain('Add another');
	expect(nothingToShow({ ...well, least: 1, runs: 1 })).toBe('');
});
