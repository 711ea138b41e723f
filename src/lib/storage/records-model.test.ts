/** Random sequences of calls, crashes and damage: IndexedDB must always answer as the plain memory store does. */
import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Records } from '#lib/core/records.ts';
import { openUnderTest } from './testing/indexeddb-under-test.ts';
import { emptyMemory, memoryRecords } from './memory-records.ts';
import {
	checkpoint,
	dataset,
	epochRow,
	experiment,
	labelMap,
	maskVersion,
	preview,
	raster,
	revision,
	stream,
} from './testing/records-fixtures.ts';

const id = fc.constantFrom('a', 'b');
const run = fc.constantFrom('dice-s1', 'focal-s1');
const tags = fc.subarray(['latest', 'best', 'final', 'pinned'] as const, { minLength: 1 });
const step = fc.integer({ min: 1, max: 20 });

const call = fc.oneof(
	fc.record({ do: fc.constant('putCheckpoint' as const), id, run, step, tags }),
	fc.record({ do: fc.constant('readCheckpoint' as const), id, run, tag: fc.constantFrom('latest', 'best', 'final', 'pinned') }),
	fc.record({ do: fc.constant('damage' as const), id, run }),
	fc.record({ do: fc.constant('crash' as const) }),
	fc.record({ do: fc.constant('putExperiment' as const), id, step }),
	fc.record({ do: fc.constant('updateRun' as const), id, run, step }),
	fc.record({ do: fc.constant('deleteExperiment' as const), id }),
	fc.record({ do: fc.constant('putEpoch' as const), id, run, step }),
	fc.record({ do: fc.constant('putDataset' as const), id, step, failing: fc.boolean() }),
	fc.record({ do: fc.constant('deleteDataset' as const), id }),
	fc.record({ do: fc.constant('putMaskVersion' as const), id, step }),
	fc.record({ do: fc.constant('putRevision' as const), id, from: id, step }),
);
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

const corrected = (step: number) => dataset('', ['x']).samples.map((sample) => ({ ...sample, maskVersion: `v${step % 3}` }));

async function* samples(seed: number, failing: boolean) {
	yield* stream({ x: { image: raster(2, 2, 1, 16, seed), mask: labelMap(2, 2, 8, seed) } });
	if (failing) throw new Error('The file is gone.');
}

async function apply(records: Records, call: Exclude<Call, { do: 'damage' | 'crash' }>): Promise<unknown> {
	switch (call.do) {
		case 'putCheckpoint':
			return records.putCheckpoint(checkpoint(call.id, call.run, call.step, call.tags));
		case 'readCheckpoint':
			return records.getCheckpoint(call.id, call.run, call.tag);
		case 'putExperiment':
			return records.putExperiment(experiment(call.id, ['dice-s1', 'focal-s1'], call.step));
		case 'updateRun':
			return records.updateRun(call.id, call.run, { step: call.step });
		case 'deleteExperiment':
			return records.deleteExperiment(call.id);
		case 'putEpoch':
			return records.putEpoch(epochRow(call.id, call.run, call.step % 3), [preview('x', call.step)]);
		case 'putDataset':
			return records.putDataset(dataset(call.id, ['x'], call.step), samples(call.step, call.failing));
		case 'deleteDataset':
			return records.deleteDataset(call.id);
		case 'putMaskVersion':
			return records.putMaskVersion(call.id, maskVersion(`v${call.step % 3}`, 'x', call.step), labelMap(2, 2, 8, call.step));
		case 'putRevision':
			return records.putRevision({ ...revision(call.id, call.from, `v${call.step % 3}`), samples: corrected(call.step) }, call.from);
		default:
			return call satisfies never;
	}
}

const outcome = (promise: Promise<unknown>): Promise<unknown> =>
	promise.then(
		(value) => ({ value }),
		(error: unknown) => ({ error: String(error) }),
	);

/** Everything that can be seen without changing what is stored. */
async function visible(records: Records): Promise<unknown> {
	const ids = ['a', 'b'];
	return {
		datasets: await records.listDatasets(),
		images: await Promise.all(ids.map((datasetId) => records.getImage(datasetId, 'x'))),
		masks: await Promise.all(ids.map((datasetId) => records.getMask(datasetId, 'x'))),
		versions: await Promise.all(ids.map((datasetId) => records.listMaskVersions(datasetId))),
		experiments: await records.listExperiments(),
		rows: await Promise.all(ids.map((experimentId) => records.listRows(experimentId))),
		previews: await Promise.all(ids.map((experimentId) => records.getPreviews(experimentId, 'dice-s1', 1))),
		checkpoints: await Promise.all(
			ids.flatMap((experimentId) => ['dice-s1', 'focal-s1'].map((runId) => records.listCheckpoints(experimentId, runId))),
		),
	};
}

test('IndexedDB and memory answer alike whatever is called in whatever order', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 30 }), async (calls) => {
			const state = emptyMemory();
			const model = memoryRecords('model', state);
			const store = await openUnderTest();
			for (const next of calls) {
				if (next.do === 'crash') {
					// The tab dies: its connection closes, whatever was acknowledged stays.
					await store.connection.close();
				} else if (next.do === 'damage') {
					const newest = state.checkpoints.findLast(({ manifest }) => manifest.experimentId === next.id && manifest.runId === next.run);
					if (!newest) continue;
					const bytes = new Uint8Array(newest.chunks[0]!);
					bytes[7] = bytes[7]! ^ 1;
					await store.damageNewest(next.id, next.run);
				} else {
					expect(await outcome(apply(store.records, next))).toEqual(await outcome(apply(model, next)));
				}
				expect(await visible(store.records)).toEqual(await visible(model));
			}
			await store.connection.close();
		}),
		{ numRuns: 60 },
	);
}, 60_000);
