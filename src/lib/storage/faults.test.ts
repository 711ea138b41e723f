/** What a killed tab, a damaged record or a failing disk leaves behind, at every point. IndexedDB is imitated in Node. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { deleteDeadImports } from './imports.ts';
import { openUnderTest } from './testing/indexeddb-under-test.ts';
import { checkpoint, dataset, epochRow, experiment, labelMap, preview, raster, stream } from './testing/records-fixtures.ts';

afterEach(() => void vi.restoreAllMocks());

const small = { image: raster(5, 3, 1, 8, 1), mask: labelMap(5, 3, 8, 2) };
const mebibyte = 1024 * 1024;

/** Makes the n-th write from now on abort its transaction as a full disk does: the request fails only with AbortError. */
function failAtPut(n: number, error?: DOMException): { readonly hit: () => boolean } {
	const put = Reflect.get(IDBObjectStore.prototype, 'put');
	let count = 0;
	vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
		if (++count !== n) return Reflect.apply(put, this, args);
		const request = Reflect.apply(put, this, args);
		if (error) Object.defineProperty(this.transaction, 'error', { value: error });
		this.transaction.abort();
		return request;
	});
	return { hit: () => count >= n };
}

test('a checkpoint that fails at any of its writes leaves the old one whole, and nothing else', async () => {
	let failures = 0;
	for (let n = 1; ; n++) {
		const { records, countChunks } = await openUnderTest();
		await records.putCheckpoint(checkpoint('e', 'dice-s1', 1, ['latest']));
		const fault = failAtPut(n);
		const outcome = await records.putCheckpoint(checkpoint('e', 'dice-s1', 2, ['latest'], 9 * mebibyte)).then(
			() => 'stored',
			(error: unknown) => error,
		);
		vi.restoreAllMocks();
		if (!fault.hit()) {
			expect(outcome).toBe('stored');
			break;
		}
		failures++;
		expect(outcome).toMatchObject({ code: 'storage-unavailable' });
		expect((await records.getCheckpoint('e', 'dice-s1', 'latest'))?.manifest.step).toBe(1);
		expect(await countChunks()).toBe(1);
	}
	// Three chunks and the manifest.
	expect(failures).toBe(4);
});

test('an epoch that fails at either of its writes leaves neither its row nor its previews', async () => {
	for (const n of [1, 2]) {
		const { records } = await openUnderTest();
		failAtPut(n);
		await expect(records.putEpoch(epochRow('e', 'dice-s1', 1), [preview('c', 1)])).rejects.toMatchObject({ code: 'storage-unavailable' });
		vi.restoreAllMocks();
		expect(await records.listRows('e')).toEqual([]);
		expect(await records.getPreviews('e', 'dice-s1', 1)).toEqual([]);
	}
});

test('an import that fails at any of its writes leaves no data set and no pixels', async () => {
	let failures = 0;
	for (let n = 1; ; n++) {
		const { records, countChunks } = await openUnderTest();
		const fault = failAtPut(n);
		const outcome = await records.putDataset(dataset('cells', ['a', 'b']), stream({ a: small, b: small })).then(
			() => 'stored',
			() => 'failed',
		);
		vi.restoreAllMocks();
		if (!fault.hit()) break;
		failures++;
		expect(outcome).toBe('failed');
		expect(await records.listDatasets()).toEqual([]);
		expect(await countChunks()).toBe(0);
	}
	// The import's mark, then chunk and header of two images and two masks, then pointer and metadata.
	expect(failures).toBe(11);
});

test('a full disk frees the older latest checkpoint and tries once more', async () => {
	const { records } = await openUnderTest();
	for (const step of [1, 2, 3]) await records.putCheckpoint(checkpoint('e', 'dice-s1', step, step === 1 ? ['latest', 'best'] : ['latest']));
	failAtPut(1, new DOMException('', 'QuotaExceededError'));
	await records.putCheckpoint(checkpoint('e', 'dice-s1', 4, ['latest']));
	const steps = (await records.listCheckpoints('e', 'dice-s1')).map((manifest) => manifest.step);
	// 2 was freed; 1 is the best and stays.
	expect(steps).toEqual([1, 3, 4]);
});

test('a disk that stays full is reported as such', async () => {
	const { records } = await openUnderTest();
	failAtPut(1, new DOMException('', 'QuotaExceededError'));
	await expect(records.putSetting('opacity', 1)).rejects.toMatchObject({ code: 'storage-full' });
});

test('a setting is on its way to the disk before the task that stores it ends: the page may go away with it', async () => {
	const { records } = await openUnderTest();
	await records.putSetting('opacity', 0);
	const commit = vi.spyOn(IDBTransaction.prototype, 'commit');
	const stored = records.putSetting('opacity', 1);
	// Awaiting what is there already stays within the task.
	for (let turn = 0; turn < 100; turn++) await Promise.resolve();
	expect(commit).toHaveBeenCalledOnce();
	await stored;
});

test('a record that does not fit its schema is left out of lists, counted once, and kept', async () => {
	const { records, connection } = await openUnderTest();
	await records.putExperiment(experiment('whole', ['dice-s1']));
	await records.putEpoch(epochRow('whole', 'dice-s1', 1), []);
	await connection.write(['experiments', 'rows', 'settings'], 'relaxed', async (transaction) => {
		const stores = {
			experiments: Object.assign({}, experiment('broken', []), { version: 2 }),
			rows: Object.assign({}, epochRow('whole', 'dice-s1', 2), { stepLosses: [1] }),
			settings: { version: 1, key: 'opacity', value: { nested: true } },
		};
		await Reflect.apply(transaction.objectStore('experiments').put, transaction.objectStore('experiments'), [stores.experiments]);
		await Reflect.apply(transaction.objectStore('rows').put, transaction.objectStore('rows'), [stores.rows]);
		await Reflect.apply(transaction.objectStore('settings').put, transaction.objectStore('settings'), [stores.settings]);
	});
	for (const _visit of [1, 2]) {
		expect((await records.listExperiments()).map((record) => record.id)).toEqual(['whole']);
		expect((await records.listRows('whole')).map((row) => row.epoch)).toEqual([1]);
		expect(await records.getExperiment('broken')).toBeUndefined();
		expect(await records.getSetting('opacity')).toBeUndefined();
	}
	expect((await records.report()).damagedRecords).toBe(3);
	expect(await connection.read(['experiments'], (transaction) => transaction.objectStore('experiments').count())).toBe(2);
});

test('an image with a missing chunk is absent and counted, never shorter', async () => {
	const { records, connection } = await openUnderTest();
	await records.putDataset(dataset('cells', ['a']), stream({ a: { image: raster(1500, 1500, 1, 16, 7), mask: small.mask } }));
	await connection.write(['pixelChunks'], 'relaxed', async (transaction) => {
		const [first] = await transaction.objectStore('pixelChunks').getAllKeys();
		if (first) await transaction.objectStore('pixelChunks').delete(first);
	});
	expect(await records.getImage('cells', 'a')).toBeUndefined();
	expect(await records.getMask('cells', 'a')).toEqual(small.mask);
	expect((await records.report()).damagedRecords).toBe(1);
});

test('a missing chunk and a changed manifest both make a checkpoint fall back', async () => {
	const { records, connection } = await openUnderTest();
	for (const step of [1, 2]) await records.putCheckpoint(checkpoint('e', 'dice-s1', step, ['latest']));
	await connection.write(['checkpointChunks'], 'relaxed', (transaction) =>
		transaction.objectStore('checkpointChunks').delete(['e', 'dice-s1', 2, 0]),
	);
	expect((await records.getCheckpoint('e', 'dice-s1', 'latest'))?.manifest.step).toBe(1);
	await connection.write(['checkpoints'], 'relaxed', async (transaction) => {
		const entry = await transaction.objectStore('checkpoints').get(['e', 'dice-s1', 1]);
		if (entry) await transaction.objectStore('checkpoints').put({ ...entry, manifest: { ...entry.manifest, step: 7 } });
	});
	await expect(records.getCheckpoint('e', 'dice-s1', 'latest')).rejects.toMatchObject({ code: 'checkpoint-damaged' });
});

test('what a killed import left of an experiment is deleted with its pixels, and no other experiment', async () => {
	const { connection, records, countChunks } = await openUnderTest();
	for (const id of ['half', 'whole']) {
		await records.putEpoch(epochRow(id, 'dice-s1', 1), [preview('c', 1)]);
		await records.putCheckpoint(checkpoint(id, 'dice-s1', 3, ['latest']));
	}
	await records.putExperiment(experiment('whole', ['dice-s1']));
	await connection.write(['imports', 'pixelChunks'], 'relaxed', async (transaction) => {
		const mark = { version: 1, pixelSet: 'p', datasetId: 'cells', experimentId: 'half', startedAt: 0 } as const;
		await transaction.objectStore('imports').put(mark);
		await transaction.objectStore('pixelChunks').put({ version: 1, bytes: new ArrayBuffer(8) }, ['p', 'a', 'image', 0]);
	});
	await deleteDeadImports(connection);
	expect([await records.listRows('half'), await records.listCheckpoints('half', 'dice-s1')]).toEqual([[], []]);
	expect(await records.listRows('whole')).toHaveLength(1);
	// The checkpoint of the other experiment.
	expect(await countChunks()).toBe(1);
	expect(await connection.read(['imports'], (transaction) => transaction.objectStore('imports').count())).toBe(0);
});

test('without locks, what an import left behind is deleted only a day later', async () => {
	const { connection, countChunks } = await openUnderTest();
	const now = Date.now();
	await connection.write(['imports', 'pixelChunks'], 'relaxed', async (transaction) => {
		await transaction.objectStore('imports').put({ version: 1, pixelSet: 'p', datasetId: 'cells', startedAt: now });
		await transaction.objectStore('pixelChunks').put({ version: 1, bytes: new ArrayBuffer(8) }, ['p', 'a', 'image', 0]);
	});
	vi.stubGlobal('navigator', {});
	await deleteDeadImports(connection);
	expect(await countChunks()).toBe(1);
	vi.spyOn(Date, 'now').mockReturnValue(now + 24 * 60 * 60 * 1000);
	await deleteDeadImports(connection);
	expect(await countChunks()).toBe(0);
	vi.unstubAllGlobals();
});
