/** Whole projects over IndexedDB: pixels, epochs and checkpoints first; the data set and the experiment last, together. */
import type { ProjectParts, Records } from '#lib/core/records.ts';
import { commitCheckpoint } from './checkpoint-records.ts';
import type { Connection } from './connection.ts';
import { writePixels } from './dataset-records.ts';
import { experimentRecords } from './experiment-records.ts';
import { importing } from './imports.ts';
import { assertStorable, datasetMetaSchema, experimentSchema } from './schema.ts';
import { sealCheckpoint } from './seal.ts';

/** Throws when the experiment, or the data set that it brings along, is there already: a failure would delete it. */
async function assertNew(connection: Connection, { dataset, experiment }: ProjectParts): Promise<void> {
	const taken = await connection.read(['datasets', 'experiments'], async (transaction) => [
		dataset ? await transaction.objectStore('datasets').getKey(dataset.id) : undefined,
		await transaction.objectStore('experiments').getKey(experiment.id),
	]);
	const id = taken.find((key) => key !== undefined);
	if (id !== undefined) throw new Error(`The id ${id} is taken.`);
}

/** Makes data set and experiment exist. */
async function commitProject(connection: Connection, { dataset, experiment }: ProjectParts, pixelSet: string): Promise<void> {
	await connection.write(['datasets', 'pixelSets', 'experiments', 'imports'], 'strict', async (transaction) => {
		if (dataset) {
			await transaction.objectStore('pixelSets').put({ version: 1, datasetId: dataset.id, pixelSet });
			await transaction.objectStore('datasets').put(dataset);
		}
		await transaction.objectStore('experiments').put(experiment);
		await transaction.objectStore('imports').delete(pixelSet);
	});
}

export function projectRecords(connection: Connection): Pick<Records, 'putProject'> {
	return {
		async putProject(project) {
			const { dataset, pixels, experiment, epochs, checkpoints } = project;
			if (dataset) assertStorable(datasetMetaSchema, dataset);
			assertStorable(experimentSchema, experiment);
			await assertNew(connection, project);
			await importing(connection, { datasetId: experiment.datasetId, experimentId: experiment.id }, async (pixelSet) => {
				if (dataset) await writePixels(connection, pixelSet, dataset, pixels);
				for await (const { row, previews } of epochs) await experimentRecords(connection).putEpoch(row, previews);
				for await (const checkpoint of checkpoints) await commitCheckpoint(connection, await sealCheckpoint(checkpoint));
				await commitProject(connection, project, pixelSet);
			});
		},
	};
}
