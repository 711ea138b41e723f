/** Data sets, their pixels and mask versions in memory. */
import { AppError } from '#lib/core/errors.ts';
import type { Records } from '#lib/core/records.ts';
import type { DatasetMeta, MaskVersion } from '#lib/core/sample.ts';
import { newestFirst, oldestFirst } from './order.ts';
import { packMask, packSample, unpackImage, unpackMask, type PackedPixels, type WritablePixels } from './pixels.ts';
import { assertStorable, datasetMetaSchema, maskVersionSchema } from './schema.ts';

/** Data sets that differ in masks alone share `packed` and `versions`. */
export interface MemoryPixels {
	/** By sample and kind. */
	readonly packed: Map<string, PackedPixels>;
	readonly versions: Map<string, MaskVersion>;
	/** The kind of the mask in use, by sample, where it is not the first. */
	readonly masks: ReadonlyMap<string, string>;
}

interface State {
	readonly datasets: Map<string, DatasetMeta>;
	readonly pixels: Map<string, MemoryPixels>;
}

const copied = ({ header, chunks }: WritablePixels): PackedPixels => ({ header, chunks: [...chunks] });

const keyOf = (sampleId: string, kind: string): string => JSON.stringify([sampleId, kind]);

type DatasetRecords = Pick<
	Records,
	'putDataset' | 'updateDataset' | 'listDatasets' | 'getDataset' | 'getImage' | 'getMask' | 'deleteDataset'
>;

function storedDatasets(state: State): DatasetRecords {
	return {
		async putDataset(meta, pixels) {
			assertStorable(datasetMetaSchema, meta);
			const packed = new Map<string, PackedPixels>();
			for await (const { sampleId, image, mask } of pixels) {
				for (const entry of packSample(meta.id, sampleId, { image, mask })) packed.set(keyOf(sampleId, entry.header.kind), copied(entry));
			}
			const missing = meta.samples.filter((sample) => !packed.has(keyOf(sample.id, 'image')));
			if (missing.length > 0) throw new Error(`Pixels of ${missing.length} samples were not given.`);
			state.datasets.set(meta.id, structuredClone(meta));
			state.pixels.set(meta.id, { packed, versions: new Map(), masks: new Map() });
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
			const packed = state.pixels.get(datasetId)?.packed.get(keyOf(sampleId, 'image'));
			return packed && unpackImage(packed);
		},
		async getMask(datasetId, sampleId, which = 'in use') {
			const pixels = state.pixels.get(datasetId);
			const kind = (which === 'first' ? undefined : pixels?.masks.get(sampleId)) ?? 'mask';
			const packed = pixels?.packed.get(keyOf(sampleId, kind));
			return packed && unpackMask(packed);
		},
		async deleteDataset(id) {
			state.datasets.delete(id);
			state.pixels.delete(id);
		},
	};
}

function storedMasks({ datasets, pixels }: State): Pick<Records, 'putMaskVersion' | 'listMaskVersions' | 'putRevision'> {
	const find = (datasetId: string): MemoryPixels => {
		const found = pixels.get(datasetId);
		if (!found) throw new AppError('dataset-missing', { id: datasetId });
		return found;
	};
	return {
		async putMaskVersion(datasetId, version, mask) {
			assertStorable(maskVersionSchema, version);
			const { packed, versions } = find(datasetId);
			packed.set(keyOf(version.sampleId, version.id), copied(packMask(datasetId, version.sampleId, version.id, mask)));
			versions.set(version.id, structuredClone(version));
		},
		async listMaskVersions(datasetId) {
			return structuredClone(oldestFirst([...(pixels.get(datasetId)?.versions.values() ?? [])]));
		},
		async putRevision(meta, datasetId) {
			assertStorable(datasetMetaSchema, meta);
			const { packed, versions } = find(datasetId);
			const masks = new Map<string, string>();
			for (const { id, maskVersion } of meta.samples) {
				if (maskVersion === undefined) continue;
				if (!versions.has(maskVersion)) throw new AppError('dataset-missing', { id: maskVersion });
				masks.set(id, maskVersion);
			}
			datasets.set(meta.id, structuredClone(meta));
			pixels.set(meta.id, { packed, versions, masks });
		},
	};
}

export function memoryDatasets(state: State): DatasetRecords & ReturnType<typeof storedMasks> {
	return { ...storedDatasets(state), ...storedMasks(state) };
}
