/** Data sets over IndexedDB: pixels first, each sample in its own transaction; the metadata last. */
import { AppError } from '#lib/core/errors.ts';
import type { Records } from '#lib/core/records.ts';
import type { DatasetMeta, SamplePixels } from '#lib/core/sample.ts';
import type { Connection } from './connection.ts';
import { startingWith } from './database.ts';
import { importing } from './imports.ts';
import { newestFirst } from './order.ts';
import { packSample, unpackImage, unpackMask, type PackedPixels } from './pixels.ts';
import { datasetStores, deleteUnshared, maskInUse, pixelSetOf, putPixels } from './pixel-sets.ts';
import { assertStorable, chunkSchema, datasetMetaSchema, pixelsSchema, type StoredPixelSet } from './schema.ts';

export type DatasetRecords = Pick<
	Records,
	'putDataset' | 'updateDataset' | 'listDatasets' | 'getDataset' | 'getImage' | 'getMask' | 'deleteDataset'
>;

async function writeSample(connection: Connection, pixelSet: string, sampleId: string, sample: SamplePixels): Promise<void> {
	const packed = packSample(pixelSet, sampleId, sample);
	for (const { header } of packed) assertStorable(pixelsSchema, header);
	await connection.write(['pixels', 'pixelChunks'], 'relaxed', async (transaction) => {
		const stores = { pixels: transaction.objectStore('pixels'), chunks: transaction.objectStore('pixelChunks') };
		for (const entry of packed) await putPixels(stores, entry);
	});
}

/** Writes the pixels of every sample of `meta`, each in a transaction of its own. */
export async function writePixels(
	connection: Connection,
	pixelSet: string,
	meta: DatasetMeta,
	pixels: Parameters<Records['putDataset']>[1],
): Promise<void> {
	const missing = new Set(meta.samples.map((sample) => sample.id));
	for await (const { sampleId, image, mask } of pixels) {
		await writeSample(connection, pixelSet, sampleId, { image, mask });
		missing.delete(sampleId);
	}
	if (missing.size > 0) throw new Error(`Pixels of ${missing.size} samples were not given.`);
}

/** Makes the data set exist: metadata, its pixels, the end of the import, and the end of the pixels that it had before. */
async function commitImport(connection: Connection, meta: DatasetMeta, pixelSet: string): Promise<void> {
	await connection.write(datasetStores, 'relaxed', async (transaction) => {
		await deleteUnshared(connection, transaction, meta.id);
		await transaction.objectStore('pixelSets').put({ version: 1, datasetId: meta.id, pixelSet });
		await transaction.objectStore('imports').delete(pixelSet);
		await transaction.objectStore('datasets').put(meta);
	});
}

async function readPixels(
	connection: Connection,
	datasetId: string,
	sampleId: string,
	kindOf: (pointer: StoredPixelSet) => string,
): Promise<PackedPixels | undefined> {
	const found = await connection.read(['pixelSets', 'pixels', 'pixelChunks'], async (transaction) => {
		const pointer = pixelSetOf(connection, await transaction.objectStore('pixelSets').get(datasetId), datasetId);
		if (!pointer) return undefined;
		const kind = kindOf(pointer);
		const header = await transaction.objectStore('pixels').get([pointer.pixelSet, sampleId, kind]);
		const store = transaction.objectStore('pixelChunks');
		const keys = await store.getAllKeys(startingWith(pointer.pixelSet, sampleId, kind));
		const chunks = [];
		// One by one, so that the page has its turn between the pieces of a large image.
		for (const key of keys) chunks.push(await store.get(key));
		return { kind, header, chunks };
	});
	if (!found) return undefined;
	const key = `pixels ${datasetId} ${sampleId} ${found.kind}`;
	const header = connection.checked(pixelsSchema, found.header, key);
	const chunks = found.chunks.map((chunk) => connection.checked(chunkSchema, chunk, key)?.bytes ?? new ArrayBuffer(0));
	return header && { header, chunks };
}

/** Hands on what was unpacked; pixels with missing bytes are reported as damaged. */
async function unpacked<T>(
	connection: Connection,
	[datasetId, sampleId]: readonly [datasetId: string, sampleId: string],
	kindOf: (pointer: StoredPixelSet) => string,
	unpack: (packed: PackedPixels) => T | undefined,
): Promise<T | undefined> {
	const packed = await readPixels(connection, datasetId, sampleId, kindOf);
	if (!packed) return undefined;
	const pixels = unpack(packed);
	if (pixels === undefined) connection.reportDamaged(`pixels ${datasetId} ${sampleId} ${packed.header.kind}`);
	return pixels;
}

export function datasetRecords(connection: Connection): DatasetRecords {
	return {
		async putDataset(meta, pixels) {
			assertStorable(datasetMetaSchema, meta);
			await importing(connection, { datasetId: meta.id }, async (pixelSet) => {
				await writePixels(connection, pixelSet, meta, pixels);
				await commitImport(connection, meta, pixelSet);
			});
		},

		async updateDataset(meta) {
			assertStorable(datasetMetaSchema, meta);
			await connection.write(['datasets'], 'relaxed', async (transaction) => {
				const store = transaction.objectStore('datasets');
				if ((await store.getKey(meta.id)) === undefined) throw new AppError('dataset-missing', { id: meta.id });
				await store.put(meta);
			});
		},

		async listDatasets() {
			const all = await connection.read(['datasets'], (transaction) => transaction.objectStore('datasets').getAll());
			return newestFirst(all.flatMap((meta) => connection.checked(datasetMetaSchema, meta, `datasets ${meta.id}`) ?? []));
		},

		async getDataset(id) {
			const meta = await connection.read(['datasets'], (transaction) => transaction.objectStore('datasets').get(id));
			return connection.checked(datasetMetaSchema, meta, `datasets ${id}`);
		},

		getImage: (datasetId, sampleId) => unpacked(connection, [datasetId, sampleId], () => 'image', unpackImage),

		getMask(datasetId, sampleId, which = 'in use') {
			const kindOf = (pointer: StoredPixelSet): string => (which === 'first' ? 'mask' : maskInUse(pointer, sampleId));
			return unpacked(connection, [datasetId, sampleId], kindOf, unpackMask);
		},

		async deleteDataset(id) {
			await connection.write(datasetStores, 'strict', async (transaction) => {
				await deleteUnshared(connection, transaction, id);
				await transaction.objectStore('datasets').delete(id);
			});
		},
	};
}
