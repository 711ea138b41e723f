/** Sets of pixels: each belongs to one data set, or to several that differ in nothing but the masks in use. */
import type { IDBPTransaction } from 'idb';
import type { Connection } from './connection.ts';
import { startingWith, type OverlapSchema, type StoreName } from './database.ts';
import type { PackedPixels } from './pixels.ts';
import { pixelSetSchema, type StoredPixelSet } from './schema.ts';

/** Everything that goes with the last data set of a pixel set, and what says which those are. */
export const sharedStores = ['pixelSets', 'pixels', 'pixelChunks', 'maskVersions'] as const satisfies readonly StoreName[];

type Writing<Names extends StoreName> = IDBPTransaction<OverlapSchema, Names[], 'readwrite'>;

export function pixelSetOf(connection: Connection, stored: unknown, datasetId: string): StoredPixelSet | undefined {
	return connection.checked(pixelSetSchema, stored, `pixelSets ${datasetId}`);
}

/** The `kind` under which the mask in use is stored. */
export function maskInUse({ masks }: StoredPixelSet, sampleId: string): string {
	return (masks && Object.hasOwn(masks, sampleId) ? masks[sampleId] : undefined) ?? 'mask';
}

export async function putPixels(transaction: Writing<'pixels' | 'pixelChunks'>, { header, chunks }: PackedPixels): Promise<void> {
	for (const [index, bytes] of chunks.entries()) {
		const key: [string, string, string, number] = [header.pixelSet, header.sampleId, header.kind, index];
		await transaction.objectStore('pixelChunks').put({ version: 1, bytes }, key);
	}
	await transaction.objectStore('pixels').put(header);
}

/** Takes the pixels from a data set, and deletes them unless another one shares them. */
export async function deleteUnshared(
	connection: Connection,
	transaction: Writing<(typeof sharedStores)[number]>,
	datasetId: string,
): Promise<void> {
	const pointers = transaction.objectStore('pixelSets');
	const own = pixelSetOf(connection, await pointers.get(datasetId), datasetId);
	if (!own) return;
	await pointers.delete(datasetId);
	if ((await pointers.getAll()).some(({ pixelSet }) => pixelSet === own.pixelSet)) return;
	for (const store of ['pixels', 'pixelChunks', 'maskVersions'] as const) {
		await transaction.objectStore(store).delete(startingWith(own.pixelSet));
	}
}
