import { expect, test } from 'vitest';
import { emptyMemory, memoryRecords } from './memory-records.ts';
import { testProjects } from './testing/project-contract.ts';
import { testRecords, type StoreUnderTest } from './testing/records-contract.ts';

async function open(): Promise<StoreUnderTest> {
	const state = emptyMemory();
	const records = memoryRecords('test', state);
	return {
		records,
		otherTab: records,
		async damageNewest(experimentId, runId) {
			const newest = state.checkpoints.findLast(({ manifest }) => manifest.experimentId === experimentId && manifest.runId === runId);
			const bytes = new Uint8Array(newest?.chunks[0] ?? new ArrayBuffer(0));
			bytes[7] = bytes[7]! ^ 1;
		},
		async countChunks() {
			const sets = new Set([...state.pixels.values()].map(({ packed }) => packed));
			const pixels = [...sets].flatMap((set) => [...set.values()].flatMap(({ chunks }) => chunks));
			return pixels.length + state.checkpoints.flatMap(({ chunks }) => chunks).length;
		},
	};
}

testRecords('memory', open);
testProjects('memory', open);

test('memory says why it is used', async () => {
	const report = await memoryRecords('This browser has no IndexedDB.').report();
	expect(report).toEqual({ kind: 'memory', reason: 'This browser has no IndexedDB.', usedBytes: 0, persisted: false, damagedRecords: 0 });
});
