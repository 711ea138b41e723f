/** `Records` in memory, for private windows and tests: the same behaviour, gone with the tab. Everything is copied on its way in and out. */
import type { Records, SettingValue, StoredModel } from '#lib/core/records.ts';
import type { EpochRow, ExperimentRecord, Preview } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { compactPreview, compactRow } from './compact.ts';
import { memoryCheckpoints, type MemoryCheckpoint } from './memory-checkpoints.ts';
import { memoryDatasets, type MemoryPixels } from './memory-datasets.ts';
import { newestFirst } from './order.ts';
import { assertStorable, epochRowSchema, experimentSchema, modelSchema, previewsSchema, settingSchema } from './schema.ts';
import { withRun } from './with-run.ts';

/** Everything that is stored. Handed in by tests that look inside. */
export interface MemoryState {
	readonly datasets: Map<string, DatasetMeta>;
	/** By data set. */
	readonly pixels: Map<string, MemoryPixels>;
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
	// Data sets that share their pixels share one map.
	const sets = new Set([...state.pixels.values()].map(({ packed }) => packed));
	const pixels = [...sets].flatMap((set) => [...set.values()]).map(({ header }) => header.lengthBytes);
	const weights = state.checkpoints.map((checkpoint) => checkpoint.lengthBytes);
	const models = [...state.models.values()].map((model) => model.zip.length);
	return [...pixels, ...weights, ...models].reduce((sum, bytes) => sum + bytes, 0);
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

/** Everything is put together apart first, and joins the state in one go. */
function memoryProjects(state: MemoryState): Pick<Records, 'putProject'> {
	return {
		async putProject({ dataset, pixels, experiment, epochs, checkpoints }) {
			if (dataset && state.datasets.has(dataset.id)) throw new Error(`The id ${dataset.id} is taken.`);
			if (state.experiments.has(experiment.id)) throw new Error(`The id ${experiment.id} is taken.`);
			const staged = emptyMemory();
			const apart = memoryRecords('', staged);
			if (dataset) await apart.putDataset(dataset, pixels);
			await apart.putExperiment(experiment);
			for await (const { row, previews } of epochs) await apart.putEpoch(row, previews);
			for await (const checkpoint of checkpoints) await apart.putCheckpoint(checkpoint);
			for (const [id, meta] of staged.datasets) state.datasets.set(id, meta);
			for (const [id, packed] of staged.pixels) state.pixels.set(id, packed);
			for (const [id, record] of staged.experiments) state.experiments.set(id, record);
			for (const [key, epoch] of staged.epochs) state.epochs.set(key, epoch);
			state.checkpoints.push(...staged.checkpoints);
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
		...memoryProjects(state),
		...memorySmall(state),
	};
}
