/** The stored records and the one interface to them. `storage` implements it over IndexedDB and in memory. */
import type { EpochRow, ExperimentRecord, Preview } from './run.ts';
import type { DatasetMeta, LabelMap, MaskVersion, Raster, SamplePixels } from './sample.ts';

/** One tensor inside a checkpoint's bytes. */
export interface TensorEntry {
	readonly name: string;
	readonly shape: readonly number[];
	/** Into the concatenated chunks; float32 little-endian. */
	readonly offsetBytes: number;
}

/** The commit record of a checkpoint: a checkpoint exists only if its manifest does. */
export interface CheckpointManifest {
	readonly version: 1;
	readonly experimentId: string;
	readonly runId: string;
	readonly step: number;
	/** Epochs completed. */
	readonly epoch: number;
	readonly createdAt: number;
	readonly tensors: readonly TensorEntry[];
	/** SHA-256 (hex) of each chunk, in order. Filled in by the store, which cuts the chunks; what a writer passes is replaced. */
	readonly chunkHashes: readonly string[];
	/** Losses of the steps since the last completed epoch, so that a resumed epoch's row is whole. */
	readonly partialLosses: readonly number[];
	readonly partialGradientNorms: readonly number[];
	/** What the loss remembers from step to step; absent for a loss that remembers nothing, and in checkpoints of older versions. */
	readonly lossState?: Readonly<Record<string, number>>;
	readonly datasetFingerprint: string;
	readonly comparisonHash: string;
	/** Backend and device that wrote it. */
	readonly backend: string;
	readonly best: { readonly epoch: number; readonly dice: number } | null;
	/** Epochs since the best one, for early stopping. */
	readonly epochsWithoutGain: number;
	/** Why it is kept. `latest` ones rotate (two are kept); the others stay. */
	readonly tags: readonly CheckpointTag[];
}

export type CheckpointTag = 'latest' | 'best' | 'final' | 'pinned';

export interface Checkpoint {
	readonly manifest: CheckpointManifest;
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A model opened from a file. */
export interface StoredModel {
	readonly version: 1;
	readonly id: string;
	readonly name: string;
	readonly createdAt: number;
	/** The bytes of the TF.js layers zip, as opened. */
	readonly zip: Uint8Array<ArrayBuffer>;
}

/** An experiment with everything that belongs to it, read piece by piece. */
export interface ProjectParts {
	/** Null when the data set is stored already. */
	readonly dataset: DatasetMeta | null;
	/** Of every sample of `dataset`; not read without one. */
	readonly pixels: AsyncIterable<{ readonly sampleId: string } & SamplePixels>;
	readonly experiment: ExperimentRecord;
	readonly epochs: AsyncIterable<{ readonly row: EpochRow; readonly previews: readonly Preview[] }>;
	/** Of each run, oldest first. */
	readonly checkpoints: AsyncIterable<Checkpoint>;
}

/** Small things that are remembered between visits, by key. */
export type SettingValue = string | number | boolean;

export interface StorageReport {
	/** `memory` when IndexedDB cannot be used; everything is then lost with the tab. */
	readonly kind: 'indexeddb' | 'memory';
	/** Why memory; '' for IndexedDB. */
	readonly reason: string;
	/** What the browser counts for the origin; where it does not, the bytes of pixels, weights and models. */
	readonly usedBytes: number;
	readonly persisted: boolean;
	/** Stored records met since opening that did not hold their check. Lists and reads leave them out; none is deleted. */
	readonly damagedRecords: number;
}

/** Every method rejects with an `AppError` of a `storage-…` or `checkpoint-…` code, and leaves the old state whole when it does. */
export interface Records {
	report(): Promise<StorageReport>;

	/** Writes pixels first and the metadata last; a data set exists only when its metadata does. */
	putDataset(
		meta: DatasetMeta,
		pixels: AsyncIterable<{ readonly sampleId: string; readonly image: Raster; readonly mask: LabelMap }>,
	): Promise<void>;
	updateDataset(meta: DatasetMeta): Promise<void>;
	listDatasets(): Promise<DatasetMeta[]>;
	getDataset(id: string): Promise<DatasetMeta | undefined>;
	getImage(datasetId: string, sampleId: string): Promise<Raster | undefined>;
	/** The mask in use, or with `first` the one that was opened with the image. */
	getMask(datasetId: string, sampleId: string, which?: 'in use' | 'first'): Promise<LabelMap | undefined>;
	/**
	 * Deletes the data set, not the experiments made with it. Pixels and mask versions go with the last data set that shares them.
	 */
	deleteDataset(id: string): Promise<void>;

	/**
	 * Keeps a mask beside those of the data set, in one transaction; it is in use only where a data set says so. Rejects with
	 * `dataset-missing` when the data set is not there.
	 */
	putMaskVersion(datasetId: string, version: MaskVersion, mask: LabelMap): Promise<void>;
	/** Of the data set and of all that share its pixels, oldest first. */
	listMaskVersions(datasetId: string): Promise<MaskVersion[]>;
	/**
	 * Stores a data set that shares the pixels of `datasetId` and uses the mask versions that its samples name. Rejects with
	 * `dataset-missing` when one of these is not there.
	 */
	putRevision(meta: DatasetMeta, datasetId: string): Promise<void>;

	putExperiment(record: ExperimentRecord): Promise<void>;
	listExperiments(): Promise<ExperimentRecord[]>;
	getExperiment(id: string): Promise<ExperimentRecord | undefined>;
	/** Deletes the experiment with its rows, previews and checkpoints. */
	deleteExperiment(id: string): Promise<void>;
	/** Replaces one run inside its experiment in one transaction, so that several workers do not overwrite each other. */
	updateRun(experimentId: string, runId: string, patch: Partial<ExperimentRecord['runs'][number]>): Promise<void>;

	/** Stores an epoch's row and previews in one transaction. Writing the same epoch again (after a resume) replaces both. */
	putEpoch(row: EpochRow, previews: readonly Preview[]): Promise<void>;
	listRows(experimentId: string): Promise<EpochRow[]>;
	getPreviews(experimentId: string, runId: string, epoch: number): Promise<Preview[]>;

	/** One transaction: chunks, then the manifest; then retention (two `latest`, the newest `best`, `final`, every `pinned`). */
	putCheckpoint(checkpoint: Checkpoint): Promise<void>;
	/** Oldest first. */
	listCheckpoints(experimentId: string, runId: string): Promise<CheckpointManifest[]>;
	/**
	 * The newest checkpoint with the tag (for `latest`, with any) whose hashes hold; damaged ones are skipped and kept.
	 * Undefined when there is none; throws `checkpoint-damaged` when there are only damaged ones.
	 */
	getCheckpoint(experimentId: string, runId: string, tag: CheckpointTag): Promise<Checkpoint | undefined>;

	/** The checkpoint at this place of `listCheckpoints`; undefined when its hashes do not hold or it is gone. */
	getCheckpointAt(experimentId: string, runId: string, place: number): Promise<Checkpoint | undefined>;

	/**
	 * Stores a whole project, or nothing of it, even when the browser is killed half-way.
	 * Throws an ordinary error when an id of it is taken: the caller has looked.
	 */
	putProject(project: ProjectParts): Promise<void>;

	putModel(model: StoredModel): Promise<void>;
	getModel(id: string): Promise<StoredModel | undefined>;
	listModels(): Promise<StoredModel[]>;
	deleteModel(id: string): Promise<void>;

	getSetting(key: string): Promise<SettingValue | undefined>;
	putSetting(key: string, value: SettingValue): Promise<void>;
}
