/** Images and truths of the data set on the screen, read from storage once and kept while they are near. */
import type { Records } from '#lib/core/records.ts';
import type { DatasetMeta, Raster } from '#lib/core/sample.ts';
import { findSample } from '#lib/core/stored-sample.ts';
import { breathe, isBreathDue } from '#lib/importers/breathe.ts';
import { classLookup, toClassMap } from '#lib/pixels/labels.ts';

export interface LoadedSample {
	readonly image: Raster;
	/** Class index per pixel, 255 where it is ignored. */
	readonly truth: { readonly width: number; readonly height: number; readonly data: Uint8Array };
}

/** Samples kept in memory. */
const kept = 48;

export class LoadedSamples {
	readonly #records: Records;
	readonly #loaded = new Map<string, LoadedSample | null>();
	#version = $state(0);

	constructor(records: Records) {
		this.#records = records;
	}

	/** The sample; null while it loads or when its pixels are gone. */
	get(dataset: DatasetMeta, sampleId: string): LoadedSample | null {
		void this.#version;
		const key = `${dataset.id}/${sampleId}/${JSON.stringify(dataset.scheme)}`;
		const known = this.#loaded.get(key);
		if (known === undefined) {
			this.#loaded.set(key, null);
			void this.#load(dataset, sampleId, key);
		}
		return known ?? null;
	}

	/** The sample from storage; null when its pixels are gone. */
	async load(dataset: DatasetMeta, sampleId: string): Promise<LoadedSample | null> {
		const sample = await findSample(this.#records, dataset.id, sampleId);
		if (!sample) return null;
		const { image, mask } = sample;
		if (isBreathDue()) await breathe();
		return { image, truth: { width: mask.width, height: mask.height, data: toClassMap(mask, classLookup(dataset.scheme)) } };
	}

	async #load(dataset: DatasetMeta, sampleId: string, key: string): Promise<void> {
		const sample = await this.load(dataset, sampleId);
		if (!sample) return;
		this.#loaded.set(key, sample);
		const [oldest] = this.#loaded.keys();
		if (this.#loaded.size > kept && oldest !== undefined) this.#loaded.delete(oldest);
		this.#version++;
	}
}
