/** Models and settings over IndexedDB. */
import type { Records, StoredModel } from '#lib/core/records.ts';
import { joinChunks, splitIntoChunks } from './chunks.ts';
import type { Connection } from './connection.ts';
import { startingWith } from './database.ts';
import { newestFirst } from './order.ts';
import { assertStorable, chunkSchema, modelSchema, settingSchema } from './schema.ts';

export type SmallRecords = Pick<Records, 'putModel' | 'getModel' | 'listModels' | 'deleteModel' | 'getSetting' | 'putSetting'>;

async function readModel(connection: Connection, id: string): Promise<StoredModel | undefined> {
	const { header, chunks } = await connection.read(['models', 'modelChunks'], async (transaction) => ({
		header: await transaction.objectStore('models').get(id),
		chunks: await transaction.objectStore('modelChunks').getAll(startingWith(id)),
	}));
	const key = `models ${id}`;
	const known = connection.checked(modelSchema, header, key);
	if (!known) return undefined;
	const zip = joinChunks(chunks.map((chunk) => connection.checked(chunkSchema, chunk, key)?.bytes ?? new ArrayBuffer(0)));
	if (zip.length !== known.lengthBytes) {
		connection.reportDamaged(key);
		return undefined;
	}
	return { version: 1, id: known.id, name: known.name, createdAt: known.createdAt, zip };
}

export function smallRecords(connection: Connection): SmallRecords {
	return {
		async putModel({ zip, ...model }) {
			const header = { ...model, lengthBytes: zip.length };
			assertStorable(modelSchema, header);
			const chunks = splitIntoChunks(zip);
			await connection.write(['models', 'modelChunks'], 'relaxed', async (transaction) => {
				await transaction.objectStore('modelChunks').delete(startingWith(model.id));
				for (const [index, bytes] of chunks.entries()) {
					await transaction.objectStore('modelChunks').put({ version: 1, bytes }, [model.id, index]);
				}
				await transaction.objectStore('models').put(header);
			});
		},

		getModel: (id) => readModel(connection, id),

		async listModels() {
			const ids = await connection.read(['models'], (transaction) => transaction.objectStore('models').getAllKeys());
			const models = await Promise.all(ids.map((id) => readModel(connection, id)));
			return newestFirst(models.filter((model) => model !== undefined));
		},

		async deleteModel(id) {
			await connection.write(['models', 'modelChunks'], 'strict', async (transaction) => {
				await transaction.objectStore('models').delete(id);
				await transaction.objectStore('modelChunks').delete(startingWith(id));
			});
		},

		async getSetting(key) {
			const stored = await connection.read(['settings'], (transaction) => transaction.objectStore('settings').get(key));
			return connection.checked(settingSchema, stored, `settings ${key}`)?.value;
		},

		async putSetting(key, value) {
			const setting = { version: 1 as const, key, value };
			assertStorable(settingSchema, setting);
			await connection.put('settings', setting);
		},
	};
}
