/** Sets of pixels: each belongs to one data set, or to several that differ in nothing but the masks in use. */
import type { Connection, Transaction } from './connection.ts';
import { startingWith, type Chunk } from './database.ts';
import type { WritablePixels } from './pixels.ts';
import { pixelSetSchema, type StoredPixels, type StoredPixelSet } from './schema.ts';

/** Stores of a transaction in which data sets come or go. */
export const datasetStores = ['datasets', 'pixelSets', 'imports', 'pixels', 'pixelChunks', 'maskVersions'] as const;

export function pixelSetOf(connection: Connection, stored: unknown, datasetId: string): StoredPixelSet | undefined {
	return connection.checked(pixelSetSchema, stored, `pixelSets ${datasetId}`);
}

/** The `kind` under which the mask in use is stored. */
export function maskInUse({ masks }: StoredPixelSet, sampleId: string): string {
	return (masks && Object.hasOwn(masks, sampleId) ? masks[sampleId] : undefined) ?? 'mask';
}

interface PixelStores {
	readonly pixels: { put(header: StoredPixels): Promise<unknown> };
	readonly chunks: { put(chunk: Chunk, key: [pixelSet: string, sampleId: string, kind: string, index: number]): Promise<unknown> };
}

export async function putPixels({ pixels, chunks }: PixelStores, packed: WritablePixels): Promise<void> {
	const { pixelSet, sampleId, kind } = packed.header;
	let index = 0;
	for (const bytes of packed.chunks) await chunks.put({ version: 1, bytes }, [pixelSet, sampleId, kind, index++]);
	await pixels.put(packed.header);
}

/** Takes the pixels from a data set, and deletes them unless another one shares them. */
export async function deleteUnshared(
	connection: Connection,
	transaction: Transaction<typeof datasetStores, 'readwrite'>,
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
