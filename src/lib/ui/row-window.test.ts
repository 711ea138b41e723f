import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowWindow } from './row-window.ts';

it('draws the rows in view and a few more', () => {
	// Scrolled by 640 of rows of 64: row 10 is first; 440 px show 7 rows, so up to 17; 6 more each side.
	expect(rowWindow(640, 440, 64, 10_000)).toEqual({ first: 4, end: 23, before: 256, after: (10_000 - 23) * 64 });
});

it('keeps the whole list as high as all its rows', () => {
	fc.assert(
		fc.property(
			fc.nat(1e6),
			fc.integer({ min: 1, max: 2000 }),
			fc.integer({ min: 1, max: 100 }),
			fc.nat(10_000),
			(top, height, row, count) => {
				const view = rowWindow(top, height, row, count);
				expect(view.before + (view.end - view.first) * row + view.after).toBe(count * row);
				expect(view.end - view.first).toBeLessThanOrEqual(Math.ceil(height / row) + 14);
			},
		),
	);
});
