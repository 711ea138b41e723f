/** Everything that is stored, with sizes, to look at and to delete. */
import type { Records } from '#lib/core/records.ts';
import { originOf } from '#lib/core/sample.ts';
import { masksInWords } from './mask-revisions.ts';
import type { Workbench } from './workbench.svelte.ts';

export interface StoredItem {
	readonly kind: 'dataset' | 'experiment' | 'model';
	readonly id: string;
	readonly name: string;
	/** Milliseconds since 1970. */
	readonly createdAt: number;
	/** Of pixels, of weights, or of the file. Records around them are small and not counted. */
	readonly sizeBytes: number;
	/** Counts in words, for instance `24 pairs`. */
	readonly detail: string;
}

const elements = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** Bytes of all kept weights of an experiment: float32. */
async function weightBytes(records: Records, experimentId: string, runIds: readonly string[]): Promise<number> {
	let bytes = 0;
	for (const runId of runIds) {
		for (const { tensors } of await records.listCheckpoints(experimentId, runId)) {
			bytes += tensors.reduce((sum, { shape }) => sum + 4 * elements(shape), 0);
		}
	}
	return bytes;
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

export class StoredItems {
	/** Null until they were read. */
	list = $state.raw<readonly StoredItem[] | null>(null);
	deleting = $state(false);
	error = $state.raw<unknown>(null);
	readonly #workbench: Workbench;

	constructor(workbench: Workbench) {
		this.#workbench = workbench;
	}

	async load(): Promise<void> {
		const { records } = this.#workbench;
		const items: StoredItem[] = [];
		const datasets = await records.listDatasets();
		for (const dataset of datasets) {
			const { id, name, createdAt, sizeBytes, samples } = dataset;
			const shares = datasets.some((other) => other.id !== id && originOf(other) === originOf(dataset)) ? ', images shared' : '';
			const detail = `${counted(samples.length, 'pair')}${masksInWords(dataset)}${shares}`;
			items.push({ kind: 'dataset', id, name, createdAt, sizeBytes, detail });
		}
		for (const { id, name, createdAt, runs } of await records.listExperiments()) {
			const runIds = runs.map((run) => run.id);
			const sizeBytes = await weightBytes(records, id, runIds);
			items.push({ kind: 'experiment', id, name, createdAt, sizeBytes, detail: counted(runs.length, 'run') });
		}
		for (const { id, name, createdAt, zip } of await records.listModels()) {
			items.push({ kind: 'model', id, name, createdAt, sizeBytes: zip.length, detail: '' });
		}
		this.list = items;
		await this.#workbench.refresh();
	}

	/** Deletes for good, one after the other; what was deleted before a failure stays deleted. Failures are in `error`. */
	async delete(items: readonly StoredItem[]): Promise<void> {
		this.deleting = true;
		this.error = null;
		try {
			// Experiments first: none is left without its data if this is cut short.
			const order = ['experiment', 'model', 'dataset'];
			for (const item of [...items].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))) await this.#deleteOne(item);
		} catch (error) {
			this.error = error;
		} finally {
			this.deleting = false;
			await this.load();
		}
	}

	async #deleteOne({ kind, id }: StoredItem): Promise<void> {
		const { datasets, records, training } = this.#workbench;
		switch (kind) {
			case 'dataset':
				// The experiment on the screen cannot go on without its data.
				if (training.experiment?.datasetId === id) await training.clear();
				return datasets.remove(id);
			case 'experiment':
				return this.#workbench.deleteExperiment(id);
			case 'model':
				return records.deleteModel(id);
			default:
				return kind satisfies never;
		}
	}
}
