/** `Records` over IndexedDB. */
import type { Records } from '#lib/core/records.ts';
import { checkpointRecords } from './checkpoint-records.ts';
import type { Connection } from './connection.ts';
import { datasetRecords } from './dataset-records.ts';
import { experimentRecords } from './experiment-records.ts';
import { maskRecords } from './mask-records.ts';
import { isPersisted, originUsageBytes } from './persistence.ts';
import { projectRecords } from './project-records.ts';
import { smallRecords } from './small-records.ts';

/** Where the browser does not count: the bytes of pixels, weights and models, by their headers. */
async function storedBytes(connection: Connection): Promise<number> {
	const headers = await connection.read(['pixels', 'checkpoints', 'models'], async (transaction) => [
		...(await transaction.objectStore('pixels').getAll()),
		...(await transaction.objectStore('checkpoints').getAll()),
		...(await transaction.objectStore('models').getAll()),
	]);
	return headers.reduce((sum, header) => sum + (Number.isFinite(header.lengthBytes) ? header.lengthBytes : 0), 0);
}

export function indexedDbRecords(connection: Connection): Records {
	return {
		async report() {
			const [usage, persisted] = await Promise.all([originUsageBytes(), isPersisted()]);
			const usedBytes = usage ?? (await storedBytes(connection));
			return { kind: 'indexeddb', reason: '', usedBytes, persisted, damagedRecords: connection.damagedRecords };
		},
		...datasetRecords(connection),
		...maskRecords(connection),
		...experimentRecords(connection),
		...checkpointRecords(connection),
		...projectRecords(connection),
		...smallRecords(connection),
	};
}
