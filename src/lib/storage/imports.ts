/** Imports under way: each has a mark, so that what a killed one left behind is found and deleted. */
import type { Connection } from './connection.ts';
import { startingWith } from './database.ts';
import { experimentRecords } from './experiment-records.ts';
import { hasLocks, holdProjectLock } from './project-lock.ts';
import { importSchema } from './schema.ts';

/** What an import makes, by ids. */
interface Imported {
	readonly datasetId: string;
	/** Of the experiment that it brings along. */
	readonly experimentId?: string;
}

const importLock = (connection: Connection, pixelSet: string): string => `${connection.name}:import:${pixelSet}`;

/** The mark goes last, so that a deletion that is cut short is done again. */
async function deleteImport(connection: Connection, pixelSet: string, experimentId: string | undefined): Promise<void> {
	if (experimentId !== undefined) await experimentRecords(connection).deleteExperiment(experimentId);
	await connection.write(['imports', 'pixels', 'pixelChunks'], 'strict', async (transaction) => {
		await transaction.objectStore('pixels').delete(startingWith(pixelSet));
		await transaction.objectStore('pixelChunks').delete(startingWith(pixelSet));
		await transaction.objectStore('imports').delete(pixelSet);
	});
}

/**
 * Runs `work`, which writes what is imported and ends with a transaction that makes it exist and takes the mark away. When
 * it fails, everything written is deleted. Pixels lie under a key of their own, so that a data set that is replaced stays
 * whole until then.
 */
export async function importing(connection: Connection, made: Imported, work: (pixelSet: string) => Promise<void>): Promise<void> {
	const pixelSet = crypto.randomUUID();
	const lock = await holdProjectLock(importLock(connection, pixelSet));
	try {
		await connection.put('imports', { version: 1, pixelSet, ...made, startedAt: Date.now() });
		await work(pixelSet);
	} catch (error) {
		// When even this fails, the next open deletes it.
		await deleteImport(connection, pixelSet, made.experimentId).catch(() => undefined);
		throw error;
	} finally {
		lock.release();
	}
}

/**
 * Deletes what a killed import left behind. An import holds a lock for as long as it runs, in whichever tab, so a free
 * lock says that it is dead. Where locks are missing, only imports that began a day ago count as dead.
 */
export async function deleteDeadImports(connection: Connection): Promise<void> {
	const dayMs = 24 * 60 * 60 * 1000;
	const imports = await connection.read(['imports'], (transaction) => transaction.objectStore('imports').getAll());
	for (const entry of imports) {
		const known = connection.checked(importSchema, entry, 'imports');
		if (!known) continue;
		if (!hasLocks() && Date.now() - known.startedAt < dayMs) continue;
		const lock = await holdProjectLock(importLock(connection, known.pixelSet));
		try {
			if (lock.held) await deleteImport(connection, known.pixelSet, known.experimentId);
		} finally {
			lock.release();
		}
	}
}
