/** An IndexedDB store for the contract test, in a database of its own; works over the browser's and over an imitation in Node. */
import { databaseName, startingWith } from '../database.ts';
import { Connection } from '../connection.ts';
import { indexedDbRecords } from '../indexeddb-records.ts';
import type { StoreUnderTest } from './records-contract.ts';

let opened = 0;

/** Also gives the connection and its name, for tests that open a second one or reach into the stores. */
export async function openUnderTest(): Promise<StoreUnderTest & { readonly connection: Connection }> {
	const name = databaseName(`/test-${Date.now()}-${++opened}`);
	const connection = new Connection(name);
	const stores = ['checkpoints', 'checkpointChunks'] as const;
	return {
		connection,
		records: indexedDbRecords(connection),
		otherTab: indexedDbRecords(new Connection(name)),
		async damageNewest(experimentId, runId) {
			await connection.write(stores, 'relaxed', async (transaction) => {
				const keys = await transaction.objectStore('checkpoints').getAllKeys(startingWith(experimentId, runId));
				const sequence = keys[keys.length - 1]?.[2] ?? 0;
				const store = transaction.objectStore('checkpointChunks');
				const chunk = await store.get([experimentId, runId, sequence, 0]);
				if (!chunk) throw new Error('There is nothing to damage.');
				const bytes = new Uint8Array(chunk.bytes);
				bytes[7] = (bytes[7] ?? 0) ^ 1;
				await store.put(chunk, [experimentId, runId, sequence, 0]);
			});
		},
		async countChunks() {
			return connection.read(
				['pixelChunks', 'checkpointChunks'],
				async (transaction) =>
					(await transaction.objectStore('pixelChunks').count()) + (await transaction.objectStore('checkpointChunks').count()),
			);
		},
	};
}
