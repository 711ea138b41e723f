import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { databaseName, migrations } from './database.ts';

test('apps under different paths of one origin have different databases', () => {
	expect([databaseName(''), databaseName('/overlap'), databaseName('/fork')]).toEqual(['overlap:/', 'overlap:/overlap', 'overlap:/fork']);
});

/** The stores of every version that was shipped, with their key paths. Entries are only ever added. */
const shipped = [
	{
		checkpointChunks: null,
		checkpoints: ['experimentId', 'runId', 'sequence'],
		datasets: 'id',
		experiments: 'id',
		imports: 'pixelSet',
		modelChunks: null,
		models: 'id',
		pixelChunks: null,
		pixelSets: 'datasetId',
		pixels: ['pixelSet', 'sampleId', 'kind'],
		previews: ['experimentId', 'runId', 'epoch'],
		rows: ['experimentId', 'runId', 'epoch'],
		settings: 'key',
	},
	{
		checkpointChunks: null,
		checkpoints: ['experimentId', 'runId', 'sequence'],
		datasets: 'id',
		experiments: 'id',
		imports: 'pixelSet',
		maskVersions: ['pixelSet', 'id'],
		modelChunks: null,
		models: 'id',
		pixelChunks: null,
		pixelSets: 'datasetId',
		pixels: ['pixelSet', 'sampleId', 'kind'],
		previews: ['experimentId', 'runId', 'epoch'],
		rows: ['experimentId', 'runId', 'epoch'],
		settings: 'key',
	},
];

test('every migration leads to the stores that were shipped with it', async () => {
	expect(shipped).toHaveLength(migrations.length);
	for (const [index, stores] of shipped.entries()) {
		const database = await openDB(`migrated-${index}`, index + 1, {
			upgrade(upgraded, oldVersion, _newVersion, transaction) {
				for (const migration of migrations.slice(oldVersion, index + 1)) Reflect.apply(migration.up, migration, [upgraded, transaction]);
			},
		});
		const names = [...database.objectStoreNames];
		const transaction = database.transaction(names);
		expect(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name).keyPath]))).toEqual(stores);
		database.close();
	}
});

test('opening twice migrates once', async () => {
	for (const _visit of [1, 2]) {
		const connection = new Connection('overlap:/twice');
		expect([...(await connection.open()).objectStoreNames]).toEqual(Object.keys(shipped[shipped.length - 1] ?? {}));
		await connection.close();
	}
});
