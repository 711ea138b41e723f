/** Experiments, their epochs' rows and previews over IndexedDB. */
import type { Records } from '#lib/core/records.ts';
import { compactPreview, compactRow } from './compact.ts';
import type { Connection } from './connection.ts';
import { startingWith } from './database.ts';
import { newestFirst } from './order.ts';
import { assertStorable, epochRowSchema, experimentSchema, previewsSchema, type StoredPreviews } from './schema.ts';
import { withRun } from './with-run.ts';

export type ExperimentRecords = Pick<
	Records,
	'putExperiment' | 'listExperiments' | 'getExperiment' | 'deleteExperiment' | 'updateRun' | 'putEpoch' | 'listRows' | 'getPreviews'
>;

export function experimentRecords(connection: Connection): ExperimentRecords {
	return {
		async putExperiment(record) {
			assertStorable(experimentSchema, record);
			await connection.put('experiments', record);
		},

		async listExperiments() {
			const all = await connection.read(['experiments'], (transaction) => transaction.objectStore('experiments').getAll());
			return newestFirst(all.flatMap((record) => connection.checked(experimentSchema, record, `experiments ${record.id}`) ?? []));
		},

		async getExperiment(id) {
			const record = await connection.read(['experiments'], (transaction) => transaction.objectStore('experiments').get(id));
			return connection.checked(experimentSchema, record, `experiments ${id}`);
		},

		async deleteExperiment(id) {
			const stores = ['experiments', 'rows', 'previews', 'checkpoints', 'checkpointChunks'] as const;
			await connection.write(stores, 'strict', async (transaction) => {
				await transaction.objectStore('experiments').delete(id);
				await transaction.objectStore('rows').delete(startingWith(id));
				await transaction.objectStore('previews').delete(startingWith(id));
				await transaction.objectStore('checkpoints').delete(startingWith(id));
				await transaction.objectStore('checkpointChunks').delete(startingWith(id));
			});
		},

		async updateRun(experimentId, runId, patch) {
			await connection.write(['experiments'], 'relaxed', async (transaction) => {
				const store = transaction.objectStore('experiments');
				const record = connection.checked(experimentSchema, await store.get(experimentId), `experiments ${experimentId}`);
				const updated = withRun(record, experimentId, runId, patch);
				assertStorable(experimentSchema, updated);
				await store.put(updated);
			});
		},

		async putEpoch(row, previews) {
			const { experimentId, runId, epoch } = row;
			const storedRow = compactRow(row);
			const storedPreviews: StoredPreviews = { version: 1, experimentId, runId, epoch, previews: previews.map(compactPreview) };
			assertStorable(epochRowSchema, storedRow);
			assertStorable(previewsSchema, storedPreviews);
			await connection.write(['rows', 'previews'], 'relaxed', async (transaction) => {
				await transaction.objectStore('previews').put(storedPreviews);
				await transaction.objectStore('rows').put(storedRow);
			});
		},

		async listRows(experimentId) {
			const all = await connection.read(['rows'], (transaction) => transaction.objectStore('rows').getAll(startingWith(experimentId)));
			return all.flatMap((row) => connection.checked(epochRowSchema, row, `rows ${experimentId} ${row.runId} ${row.epoch}`) ?? []);
		},

		async getPreviews(experimentId, runId, epoch) {
			const stored = await connection.read(['previews'], (transaction) =>
				transaction.objectStore('previews').get([experimentId, runId, epoch]),
			);
			return connection.checked(previewsSchema, stored, `previews ${experimentId} ${runId} ${epoch}`)?.previews ?? [];
		},
	};
}
