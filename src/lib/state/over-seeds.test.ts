import { describe, expect, it } from 'vitest';
import { bySeed, curveOverSeeds, scoresOverSeeds } from './over-seeds.ts';

it('groups runs by loss, in the order in which the losses come', () => {
	const run = (place: number, seed: number) => ({ place, seed });
	expect(bySeed([run(0, 1), run(1, 1), run(0, 2), run(1, 2)])).toEqual([
		[run(0, 1), run(0, 2)],
		[run(1, 1), run(1, 2)],
	]);
});

describe('scores over seeds', () => {
	it('are means with their deviation, over the runs that have the value', () => {
		// Dice .6 .8: mean .7, sd √(.01 + .01) = .141421. Precision is defined for one run only.
		const { values, spreads, n } = scoresOverSeeds([
			{ values: { dice: 0.6, precision: null } },
			{ values: { dice: 0.8, precision: 0.9 } },
			{ values: {} },
		]);
		expect(n).toBe(2);
		expect(values['dice']).toBeCloseTo(0.7, 12);
		expect(spreads['dice']).toBeCloseTo(0.141421, 6);
		expect([values['precision'], spreads['precision']]).toEqual([0.9, null]);
	});

	it('are unknown before the first run was scored', () => {
		expect(scoresOverSeeds([{ values: {} }, { values: { dice: null } }])).toEqual({ values: {}, spreads: {}, n: 0 });
	});
});

describe('a curve over seeds', () => {
	it('has the mean at every x, and a band where two runs have a value', () => {
		const { x, y, spread } = curveOverSeeds(
			[
				{ x: [1, 2, 3], y: [0.5, 0.7, null] },
				{ x: [1, 2], y: [0.7, 0.7] },
			],
			'deviation',
		);
		expect(x).toEqual([1, 2, 3]);
		expect(y[0]).toBeCloseTo(0.6, 12);
		expect(y.slice(1)).toEqual([0.7, null]);
		expect(spread[0]).toBeCloseTo(0.141421, 6);
		expect(spread.slice(1)).toEqual([0, null]);
	});

	it('of no run is empty', () => {
		expect(curveOverSeeds([], 'deviation')).toEqual({ x: [], y: [], spread: [] });
	});
});
