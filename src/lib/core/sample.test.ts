import { expect, it } from 'vitest';
import { meaningOf, type LabelScheme } from './sample.ts';

const cells: LabelScheme = {
	kind: 'values',
	classes: [
		{ name: 'background', values: [0] },
		{ name: 'cell', values: [128, 255] },
	],
	ignore: [],
};

it('means the same by other names, and in another order of the fields', () => {
	const [background] = cells.classes;
	expect(meaningOf({ ignore: [], classes: [background!, { values: [128, 255], name: 'nucleus' }], kind: 'values' })).toBe(meaningOf(cells));
});

it('means something else when a value moves, is ignored, or a threshold takes over', () => {
	const threshold: LabelScheme = { ...cells, kind: 'threshold', threshold: 127, inverted: false, classes: [{ name: 'a' }, { name: 'b' }] };
	const others: LabelScheme[] = [
		{ ...cells, ignore: [7] },
		{ ...cells, classes: [...cells.classes, { name: 'rim', values: [] }] },
		threshold,
		{ ...threshold, inverted: true },
		{ ...threshold, threshold: 100 },
	];
	expect(new Set([cells, ...others].map(meaningOf)).size).toBe(6);
});
