/** Mask versions over IndexedDB, and the data sets that use them. */
import { AppError } from '#lib/core/errors.ts';
import type { Records } from '#lib/core/records.ts';
import type { Connection } from './connection.ts';
import { startingWith } from './database.ts';
import { oldestFirst } from './order.ts';
import { pixelSetOf, putPixels } from './pixel-sets.ts';
import { packMask } from './pixels.ts';
import { assertStorable, datasetMetaSchema, maskVersionSchema, pixelsSchema, storedMaskVersionSchema } from './schema.ts';

export function maskRecords(connection: Connection): Pick<Records, 'putMaskVersion' | 'listMaskVersions' | 'putRevision'> {
	return {
		async putMaskVersion(datasetId, version, mask) {
			assertStorable(maskVersionSchema, version);
			await connection.write(['pixelSets', 'pixels', 'pixelChunks', 'maskVersions'], 'strict', async (transaction) => {
				const pointer = pixelSetOf(connection, await transaction.objectStore('pixelSets').get(datasetId), datasetId);
				if (!pointer) throw new AppError('dataset-missing', { id: datasetId });
				const packed = packMask(pointer.pixelSet, version.sampleId, version.id, mask);
				assertStorable(pixelsSchema, packed.header);
				const stores = { pixels: transaction.objectStore('pixels'), chunks: transaction.objectStore('pixelChunks') };
				await putPixels(stores, packed);
				await transaction.objectStore('maskVersions').put({ pixelSet: pointer.pixelSet, ...version });
			});
		},

		async listMaskVersions(datasetId) {
			const all = await connection.read(['pixelSets', 'maskVersions'], async (transaction) => {
				const pointer = pixelSetOf(connection, await transaction.objectStore('pixelSets').get(datasetId), datasetId);
				return pointer ? transaction.objectStore('maskVersions').getAll(startingWith(pointer.pixelSet)) : [];
			});
			return oldestFirst(
				all.flatMap((stored) => {
					const known = connection.checked(storedMaskVersionSchema, stored, `maskVersions ${stored.id}`);
					if (!known) return [];
					const { pixelSet: _pixelSet, ...version } = known;
					return [version];
				}),
			);
		},

		async putRevision(meta, datasetId) {
			assertStorable(datasetMetaSchema, meta);
			const used = meta.samples.flatMap(({ id, maskVersion }) => (maskVersion === undefined ? [] : [[id, maskVersion] as const]));
			await connection.write(['datasets', 'pixelSets', 'maskVersions'], 'strict', async (transaction) => {
				const pointer = pixelSetOf(connection, await transaction.objectStore('pixelSets').get(datasetId), datasetId);
				if (!pointer) throw new AppError('dataset-missing', { id: datasetId });
				for (const [, id] of used) {
					const key = await transaction.objectStore('maskVersions').getKey([pointer.pixelSet, id]);
					if (key === undefined) throw new AppError('dataset-missing', { id });
				}
				const { pixelSet } = pointer;
				await transaction.objectStore('pixelSets').put({ version: 1, datasetId: meta.id, pixelSet, masks: Object.fromEntries(used) });
				await transaction.objectStore('datasets').put(meta);
			});
		},
	};
}
