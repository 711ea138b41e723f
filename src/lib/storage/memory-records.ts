/** `Records` in memory, for private windows and tests: the same behaviour, gone with the tab. Everything is copied on its way in and out. */
import { AppError } from '#lib/core/errors.ts';
import type { Records, SettingValue, StoredModel } from '#lib/core/records.ts';
import type { EpochRow, ExperimentRecord, Preview } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { compactPreview, compactRow } from './compact.ts';
import { memoryCheckpoints, type MemoryCheckpoint } from './memory-checkpoints.ts';
import { newestFirst } from './order.ts';
import { packSample, unpackImage, unpackMask, type PackedPixels } from './pixels.ts';
import {
	assertStorable,
	datasetMetaSchema,
	epochRowSchema,
	experimentSchema,
	modelSchema,
	previewsSchema,
	settingSchema,
} from './schema.ts';
import { withRun } from './with-run.ts';

/** Everything that is stored. Handed in by tests that look inside. */
export interface MemoryState {
	readonly datasets: Map<string, DatasetMeta>;
	/** By data set, then by sample and kind. */
	readonly pixels: Map<string, ReadonlyMap<string, PackedPixels>>;
	readonly experiments: Map<string, ExperimentRecord>;
	/** By `keyOf(experiment, run, epoch)`. */
	readonly epochs: Map<string, { readonly row: EpochRow; readonly previews: readonly Preview[] }>;
	/** All runs' checkpoints, oldest first. */
	readonly checkpoints: MemoryCheckpoint[];
	readonly models: Map<string, StoredModel>;
	readonly settings: Map<string, SettingValue>;
	readonly damaged: Set<string>;
}

export function emptyMemory(): MemoryState {
	return {
		datasets: new Map(),
		pixels: new Map(),
		experiments: new Map(),
		epochs: new Map(),
		checkpoints: [],
		models: new Map(),
		settings: new Map(),
		damaged: new Set(),
	};
}

const keyOf = (...parts: readonly (string | number)[]): string => JSON.stringify(parts);
const byRunThenEpoch = (a: EpochRow, b: EpochRow): number => (a.runId === b.runId ? a.epoch - b.epoch : a.runId < b.runId ? -1 : 1);

function usedBytes(state: MemoryState): number {
	const pixels = [...state.pixels.values()].flatMap((set) => [...set.values()]).map(({ header }) => header.lengthBytes);
	const weights = state.checkpoints.map((checkpoint) => checkpoint.lengthBytes);
	const models = [...state.models.values()].map((model) => model.zip.length);
	return [...pixels, ...weights, ...models].reduce((sum, bytes) => sum + bytes, 0);
}

function memoryDatasets(
	state: MemoryState,
): Pick<Records, 'putDataset' | 'updateDataset' | 'listDatasets' | 'getDataset' | 'getImage' | 'getMask' | 'deleteDataset'> {
	const find = (datasetId: string, sampleId: string, kind: 'image' | 'mask') => state.pixels.get(datasetId)?.get(keyOf(sampleId, kind));
	return {
		async putDataset(meta, pixels) {
			assertStorable(datasetMetaSchema, meta);
			const packed = new Map<string, PackedPixels>();
			for await (const { sampleId, image, mask } of pixels) {
				for (const entry of packSample(meta.id, sampleId, { image, mask })) packed.set(keyOf(sampleId, entry.header.kind), entry);
			}
			const missing = meta.samples.filter((sample) => !packed.has(keyOf(sample.id, 'image')));
			if (missing.length > 0) throw new Error(`Pixels of ${missing.length} samples were not given.`);
			state.datasets.set(meta.id, structuredClone(meta));
			state.pixels.set(meta.id, packed);
		},
		async updateDataset(meta) {
			assertStorable(datasetMetaSchema, meta);
			if (!state.datasets.has(meta.id)) throw new AppError('dataset-missing', { id: meta.id });
			state.datasets.set(meta.id, structuredClone(meta));
		},
		async listDatasets() {
			return structuredClone(newestFirst([...state.datasets.values()]));
		},
		async getDataset(id) {
			return structuredClone(state.datasets.get(id));
		},
		async getImage(datasetId, sampleId) {
			const packed = find(datasetId, sampleId, 'image');
			return packed && unpackImage(packed);
		},
		async getMask(datasetId, sampleId) {
			const packed = find(datasetId, sampleId, 'mask');
			return packed && unpackMask(packed);
		},
		async deleteDataset(id) {
			state.datasets.delete(id);
			state.pixels.delete(id);
		},
	};
}

function memoryExperiments(
	state: MemoryState,
): Pick<
	Records,
	'putExperiment' | 'listExperiments' | 'getExperiment' | 'deleteExperiment' | 'updateRun' | 'putEpoch' | 'listRows' | 'getPreviews'
> {
	return {
		async putExperiment(record) {
			assertStorable(experimentSchema, record);
			state.experiments.set(record.id, structuredClone(record));
		},
		async listExperiments() {
			return structuredClone(newestFirst([...state.experiments.values()]));
		},
		async getExperiment(id) {
			return structuredClone(state.experiments.get(id));
		},
		async deleteExperiment(id) {
			state.experiments.delete(id);
			for (const [key, { row }] of state.epochs) if (row.experimentId === id) state.epochs.delete(key);
			const others = state.checkpoints.filter((checkpoint) => checkpoint.manifest.experimentId !== id);
			state.checkpoints.splice(0, state.checkpoints.length, ...others);
		},
		async updateRun(experimentId, runId, patch) {
			const updated = withRun(state.experiments.get(experimentId), experimentId, runId, patch);
			assertStorable(experimentSchema, updated);
			state.experiments.set(experimentId, structuredClone(updated));
		},
		async putEpoch(row, previews) {
			const { experimentId, runId, epoch } = row;
			const entry = structuredClone({ row: compactRow(row), previews: previews.map(compactPreview) });
			assertStorable(epochRowSchema, entry.row);
			assertStorable(previewsSchema, { version: 1, experimentId, runId, epoch, previews: entry.previews });
			state.epochs.set(keyOf(experimentId, runId, epoch), entry);
		},
		async listRows(experimentId) {
			const rows = [...state.epochs.values()].map((entry) => entry.row).filter((row) => row.experimentId === experimentId);
			return structuredClone(rows.sort(byRunThenEpoch));
		},
		async getPreviews(experimentId, runId, epoch) {
			return structuredClone([...(state.epochs.get(keyOf(experimentId, runId, epoch))?.previews ?? [])]);
		},
	};
}

function memorySmall(
	state: MemoryState,
): Pick<Records, 'putModel' | 'getModel' | 'listModels' | 'deleteModel' | 'getSetting' | 'putSetting'> {
	return {
		async putModel(model) {
			assertStorable(modelSchema, { ...model, lengthBytes: model.zip.length });
			state.models.set(model.id, structuredClone({ ...model, zip: model.zip.slice() }));
		},
		async getModel(id) {
			return structuredClone(state.models.get(id));
		},
		async listModels() {
			return structuredClone(newestFirst([...state.models.values()]));
		},
		async deleteModel(id) {
			state.models.delete(id);
		},
		async getSetting(key) {
			return state.settings.get(key);
		},
		async putSetting(key, value) {
			assertStorable(settingSchema, { version: 1, key, value });
			state.settings.set(key, value);
		},
	};
}

/** `reason` says why nothing outlives the tab, for the person to read. */
export function memoryRecords(reason: string, state: MemoryState = emptyMemory()): Records {
	return {
		async report() {
			return { kind: 'memory', reason, usedBytes: usedBytes(state), persisted: false, damagedRecords: state.damaged.size };
		},
		...memoryDatasets(state),
		...memoryExperiments(state),
		...memoryCheckpoints(state),
		...memorySmall(state),
	};
}
