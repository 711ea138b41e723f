import { describe, expect, it } from 'vitest';
import {
	addClass,
	assignValue,
	belongsTo,
	classesByValue,
	classShares,
	colourClass,
	flipPolarity,
	foregroundAboveThreshold,
	mergeClass,
	removeClass,
	renameClass,
	withOwnColours,
} from './scheme-edits.ts';

const shares = [
	[0, 0.7],
	[1, 0.2],
	[255, 0.1],
] as const;

describe('schemes', () => {
	it('give each stored value a class, the smallest being the background', () => {
		expect(classesByValue(shares).classes.map((entry) => entry.values)).toEqual([[0], [1], [255]]);
		expect(classesByValue([[0, 0.5], [255, 0.5]]).classes.map((entry) => entry.name)).toEqual(['background', 'foreground']); // prettier-ignore
	});

	it('have two classes even when the masks hold one value', () => {
		expect(classesByValue([[0, 1]]).classes).toHaveLength(2);
	});

	it('move a value from one class to another or out of all', () => {
		const moved = assignValue(classesByValue(shares), 255, 1);
		expect(moved.classes[1]?.values).toEqual([1, 255]);
		expect(moved.classes[2]?.values).toEqual([]);
		const ignored = assignValue(moved, 255, 'ignore');
		expect(ignored.ignore).toEqual([255]);
		expect(belongsTo(ignored, 255)).toBe('ignore');
		expect(assignValue(ignored, 255, 0).ignore).toEqual([]);
	});

	it('count pixels without the ignored ones', () => {
		// 0.7 and 0.2 of 0.9.
		const [background, foreground] = classShares(assignValue(classesByValue(shares), 255, 'ignore'), shares);
		expect(background).toBeCloseTo(0.7 / 0.9, 12);
		expect(foreground).toBeCloseTo(0.2 / 0.9, 12);
	});

	it('give the values of a removed class to the background', () => {
		const scheme = removeClass(classesByValue(shares), 1);
		expect(scheme.classes.map((entry) => entry.values)).toEqual([[0, 1], [255]]);
	});

	it('swap background and foreground', () => {
		const binary = removeClass(classesByValue(shares), 1);
		expect(flipPolarity(binary).classes).toEqual([
			{ name: 'background', values: [255] },
			{ name: 'class 2', values: [0, 1] },
		]);
		expect(flipPolarity(classesByValue(shares))).toEqual(classesByValue(shares));
		const above = foregroundAboveThreshold(shares);
		expect(above.threshold).toBe(127);
		// Only 255 is above 127; inverted, all but it are foreground.
		expect(classShares(above, shares)[1]).toBeCloseTo(0.1, 12);
		expect(classShares(flipPolarity(above), shares)[1]).toBeCloseTo(0.9, 12);
	});

	it('rename, but never to nothing', () => {
		const scheme = addClass(classesByValue(shares));
		expect(scheme.classes).toHaveLength(4);
		expect(renameClass(scheme, 1, ' nucleus ').classes.at(1)?.name).toBe('nucleus');
		expect(renameClass(scheme, 1, '  ')).toBe(scheme);
		expect(renameClass(foregroundAboveThreshold(shares), 1, 'cell').classes.at(1)).toEqual({ name: 'cell' });
	});

	it('join a class to another one, which keeps its name', () => {
		const merged = mergeClass(classesByValue(shares), 2, 1);
		expect(merged.classes).toEqual([
			{ name: 'background', values: [0] },
			{ name: 'class 1', values: [1, 255] },
		]);
		// Joined to a later one, that one moves up.
		expect(mergeClass(classesByValue(shares), 1, 2).classes.map((entry) => entry.name)).toEqual(['background', 'class 2']);
	});

	it('give classes colours and take them away again; the values stay', () => {
		const plain = classesByValue(shares);
		const coloured = colourClass(plain, 1, '#ff0000');
		expect(coloured.classes[1]).toEqual({ name: 'class 1', colour: '#ff0000', values: [1] });
		expect(withOwnColours(coloured)).toEqual(plain);
		const threshold = colourClass(foregroundAboveThreshold(shares), 1, '#00ff00');
		expect(threshold.classes).toEqual([{ name: 'background' }, { name: 'foreground', colour: '#00ff00' }]);
		expect(withOwnColours(threshold)).toEqual(foregroundAboveThreshold(shares));
	});

	it('ignore a value that no class lists, as training does', () => {
		expect(belongsTo(classesByValue([[0, 0.5], [1, 0.5]]), 7)).toBe('ignore'); // prettier-ignore
	});
});
