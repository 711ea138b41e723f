/** Saves a data set, or its masks alone, as a file. */
import { AppError } from '#lib/core/errors.ts';
import type { Records } from '#lib/core/records.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { findSample } from '#lib/core/stored-sample.ts';
import { datasetArchive, type SavedSet, type SaveOptions } from './dataset-archive.ts';
import { type ClassColour, safeName } from './mask-files.ts';
import { cocoMasks, maskPngs, maskTiffs } from './mask-exports.ts';

/** `pairs` opens again in this app as it was; the others are masks for other programs. */
export type SavedKind = 'pairs' | 'index' | 'tiff' | 'colours' | 'runs' | 'polygons';

const writers: Readonly<Record<SavedKind, { readonly ending: string; readonly write: (options: SaveOptions) => Promise<SavedSet> }>> = {
	pairs: { ending: '.zip', write: datasetArchive },
	index: { ending: ', masks.zip', write: (options) => maskPngs('index', options) },
	tiff: { ending: ', TIFF masks.zip', write: maskTiffs },
	colours: { ending: ', coloured masks.zip', write: (options) => maskPngs('colours', options) },
	runs: { ending: ', coco.json', write: (options) => cocoMasks('runs', options) },
	polygons: { ending: ', coco polygons.json', write: (options) => cocoMasks('polygons', options) },
};

export class DatasetSaving {
	/** Samples written of all while a file is made; null otherwise. */
	progress = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
	error = $state.raw<unknown>(null);
	/** What became of names in the file that was made last. */
	renamed = $state.raw<SavedSet['renamed']>([]);
	readonly #records: Records;
	#abort = new AbortController();

	constructor(records: Records) {
		this.#records = records;
	}

	/** The file and its name; null when it was cancelled or failed, which `error` then says. */
	async make(kind: SavedKind, dataset: DatasetMeta, colourOf: ClassColour): Promise<{ readonly file: Blob; readonly name: string } | null> {
		this.reset();
		const { signal } = this.#abort;
		const read: SaveOptions['read'] = (id) => findSample(this.#records, dataset.id, id);
		const onProgress = (done: number, total: number): void => void (this.progress = { done, total });
		try {
			const { ending, write } = writers[kind];
			const { file, renamed } = await write({ dataset, read, colourOf, signal, onProgress });
			this.renamed = renamed;
			return { file, name: `${safeName(dataset.name)}${ending}` };
		} catch (error) {
			if (!(error instanceof AppError) || error.code !== 'cancelled') this.error = error;
			return null;
		} finally {
			if (!signal.aborted) this.progress = null;
		}
	}

	/** Stops what is being made and forgets what was said. */
	reset(): void {
		this.#abort.abort();
		this.#abort = new AbortController();
		this.progress = null;
		this.error = null;
		this.renamed = [];
	}
}
