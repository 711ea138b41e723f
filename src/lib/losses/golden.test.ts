/** The shelf against the shared golden vectors: value and gradient of every case that a loss of ours can express. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findLoss, lossShelf } from './index.ts';
import { flatten, goldenCases, goldenIsHere, goldenRelations } from './testing/golden-cases.ts';
import type { GoldenCase } from './testing/golden-cases.ts';
import { batchesOf } from './testing/golden-layout.ts';
import { plans } from './testing/golden-plan.ts';
import type { Plan, Skip } from './testing/plan.ts';
import { relationInput, relationResult } from './testing/golden-relations.ts';
import { evaluate } from './testing/inputs.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

/** Losses that the golden files do not hold; their own tests check them by hand. */
const checkedByHand = ['logDice'];

const planOf = (golden: Pick<GoldenCase, 'loss' | 'params' | 'shape' | 'id'>): Plan | Skip =>
	plans[golden.loss]?.(golden.params, golden.shape, golden.id) ?? { skip: 'no segmentation loss of ours' };

function checkGradient(golden: GoldenCase, gradient: readonly number[]): void {
	if (golden.gradMode === 'finite') expect(gradient.every(Number.isFinite)).toBe(true);
	if (golden.gradMode !== 'exact' || golden.grad === undefined || golden.gradTol === undefined) return;
	const expected = flatten(golden.grad);
	const largest = Math.max(...expected.map((slope) => Math.abs(slope ?? 0)));
	const allowed = golden.gradTol.atol + golden.gradTol.rtolOfMax * largest;
	const worst = Math.max(...expected.map((slope, i) => (slope === null ? 0 : Math.abs(slope - gradient[i]!))));
	expect(worst).toBeLessThanOrEqual(allowed);
}

async function check(golden: GoldenCase, plan: Plan): Promise<void> {
	const loss = findLoss(plan.loss);
	if (loss === undefined) throw new RangeError(`${plan.loss} is not on the shelf`);
	const { scale = 1, offset = 0, pick = 0 } = plan;
	const results: { value: number; gradient: Float32Array }[] = [];
	for (const batch of batchesOf(golden, plan)) results.push(await evaluate(loss, batch, plan.values));
	flatten(golden.expected).forEach((expected, i) => {
		const value = (results[pick + i]?.value ?? Number.NaN) * scale + offset;
		expect(Math.abs(value - expected!)).toBeLessThanOrEqual(golden.tol.atol + golden.tol.rtol * Math.abs(expected!));
	});
	if (plan.slices === undefined || plan.slices === 'whole')
		checkGradient(
			golden,
			[...results[0]!.gradient].map((slope) => slope * scale),
		);
}

describe.skipIf(!goldenIsHere)('golden losses (skipped without the shared golden files)', () => {
	const planned = goldenCases.map((golden) => [golden.id, golden, planOf(golden)] as const);
	const ours = planned.flatMap(([id, golden, plan]) => ('skip' in plan ? [] : [[id, golden, plan] as const]));

	it.each(ours)('%s', async (_id, golden, plan) => {
		await check(golden, plan);
	});

	it('covers every loss with golden cases', () => {
		const counts = new Map(lossShelf.map((loss) => [loss.id, 0]));
		for (const [, , plan] of ours) counts.set(plan.loss, (counts.get(plan.loss) ?? 0) + 1);
		const skipped = planned.length - ours.length;
		console.info(`golden cases: ${ours.length} checked, ${skipped} not ours\n${[...counts].map(([id, n]) => `${id} ${n}`).join(', ')}`);
		expect([...counts].filter(([, n]) => n === 0).map(([id]) => id)).toEqual(checkedByHand);
	});
});

describe.skipIf(!goldenIsHere)('golden relations (skipped without the shared golden files)', () => {
	const ours = goldenRelations.relations.filter(({ a, b }) =>
		[a, b].every((side) => {
			const plan = planOf({ ...side, id: '', shape: [2, 4, 4, 1] });
			return !('skip' in plan);
		}),
	);

	it.each(ours.map((relation) => [relation.id, relation] as const))('%s', async (_id, relation) => {
		for (const { input } of relation.checked) {
			const results: number[][] = [];
			for (const side of ['a', 'b'] as const) {
				const golden = relationInput(relation, side, input);
				const plan = planOf(golden);
				if ('skip' in plan) throw new RangeError(plan.skip);
				const values: number[] = [];
				for (const batch of batchesOf(golden, plan)) {
					const { value } = await evaluate(findLoss(plan.loss)!, batch, plan.values);
					values.push(value * (plan.scale ?? 1) + (plan.offset ?? 0));
				}
				results.push(values);
			}
			const [a = [], b = []] = results;
			a.forEach((value, i) => {
				const bound = relationResult(relation, b[i]!);
				if (relation.kind === 'lessEqual') expect(value).toBeLessThanOrEqual(bound + relation.tol);
				else expect(Math.abs(value - bound)).toBeLessThanOrEqual(relation.tol * Math.max(1, Math.abs(bound)));
			});
		}
	});

	it('has relations to check', () => {
		console.info(`golden relations: ${ours.length} of ${goldenRelations.relations.length} checked`);
		expect(ours.length).toBeGreaterThan(0);
	});
});
