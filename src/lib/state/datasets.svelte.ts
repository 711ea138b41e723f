/** The stored data sets, and the one that is open. */
import type { Records } from '#lib/core/records.ts';
import { originOf, type DatasetMeta, type LabelMap, type LabelScheme, type MaskVersion } from '#lib/core/sample.ts';
import { splitSamples, type Split } from '#lib/core/split.ts';
import type { SplitSpec } from '#lib/core/experiment.ts';
import { buildDataset, type BuildOptions, type BuildProgress, type BuiltDataset, type SampleSource } from '#lib/importers/build-dataset.ts';
import { classLookup, foregroundShare } from '#lib/pixels/labels.ts';
import { sampleRecipes } from '#lib/samples/index.ts';
import { sampleName, type RecipeValues, type SampleRecipe } from '#lib/samples/recipe.ts';
import { revisionOf } from './mask-revisions.ts';

/** Lets the page draw between two heavy pieces of work. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Draws each image once: the builder reads every sample twice. */
function drawnSources(recipe: SampleRecipe, values: RecipeValues, seed: number): SampleSource[] {
	return Array.from({ length: values.images }, (_, index): SampleSource => {
		let drawn: ReturnType<SampleRecipe['draw']> | undefined;
		const name = sampleName(recipe.id, index);
		return {
			id: String(index + 1).padStart(5, '0'),
			name,
			path: name,
			maskPath: '',
			async read() {
				if (!drawn) await breathe();
				drawn ??= recipe.draw(values, seed, index);
				return drawn;
			},
		};
	});
}

export class Datasets {
	list = $state.raw<readonly DatasetMeta[]>([]);
	#currentId = $state<string | null>(null);
	/** How far a data set that is being stored is; null when none is. */
	storing = $state.raw<BuildProgress | null>(null);
	readonly #records: Records;

	constructor(records: Records) {
		this.#records = records;
	}

	readonly current: DatasetMeta | null = $derived.by(() => this.list.find((dataset) => dataset.id === this.#currentId) ?? null);

	/** Reads the list and opens what was open last. */
	async load(): Promise<void> {
		this.list = await this.#records.listDatasets();
		const last = await this.#records.getSetting('dataset');
		this.#currentId = this.list.find((dataset) => dataset.id === last)?.id ?? null;
	}

	async open(id: string | null): Promise<void> {
		this.#currentId = id;
		await this.#records.putSetting('dataset', id ?? '');
	}

	/** Stores a new data set and opens it. Rejects with a `storage-…` error or `cancelled`; nothing is kept then. */
	async create(options: BuildOptions): Promise<BuiltDataset> {
		this.storing = { stage: 'measuring', done: 0, total: options.samples.length };
		try {
			const built = await buildDataset({ ...options, onProgress: (progress) => (this.storing = progress) });
			await this.#records.putDataset(built.meta, built.pixels);
			this.list = [built.meta, ...this.list];
			await this.open(built.meta.id);
			return built;
		} finally {
			this.storing = null;
		}
	}

	/** Draws a sample data set, stores it and opens it; one that is already there is opened again. */
	async createSample(recipeId: string, values: RecipeValues, seed: number): Promise<void> {
		const recipe = sampleRecipes.find((candidate) => candidate.id === recipeId);
		if (!recipe) throw new RangeError(`no sample is called ${recipeId}`);
		const source = { kind: 'sample', recipe: recipe.id, values, seed } as const;
		const same = this.list.find((dataset) => !dataset.origin && JSON.stringify(dataset.source) === JSON.stringify(source));
		if (same) return this.open(same.id);
		const name = `${recipe.name}, ${values.images} images`;
		await this.create({ name, source, scheme: recipe.scheme, samples: drawnSources(recipe, values, seed) });
	}

	async rename(id: string, name: string): Promise<void> {
		await this.#change(id, (dataset) => ({ ...dataset, name }));
	}

	async setScheme(id: string, scheme: LabelScheme): Promise<void> {
		await this.#change(id, (dataset) => ({ ...dataset, scheme }));
	}

	/** Keeps a mask beside those that are there, and opens the data set with it in use. Rejects with a `storage-…` error. */
	async addMask(dataset: DatasetMeta, version: MaskVersion, mask: LabelMap): Promise<void> {
		await this.#records.putMaskVersion(dataset.id, version, mask);
		await this.useMask(dataset, version.sampleId, version);
	}

	/**
	 * Opens the data set with another version of a mask in use; null for the mask that was opened. A data set that an
	 * experiment was made with stays as it is; one with the same masks that is already there is opened again.
	 */
	async useMask(dataset: DatasetMeta, sampleId: string, version: MaskVersion | null): Promise<void> {
		const revised = await revisionOf(this.#records, $state.snapshot(dataset), sampleId, version);
		const { name, scheme } = revised;
		const known = this.list.find((other) => originOf(other) === originOf(dataset) && other.fingerprint === revised.fingerprint);
		if (known) await this.#change(known.id, (before) => ({ ...before, name, scheme }));
		else {
			await this.#records.putRevision(revised, dataset.id);
			this.list = [revised, ...this.list];
		}
		const next = known?.id ?? revised.id;
		await this.open(next);
		if (next !== dataset.id) await this.#dropUnused(dataset);
	}

	/** Forgets which masks were in use together, where nothing was trained on them; the masks themselves stay. */
	async #dropUnused(dataset: DatasetMeta): Promise<void> {
		if (dataset.origin === undefined) return;
		const experiments = await this.#records.listExperiments();
		if (experiments.some(({ datasetId }) => datasetId === dataset.id)) return;
		await this.#records.deleteDataset(dataset.id);
		this.list = this.list.filter(({ id }) => id !== dataset.id);
	}

	async remove(id: string): Promise<void> {
		await this.#records.deleteDataset(id);
		this.list = this.list.filter((dataset) => dataset.id !== id);
		if (this.#currentId === id) await this.open(null);
	}

	async #change(id: string, change: (dataset: DatasetMeta) => DatasetMeta): Promise<void> {
		const before = this.list.find((dataset) => dataset.id === id);
		if (!before) return;
		const after = change($state.snapshot(before));
		await this.#records.updateDataset(after);
		this.list = this.list.map((dataset) => (dataset.id === id ? after : dataset));
	}
}

/** Foreground share of every sample, by id. */
export function foregroundShares(dataset: DatasetMeta): Map<string, number> {
	const lookup = classLookup(dataset.scheme);
	return new Map(dataset.samples.map((sample) => [sample.id, foregroundShare(sample, dataset.scheme, lookup)]));
}

/** The split of a data set by the spec. */
export function splitOf(dataset: DatasetMeta, spec: SplitSpec): Split {
	const shares = foregroundShares(dataset);
	return splitSamples(
		dataset.samples.map(({ id, name, tileOf }) => ({ id, name, tileOf, foregroundShare: shares.get(id) ?? 0 })),
		spec,
	);
}
