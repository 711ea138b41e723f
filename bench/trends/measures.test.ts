import { expect, it } from 'vitest';
import type { ResultsDocument } from '#lib/state/results.ts';
import { measure } from './measures.ts';

type Run = ResultsDocument['runs'][number];

/** A finished run whose test part has these pixels by level. */
function run(background: Readonly<Record<number, number>>, foreground: Readonly<Record<number, number>>): Run {
	const fill = (counts: Readonly<Record<number, number>>) => Array.from({ length: 256 }, (_, level) => counts[level] ?? 0);
	const scores = {
		images: 1,
		pooled: { dice: 0.5 },
		perImageMean: {},
		classes: {},
		levels: { background: fill(background), foreground: fill(foreground) },
	};
	return {
		loss: 'dice',
		label: 'Dice',
		seed: 1,
		state: 'finished',
		steps: 1,
		epochs: 1,
		bestEpoch: 1,
		weightsHash: null,
		validation: { best: null, last: null },
		test: { best: null, last: scores },
	};
}

it('reads a run’s last weights on the test part: best threshold, saturation, and what was not measured', () => {
	// From level 201 on: TP 5 of 8, FP 0 → 10/13. At 100 and below: TP 8, FP 2 → 16/18, the best. 3 + 5 true pixels, 5 of them above 0.99.
	const { recall, precision, probabilities } = measure(run({ 0: 90, 200: 2 }, { 100: 3, 255: 5 }));
	expect([recall, precision]).toEqual([0, null]);
	expect(probabilities?.best).toEqual({ dice: 16 / 18, threshold: 1 / 256 });
	expect(probabilities?.saturated).toBe(5 / 8);
});

it('refuses a run that was not scored', () => {
	expect(() => measure({ ...run({}, {}), test: { best: null, last: null } })).toThrow(RangeError);
});
