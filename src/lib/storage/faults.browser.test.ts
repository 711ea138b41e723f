/** Faults that only a real browser has: a full disk, cleared storage, a dead tab's import. */
import { afterEach, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { Connection } from './connection.ts';
import { databaseName } from './database.ts';
import { deleteDeadImports } from './imports.ts';
import { openUnderTest } from './testing/indexeddb-under-test.ts';
import { openRecords } from './open-records.ts';
import { requestPersistence } from './persistence.ts';
import { checkpoint, dataset, experiment, labelMap, raster } from './testing/records-fixtures.ts';

/** The part of the protocol that is used here; the provider's own type leaves it open. */
interface Protocol {
	send(method: string, params: Record<string, unknown>): Promise<unknown>;
}
const protocol = cdp() as unknown as Protocol;
const { origin } = location;
const mebibyte = 1024 * 1024;
const small = { image: raster(5, 3, 1, 8, 1), mask: labelMap(5, 3, 8, 2) };

afterEach(() => void vi.unstubAllGlobals());

/** Chromium's storage buckets, which TypeScript does not know yet. */
interface Buckets {
	open(name: string, options: { readonly quota: number }): Promise<{ readonly indexedDB: IDBFactory }>;
	delete(name: string): Promise<void>;
}

test('what does not fit on a full disk is refused, leaves nothing behind, and goes in once room is made', async () => {
	// A bucket has an enforced limit of its own; the whole origin's limit, when lowered, goes unseen for a while.
	const buckets = (navigator as unknown as { readonly storageBuckets: Buckets }).storageBuckets;
	const bucket = await buckets.open('small-disk', { quota: 24 * mebibyte });
	vi.stubGlobal('indexedDB', bucket.indexedDB);
	const { records, countChunks } = await openUnderTest();
	await records.putCheckpoint(checkpoint('old', 'dice-s1', 1, ['latest'], 10 * mebibyte));
	await records.putCheckpoint(checkpoint('e', 'dice-s1', 1, ['latest'], 2 * mebibyte));
	const large = checkpoint('e', 'dice-s1', 2, ['latest'], 16 * mebibyte);
	await expect(records.putCheckpoint(large)).rejects.toMatchObject({ code: 'storage-full' });
	const kept = await records.getCheckpoint('e', 'dice-s1', 'latest');
	expect([kept?.manifest.step, kept?.bytes.length]).toEqual([1, 2 * mebibyte]);

	const sampleIds = Array.from({ length: 10 }, (_, index) => `s${index}`);
	async function* many() {
		for (const [index, sampleId] of sampleIds.entries()) yield { sampleId, image: raster(1024, 1024, 1, 16, index), mask: small.mask };
	}
	await expect(records.putDataset(dataset('cells', sampleIds), many())).rejects.toMatchObject({ code: 'storage-full' });
	expect(await records.listDatasets()).toEqual([]);
	// Three chunks of the old experiment's checkpoint (4 + 4 + 2 MiB) and one of the kept one.
	expect(await countChunks()).toBe(4);

	await records.deleteExperiment('old');
	await records.putCheckpoint(large);
	expect((await records.getCheckpoint('e', 'dice-s1', 'latest'))?.manifest.step).toBe(2);
	await buckets.delete('small-disk');
});

test('storage that is cleared while it is open is reported, and the next call starts a fresh database', async () => {
	const basePath = `/cleared-${Date.now()}`;
	let report: () => void = () => undefined;
	const terminated = new Promise<void>((resolve) => (report = resolve));
	const records = await openRecords({ basePath, onTerminated: report });
	await records.putExperiment(experiment('e', ['dice-s1']));
	await protocol.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
	await terminated;
	expect(await records.listExperiments()).toEqual([]);
	await records.putExperiment(experiment('e', ['dice-s1']));
	expect(await records.listExperiments()).toHaveLength(1);
});

test('what a dead import left is deleted at the next open, and a living import in another tab is left alone', async () => {
	const basePath = `/imports-${Date.now()}`;
	const name = databaseName(basePath);
	const connection = new Connection(name);
	const countPixels = () => connection.read(['pixels'], (transaction) => transaction.objectStore('pixels').count());
	await connection.write(['imports', 'pixels'], 'relaxed', async (transaction) => {
		await transaction.objectStore('imports').put({ version: 1, pixelSet: 'dead', datasetId: 'cells', startedAt: 0 });
		await transaction.objectStore('pixels').put({
			version: 1,
			pixelSet: 'dead',
			sampleId: 'a',
			kind: 'image',
			width: 1,
			height: 1,
			channels: 1,
			maxValue: 255,
			bits: 8,
			lengthBytes: 1,
		});
	});
	const records = await openRecords({ basePath });
	expect(await countPixels()).toBe(0);

	let finish: () => void = () => undefined;
	const finished = new Promise<void>((resolve) => (finish = resolve));
	let begin: () => void = () => undefined;
	const begun = new Promise<void>((resolve) => (begin = resolve));
	async function* slow() {
		yield { sampleId: 'a', ...small };
		begin();
		await finished;
		yield { sampleId: 'b', ...small };
	}
	const importing = records.putDataset(dataset('cells', ['a', 'b']), slow());
	await begun;
	await deleteDeadImports(new Connection(name));
	finish();
	await importing;
	expect(await (await openRecords({ basePath })).getImage('cells', 'a')).toEqual(small.image);
	expect(await countPixels()).toBe(4);
});

test('asking for persistence answers yes or no, and the report agrees', async () => {
	const records = await openRecords({ basePath: `/persist-${Date.now()}` });
	expect((await records.report()).persisted).toBe(await requestPersistence());
});
