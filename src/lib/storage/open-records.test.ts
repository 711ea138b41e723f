import 'fake-indexeddb/auto';
import { forceCloseDatabase } from 'fake-indexeddb';
import { openDB, unwrap } from 'idb';
import { afterEach, expect, test, vi } from 'vitest';
import { Connection } from './connection.ts';
import { databaseName, migrations } from './database.ts';
import { openRecords } from './open-records.ts';
import { experiment } from './testing/records-fixtures.ts';

afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

test('records outlive the connection that wrote them', async () => {
	await (await openRecords({ basePath: '/kept' })).putExperiment(experiment('e', ['dice-s1']));
	const records = await openRecords({ basePath: '/kept' });
	expect(await records.listExperiments()).toEqual([experiment('e', ['dice-s1'])]);
	expect(await records.report()).toMatchObject({ kind: 'indexeddb', reason: '' });
	expect(await (await openRecords({ basePath: '/elsewhere' })).listExperiments()).toEqual([]);
});

test('without IndexedDB records live in memory and say so', async () => {
	vi.stubGlobal('indexedDB', undefined);
	Reflect.deleteProperty(globalThis, 'indexedDB');
	const records = await openRecords({ basePath: '/none' });
	await records.putExperiment(experiment('e', ['dice-s1']));
	expect(await records.listExperiments()).toHaveLength(1);
	expect(await records.report()).toMatchObject({ kind: 'memory', reason: 'This browser has no IndexedDB.' });
});

test('a browser that refuses to open gives memory with its own words as the reason', async () => {
	vi.spyOn(indexedDB, 'open').mockImplementation(() => {
		throw new DOMException('The operation is insecure.', 'SecurityError');
	});
	expect(await (await openRecords({ basePath: '/private' })).report()).toMatchObject({
		kind: 'memory',
		reason: 'The operation is insecure.',
	});
});

test('a browser that opens but refuses every write gives memory', async () => {
	vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
		throw new DOMException('Writing is off.', 'UnknownError');
	});
	expect(await (await openRecords({ basePath: '/read-only' })).report()).toMatchObject({ kind: 'memory', reason: 'Writing is off.' });
});

test('a full disk still shows what is stored', async () => {
	await (await openRecords({ basePath: '/full' })).putExperiment(experiment('e', ['dice-s1']));
	vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
		throw new DOMException('', 'QuotaExceededError');
	});
	const records = await openRecords({ basePath: '/full' });
	expect(await records.listExperiments()).toHaveLength(1);
	await expect(records.putSetting('opacity', 1)).rejects.toMatchObject({ code: 'storage-full' });
});

test('a failure to open that passes is tried once more', async () => {
	const open = indexedDB.open.bind(indexedDB);
	vi.spyOn(indexedDB, 'open')
		.mockImplementationOnce(() => {
			throw new DOMException('Internal error opening backing store.', 'UnknownError');
		})
		.mockImplementation(open);
	expect(await (await openRecords({ basePath: '/passing' })).report()).toMatchObject({ kind: 'indexeddb' });
});

test('the database of a newer app is neither opened, written nor deleted', async () => {
	const name = databaseName('/newer');
	const newer = await openDB(name, 1000, { upgrade: (database) => void database.createObjectStore('future') });
	await newer.put('future', 'precious', 'key');
	newer.close();
	await expect(openRecords({ basePath: '/newer' })).rejects.toMatchObject({ code: 'storage-newer' });
	const again = await openDB(name);
	expect([again.version, [...again.objectStoreNames], await again.get('future', 'key')]).toEqual([1000, ['future'], 'precious']);
	again.close();
});

test('opening waits for an older app in another tab, says so, and goes on by itself', async () => {
	const older = await openDB(databaseName('/blocked'), 1);
	const open = indexedDB.open.bind(indexedDB);
	vi.spyOn(indexedDB, 'open').mockImplementationOnce((name) => open(name, 2));
	// The other tab closes only after this one has been told to wait.
	const connection = new Connection(databaseName('/blocked'), { onBlocked: () => older.close() });
	expect((await connection.open()).version).toBe(2);
});

test('when a newer app comes, the connection lets go after the last checkpoint is written, and refuses from then on', async () => {
	const events: string[] = [];
	const records = await openRecords({
		basePath: '/superseded',
		async onSuperseded() {
			await records.putSetting('last', 'checkpoint');
			events.push('stored');
		},
	});
	const newer = await openDB(databaseName('/superseded'), migrations.length + 1, { upgrade: () => void events.push('upgraded') });
	expect(events).toEqual(['stored', 'upgraded']);
	expect(await newer.get('settings', 'last')).toMatchObject({ value: 'checkpoint' });
	await expect(records.listExperiments()).rejects.toMatchObject({ code: 'storage-newer' });
	newer.close();
});

test('a connection that the browser cut is opened again by the next call', async () => {
	let terminated = 0;
	const connection = new Connection(databaseName('/cut'), { onTerminated: () => void terminated++ });
	const database = await connection.open();
	await connection.write(['settings'], 'relaxed', (transaction) =>
		transaction.objectStore('settings').put({ version: 1, key: 'k', value: 1 }),
	);
	// Its type asks for the class where it takes an instance.
	Reflect.apply(forceCloseDatabase, undefined, [unwrap(database)]);
	await vi.waitUntil(() => terminated > 0);
	expect(terminated).toBe(1);
	expect(await connection.read(['settings'], (transaction) => transaction.objectStore('settings').count())).toBe(1);
});

test('a connection that is gone without a word is opened again too', async () => {
	const connection = new Connection(databaseName('/gone'));
	(await connection.open()).close();
	expect(await connection.read(['settings'], (transaction) => transaction.objectStore('settings').count())).toBe(0);
});
