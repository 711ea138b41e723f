/** The database: its name, its stores, and the list of migrations that makes them. */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type * as v from 'valibot';
import type { EpochRow, ExperimentRecord } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import type { chunkSchema, importSchema, modelSchema, settingSchema } from './schema.ts';
import type { StoredCheckpoint, StoredMaskVersion, StoredPixels, StoredPixelSet, StoredPreviews } from './schema.ts';

export type Chunk = v.InferOutput<typeof chunkSchema>;

/** Metadata and bytes are apart, so that listing never loads pixels or weights. The types say what is written; readers still check. */
export interface OverlapSchema extends DBSchema {
	datasets: { key: string; value: DatasetMeta };
	pixelSets: { key: string; value: StoredPixelSet };
	imports: { key: string; value: v.InferOutput<typeof importSchema> };
	pixels: { key: [pixelSet: string, sampleId: string, kind: string]; value: StoredPixels };
	maskVersions: { key: [pixelSet: string, id: string]; value: StoredMaskVersion };
	pixelChunks: { key: [pixelSet: string, sampleId: string, kind: string, index: number]; value: Chunk };
	experiments: { key: string; value: ExperimentRecord };
	rows: { key: [experimentId: string, runId: string, epoch: number]; value: EpochRow };
	previews: { key: [experimentId: string, runId: string, epoch: number]; value: StoredPreviews };
	checkpoints: { key: [experimentId: string, runId: string, sequence: number]; value: StoredCheckpoint };
	checkpointChunks: { key: [experimentId: string, runId: string, sequence: number, index: number]; value: Chunk };
	models: { key: string; value: v.InferOutput<typeof modelSchema> };
	modelChunks: { key: [modelId: string, index: number]; value: Chunk };
	settings: { key: string; value: v.InferOutput<typeof settingSchema> };
}

export type StoreName = StoreNames<OverlapSchema>;
export type Database = IDBPDatabase<OverlapSchema>;

interface Migration {
	readonly name: string;
	up(database: Database, transaction: IDBPTransaction<OverlapSchema, StoreName[], 'versionchange'>): void;
}

/** Append-only: a shipped migration is never edited, and the version of the database is the number of them. */
export const migrations: readonly Migration[] = [
	{
		name: 'first stores',
		up(database) {
			database.createObjectStore('datasets', { keyPath: 'id' });
			database.createObjectStore('pixelSets', { keyPath: 'datasetId' });
			database.createObjectStore('imports', { keyPath: 'pixelSet' });
			database.createObjectStore('pixels', { keyPath: ['pixelSet', 'sampleId', 'kind'] });
			database.createObjectStore('pixelChunks');
			database.createObjectStore('experiments', { keyPath: 'id' });
			database.createObjectStore('rows', { keyPath: ['experimentId', 'runId', 'epoch'] });
			database.createObjectStore('previews', { keyPath: ['experimentId', 'runId', 'epoch'] });
			database.createObjectStore('checkpoints', { keyPath: ['experimentId', 'runId', 'sequence'] });
			database.createObjectStore('checkpointChunks');
			database.createObjectStore('models', { keyPath: 'id' });
			database.createObjectStore('modelChunks');
			database.createObjectStore('settings', { keyPath: 'key' });
		},
	},
	{
		// Data sets share pixels from here on: an app that does not know it would show the first masks and delete what others use.
		name: 'mask versions',
		up(database) {
			database.createObjectStore('maskVersions', { keyPath: ['pixelSet', 'id'] });
		},
	},
];

/** Apps under other paths of one origin (project pages of one host) share its storage, so the path is part of the name. */
export function databaseName(basePath: string): string {
	return `overlap:${basePath === '' ? '/' : basePath}`;
}

/** Every key that starts with these parts: arrays sort after numbers and strings, so [] is above every next part. */
export function startingWith(...parts: readonly (string | number)[]): IDBKeyRange {
	return IDBKeyRange.bound([...parts], [...parts, []]);
}
