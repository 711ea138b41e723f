/** Checkpoints over IndexedDB: one transaction writes the chunks, then the manifest that makes them a checkpoint, then forgets what may go. */
import type { IDBPTransaction } from 'idb';
import { AppError } from '#lib/core/errors.ts';
import type { Checkpoint, CheckpointTag, Records } from '#lib/core/records.ts';
import type { Connection } from './connection.ts';
import { startingWith, type OverlapSchema } from './database.ts';
import { nextSequence, superseded, type Thrift } from './retention.ts';
import { checkpointSchema, chunkSchema, type StoredCheckpoint } from './schema.ts';
import { candidatesFor, openSealed, sealCheckpoint, type SealedCheckpoint } from './seal.ts';
import { isStorageFull } from './storage-error.ts';

export type CheckpointRecords = Pick<Records, 'putCheckpoint' | 'listCheckpoints' | 'getCheckpoint' | 'getCheckpointAt'>;

const stores = ['checkpoints', 'checkpointChunks'] as const;

/** The checkpoints of a run that can be read, oldest first. A damaged manifest is left where it is. */
function readable(connection: Connection, entries: readonly StoredCheckpoint[]): StoredCheckpoint[] {
	return entries.flatMap((entry) => {
		const key = `checkpoints ${entry.experimentId} ${entry.runId} ${entry.sequence}`;
		const known = connection.checked(checkpointSchema, entry, key);
		if (known?.damaged) connection.reportDamaged(key);
		return known ?? [];
	});
}

function listStored(connection: Connection, experimentId: string, runId: string): Promise<StoredCheckpoint[]> {
	return connection.read(['checkpoints'], (transaction) =>
		transaction.objectStore('checkpoints').getAll(startingWith(experimentId, runId)),
	);
}

/** Deletes what retention lets go, inside the caller's transaction. */
async function forget(
	connection: Connection,
	transaction: IDBPTransaction<OverlapSchema, typeof stores, 'readwrite'>,
	entries: readonly StoredCheckpoint[],
	thrift: Thrift,
): Promise<void> {
	const known = readable(connection, entries);
	const gone = new Set(superseded(known, thrift));
	for (const { experimentId, runId, sequence } of known.filter((entry) => gone.has(entry.sequence))) {
		await transaction.objectStore('checkpoints').delete([experimentId, runId, sequence]);
		await transaction.objectStore('checkpointChunks').delete(startingWith(experimentId, runId, sequence));
	}
}

/** Chunks, manifest, retention, in one strict transaction: the old state or the new one, never a mix. */
export async function commitCheckpoint(connection: Connection, { chunks, ...sealed }: SealedCheckpoint): Promise<void> {
	const { experimentId, runId } = sealed.manifest;
	await connection.write(stores, 'strict', async (transaction) => {
		const checkpoints = transaction.objectStore('checkpoints');
		const earlier = await checkpoints.getAll(startingWith(experimentId, runId));
		const sequence = nextSequence(earlier);
		for (const [index, bytes] of chunks.entries()) {
			await transaction.objectStore('checkpointChunks').put({ version: 1, bytes }, [experimentId, runId, sequence, index]);
		}
		const written: StoredCheckpoint = { version: 1, experimentId, runId, sequence, ...sealed, damaged: false };
		await checkpoints.put(written);
		await forget(connection, transaction, [...earlier, written], 'normal');
	});
}

/** Makes room on a full disk: of the `latest` ones only the newest stays. */
async function makeRoom(connection: Connection, experimentId: string, runId: string): Promise<void> {
	await connection.write(stores, 'strict', async (transaction) => {
		const entries = await transaction.objectStore('checkpoints').getAll(startingWith(experimentId, runId));
		await forget(connection, transaction, entries, 'frugal');
	});
}

/** `gone` when another tab's retention deleted it between listing and reading. */
async function readCheckpoint(connection: Connection, entry: StoredCheckpoint): Promise<Checkpoint | 'gone' | 'damaged'> {
	const { experimentId, runId, sequence } = entry;
	const chunks = await connection.read(stores, async (transaction) => {
		const still = await transaction.objectStore('checkpoints').getKey([experimentId, runId, sequence]);
		return still && transaction.objectStore('checkpointChunks').getAll(startingWith(experimentId, runId, sequence));
	});
	if (!chunks) return 'gone';
	const key = `checkpoints ${experimentId} ${runId} ${sequence}`;
	const buffers = chunks.map((chunk) => connection.checked(chunkSchema, chunk, key)?.bytes ?? new ArrayBuffer(0));
	return (await openSealed({ ...entry, chunks: buffers })) ?? 'damaged';
}

/** Notes the damage beside the manifest, so that retention neither counts nor deletes it. */
async function markDamaged(connection: Connection, { experimentId, runId, sequence }: StoredCheckpoint): Promise<void> {
	connection.reportDamaged(`checkpoints ${experimentId} ${runId} ${sequence}`);
	await connection.write(['checkpoints'], 'relaxed', async (transaction) => {
		const store = transaction.objectStore('checkpoints');
		const entry = await store.get([experimentId, runId, sequence]);
		if (entry) await store.put({ ...entry, damaged: true });
	});
}

async function newestIntact(
	connection: Connection,
	experimentId: string,
	runId: string,
	tag: CheckpointTag,
): Promise<Checkpoint | undefined> {
	const stored = await listStored(connection, experimentId, runId);
	const candidates = candidatesFor(readable(connection, stored), tag);
	let someGone = false;
	for (const entry of candidates) {
		const found = await readCheckpoint(connection, entry);
		if (typeof found === 'object') return found;
		if (found === 'gone') someGone = true;
		// The older checkpoint is worth more than the note, which may fail on a full disk.
		else await markDamaged(connection, entry).catch(() => undefined);
	}
	// What deleted one has written a newer one.
	if (someGone) return newestIntact(connection, experimentId, runId, tag);
	if (candidates.length > 0 || (tag === 'latest' && stored.length > 0))
		throw new AppError('checkpoint-damaged', { experimentId, runId, tag });
	return undefined;
}

export function checkpointRecords(connection: Connection): CheckpointRecords {
	return {
		async putCheckpoint(checkpoint) {
			const sealed = await sealCheckpoint(checkpoint);
			const { experimentId, runId } = sealed.manifest;
			try {
				await commitCheckpoint(connection, sealed);
			} catch (error) {
				if (!isStorageFull(error)) throw error;
				await makeRoom(connection, experimentId, runId);
				await commitCheckpoint(connection, sealed);
			}
		},

		async listCheckpoints(experimentId, runId) {
			return readable(connection, await listStored(connection, experimentId, runId)).map((entry) => entry.manifest);
		},

		async getCheckpointAt(experimentId, runId, place) {
			const entry = readable(connection, await listStored(connection, experimentId, runId))[place];
			const found = entry && (await readCheckpoint(connection, entry));
			if (entry && found === 'damaged') await markDamaged(connection, entry);
			return typeof found === 'object' ? found : undefined;
		},

		getCheckpoint: (experimentId, runId, tag) => newestIntact(connection, experimentId, runId, tag),
	};
}
