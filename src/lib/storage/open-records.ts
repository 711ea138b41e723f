/** Opens the stored records: IndexedDB where it can be used, memory where it cannot. */
import { AppError } from '#lib/core/errors.ts';
import type { Records } from '#lib/core/records.ts';
import { Connection, type StorageEvents } from './connection.ts';
import { databaseName } from './database.ts';
import { deleteDeadImports } from './imports.ts';
import { indexedDbRecords } from './indexeddb-records.ts';
import { memoryRecords } from './memory-records.ts';
import { isStorageFull } from './storage-error.ts';

export interface OpenRecordsOptions extends StorageEvents {
	/** SvelteKit's `base`: apps under other paths of the origin have databases of their own. */
	readonly basePath: string;
}

/** Writes and deletes a record for real: some private windows open a database and then refuse every write. */
async function probe(connection: Connection): Promise<void> {
	const key = 'probe';
	try {
		await connection.write(['settings'], 'relaxed', async (transaction) => {
			await transaction.objectStore('settings').put({ version: 1, key, value: true });
		});
		await connection.write(['settings'], 'relaxed', (transaction) => transaction.objectStore('settings').delete(key));
	} catch (error) {
		// A full disk still lets the person see and delete what is there.
		if (!isStorageFull(error)) throw error;
	}
}

/** One more try: most failures to open ("Internal error opening backing store") pass. The database is never deleted to mend it. */
async function openTwice(connection: Connection): Promise<void> {
	try {
		await probe(connection);
	} catch (error) {
		if (error instanceof AppError && error.code === 'storage-newer') throw error;
		await connection.close();
		await probe(connection);
	}
}

function reasonOf(error: unknown): string {
	if (error instanceof AppError) return String(error.facts.detail ?? error.message);
	return error instanceof Error ? error.message : String(error);
}

/**
 * The stored records of this app. In a private window or without IndexedDB they live in memory, and `report()` says why.
 * @throws AppError `storage-newer` when a newer version of the app has stored here; nothing is written or deleted then.
 */
export async function openRecords({ basePath, ...events }: OpenRecordsOptions): Promise<Records> {
	if (!('indexedDB' in globalThis)) return memoryRecords('This browser has no IndexedDB.');
	const connection = new Connection(databaseName(basePath), events);
	try {
		await openTwice(connection);
	} catch (error) {
		if (error instanceof AppError && error.code === 'storage-newer') throw error;
		return memoryRecords(reasonOf(error));
	}
	// Room that a dead import takes is worth freeing, but no reason not to start.
	await deleteDeadImports(connection).catch(() => undefined);
	return indexedDbRecords(connection);
}
