/**
 * The adapter and the shelf against an oracle: the golden conventions in plain loops of float64, over parameters and shapes
 * drawn at random. What the golden files happen to hold is not enough; every combination that a convention allows counts.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateGolden } from './testing/golden/evaluate.ts';
import { readRelations, sharedGolden } from './testing/golden/read-node.ts';
import { numbersOf, shapeOf } from './testing/golden/types.ts';
import type { GoldenInput, Nested } from './testing/golden/types.ts';
import { boundaryOracles, residualOracles } from './testing/oracle/boundary.ts';
import { conventions } from './testing/oracle/conventions.ts';
import { distributionOracles } from './testing/oracle/distribution.ts';
import { drawOn, drawProblem, fits } from './testing/oracle/draws.ts';
import type { Given } from './testing/oracle/draws.ts';
import { sum } from './testing/oracle/problem.ts';
import type { Oracle, Problem } from './testing/oracle/problem.ts';
import { regionOracles } from './testing/oracle/region.ts';

/** Problems of each convention; more find rarer combinations. */
const draws = Number(process.env.ORACLE_DRAWS ?? 6);

const oracles: Readonly<Record<string, Oracle>> = { ...distributionOracles, ...regionOracles, ...boundaryOracles, ...residualOracles };

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

/** The flat list as nested lists of this shape. */
function nested(values: readonly number[], shape: readonly number[]): Nested {
	const [first = 1, ...rest] = shape;
	if (rest.length === 0) return [...values];
	const size = values.length / first;
	return Array.from({ length: first }, (_, i) => nested(values.slice(i * size, (i + 1) * size), rest));
}

const caseOf = (loss: string, { shape, params, x, y }: Problem): GoldenInput => ({
	id: loss,
	loss,
	params,
	shape,
	yTrue: nested(y, shape),
	yPred: nested(x, shape),
});

/** d(Σ outputs)/dx from both sides, near and twice as far; null where they differ, at a kink, a tie, a step or the end of what is defined. */
function slopes(oracle: Oracle, problem: Problem): (number | null)[] {
	const h = 1e-6;
	const here = sum(oracle(problem));
	const slope = (i: number, by: number): number =>
		(sum(oracle({ ...problem, x: problem.x.map((value, k) => (k === i ? value + by : value)) })) - here) / by;
	const all = problem.x.map((_, i) => [h, -h, 2 * h].map((by) => slope(i, by)));
	const smooth = all.filter((list) => list.every(Number.isFinite) && spread(list) < 0.1 * Math.max(...list.map(Math.abs)) + 1e-3);
	const largest = Math.max(1e-3, ...smooth.flat().map(Math.abs));
	return all.map((list) => (!(spread(list) <= 1e-3 * largest) ? null : (list[0]! + list[1]!) / 2));
}

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/** Compares value and gradient of ours with the oracle's. */
async function expectAgreement(loss: string, problem: Problem): Promise<void> {
	const oracle = oracles[loss]!;
	const { values, gradient = [] } = await evaluateGolden(caseOf(loss, problem), true);
	const expected = oracle(problem);
	expect(values.length).toBe(expected.length);
	expected.forEach((value, i) => expect(Math.abs(values[i]! - value)).toBeLessThanOrEqual(1e-5 + 1e-4 * Math.abs(value)));
	expect(gradient.every(Number.isFinite)).toBe(true);
	const wanted = slopes(oracle, problem);
	const largest = Math.max(...wanted.map((slope) => Math.abs(slope ?? 0)));
	wanted.forEach((slope, i) => {
		if (slope !== null) expect(Math.abs(gradient[i]! - slope)).toBeLessThanOrEqual(2e-6 + 2e-3 * largest);
	});
}

const seeds = Array.from({ length: draws }, (_, i) => i + 1);
const named = (problem: Problem) => [JSON.stringify(problem.params).slice(0, 200), problem.shape.join('×'), problem] as const;

describe.each(Object.entries(conventions))('%s', (loss, convention) => {
	it.each(seeds.map((seed) => named(drawProblem(convention, seed))))(
		'%s on %s is what the convention says',
		async (_params, _shape, problem) => {
			await expectAgreement(loss, problem);
		},
	);
});

/** The golden inputs: saturated logits, empty and full masks, absent classes, probabilities of 0 and 1. */
const fixtures = Object.entries(readRelations(sharedGolden).fixtures).map(([name, { yTrue, yPred }]): [string, Given] => {
	const [first = 1, second = 1, third, fourth] = shapeOf(yPred);
	const shape = third === undefined || fourth === undefined ? ([first, 1, second, 1] as const) : ([first, second, third, fourth] as const);
	const kind = name.startsWith('prob') ? 'probabilities' : name.startsWith('reg') ? 'values' : 'logits';
	return [name, { shape, kind, y: numbersOf(yTrue), x: numbersOf(yPred) }];
});

describe.skipIf(fixtures.length === 0).each(fixtures)(
	'on the golden input %s (skipped without the shared golden files)',
	(_name, given) => {
		const losses = Object.entries(conventions).filter(([, convention]) => fits(convention, given));

		it.each(losses)('%s is what the convention says', async (loss, convention) => {
			for (const seed of seeds.slice(0, Math.ceil(draws / 6))) await expectAgreement(loss, drawOn(convention, given, seed));
		});
	},
);
