import { expect, it } from 'vitest';
import { bestPerColumn, sortRows } from './score-order.ts';

const rows = [
	{ name: 'run 10', values: { dice: 0.8, hd95: 3 } },
	{ name: 'run 2', values: { dice: null, hd95: 5 } },
	{ name: 'run 1', values: { dice: 0.9, hd95: null } },
];
const names = (sorted: readonly { readonly name: string }[]): string[] => sorted.map((row) => row.name);

it('sorts by a value and puts what was not measured last either way', () => {
	expect(names(sortRows(rows, { by: 'dice', direction: 'ascending' }))).toEqual(['run 10', 'run 1', 'run 2']);
	expect(names(sortRows(rows, { by: 'dice', direction: 'descending' }))).toEqual(['run 1', 'run 10', 'run 2']);
});

it('sorts names with numbers as people count', () => {
	expect(names(sortRows(rows, { by: 'name', direction: 'ascending' }))).toEqual(['run 1', 'run 2', 'run 10']);
});

it('keeps the given order without a wish', () => expect(sortRows(rows, null)).toBe(rows));

it('finds the best of a column in the direction that is better, and none among fewer than two', () => {
	const columns = [
		{ id: 'dice', better: 'higher' },
		{ id: 'hd95', better: 'lower' },
	] as const;
	expect(bestPerColumn(rows, columns)).toEqual({ dice: 0.9, hd95: 3 });
	expect(bestPerColumn(rows.slice(0, 1), columns)).toEqual({});
});
