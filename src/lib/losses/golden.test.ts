/**
 * The shelf against the shared golden vectors, through the adapter that `npm run golden` uses: value and gradient of every
 * case that a loss of ours can express.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { lossShelf } from './index.ts';
import { adapt } from './testing/golden/adapter.ts';
import { checkCase, checkRelation } from './testing/golden/check.ts';
import { Unsupported } from './testing/golden/param-reader.ts';
import { readCases, readRelations, sharedGolden } from './testing/golden/read-node.ts';
import type { Params } from './testing/golden/types.ts';

beforeAll(async () => {
	await tf.setBackend('cpu');
	await tf.ready();
});

/** The losses of ours that a golden one is expressed with. */
function lossesOf(loss: string, params: Params): readonly string[] {
	try {
		return adapt(loss, params).recipe.losses;
	} catch (error) {
		if (error instanceof Unsupported) return [];
		throw error;
	}
}

const cases = [...readCases(sharedGolden, 'losses.json'), ...readCases(sharedGolden, 'upstream.json')];
const relations = readRelations(sharedGolden);

describe.skipIf(cases.length === 0)('golden losses (skipped without the shared golden files)', () => {
	it.each(cases.map((golden) => [golden.id, golden] as const))('%s', async (_id, golden) => {
		const { verdict, detail } = await checkCase(golden);
		if (verdict === 'unsupported') console.info(`${golden.id}: ${detail}`);
		else expect(detail).toBeUndefined();
	});
});

/** Losses that the golden files do not hold; their own tests check them by hand. */
const checkedByHand = ['logDice', 'steeredTversky', 'dataWeightedCrossEntropy', 'adaptiveRobust'];

describe.skipIf(cases.length === 0)('the golden losses', () => {
	it('cover the whole shelf', () => {
		const covered = new Set(cases.flatMap(({ loss, params }) => lossesOf(loss, params)));
		expect(lossShelf.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual(checkedByHand);
	});
});

describe.skipIf(relations.relations.length === 0)('golden relations (skipped without the shared golden files)', () => {
	it.each(relations.relations.map((relation) => [relation.id, relation] as const))('%s', async (_id, relation) => {
		const { verdict, detail } = await checkRelation(relation, relations);
		if (verdict === 'unsupported') console.info(`${relation.id}: ${detail}`);
		else expect(detail).toBeUndefined();
	});
});
