/** Faults that only a real browser has: a full disk, cleared storage, a dead tab's import. */
import { afterEach, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { Connection } from './connection.ts';
import { databaseName } from './database.ts';
import { deleteDeadImports } from './dataset-records.ts';
import { openUnderTest } from './indexeddb-under-test.ts';
import { openRecords } from './open-records.ts';
import { requestPersistence } from './persistence.ts';
import { checkpoint, dataset, experiment, labelMap, raster } from './records-fixtures.ts';

/** The part of the protocol that is used here; the provider's own type leaves it open. */
interface Protocol {
	send(method: string, params: Record<string, unknown>): Promise<unknown>;
}
const protocol = cdp() as unknown as Protocol;
const { origin } = location;
const mebibyte = 1024 * 1024;
const small = { image: raster(5, 3, 1, 8, 1), mask: labelMap(5, 3, 8, 2) };

afterEach(() => protocol.send('Storage.overrideQuotaForOrigin', { origin }));

test('a checkpoint that does not fit is refused, and the one before it stays whole', async () => {
	const { records } = await openUnderTest();
	await records.putCheckpoint(checkpoint('e', 'dice-s1', 1, ['latest'], 2 * mebibyte));
	const usage = (await navigator.storage.estimate()).usage ?? 0;
	await protocol.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 4 * mebibyte });
	await expect(records.putCheckpoint(checkpoint('e', 'dice-s1', 2, ['latest'], 24 * mebibyte))).rejects.toMatchObject({
		code: 'storage-full',
	});
	const kept = await records.getCheckpoint('e', 'dice-s1', 'latest');
	expect(kept?.manifest.step).toBe(1);
	expect(kept?.bytes.length).toBe(2 * mebibyte);
	// Freed by the person, the same checkpoint goes in.
	await protocol.send('Storage.overrideQuotaForOrigin', { origin });
	await records.putCheckpoint(checkpoint('e', 'dice-s1', 2, ['latest'], 24 * mebibyte));
	expect((await records.getCheckpoint('e', 'dice-s1', 'latest'))?.manifest.step).toBe(2);
});

test('an import that does not fit leaves nothing behind', async () => {
	const { records, countChunks } = await openUnderTest();
	const usage = (await navigator.storage.estimate()).usage ?? 0;
	await protocol.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 6 * mebibyte });
	async function* many() {
		for (let index = 0; index < 10; index++) yield { sampleId: `s${index}`, image: raster(2048, 1024, 1, 16, index), mask: small.mask };
	}
	const sampleIds = Array.from({ length: 10 }, (_, index) => `s${index}`);
	await expect(records.putDataset(dataset('cells', sampleIds), many())).rejects.toMatchObject({ code: 'storage-full' });
	expect(await records.listDatasets()).toEqual([]);
	expect(await countChunks()).toBe(0);
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
