/** The images to look at, as order and filter of the selection say. */
import type { DatasetMeta } from '#lib/core/sample.ts';
import { classCounts, classLookup, foregroundShare } from '#lib/pixels/labels.ts';
import type { Comparison } from './comparison.svelte.ts';
import { orderImages, passes, tellingFilters } from './image-order.ts';
import type { Selection } from './selection.svelte.ts';
import type { Training } from './training.svelte.ts';

interface TruthFacts {
	/** By class, background first. */
	readonly pixels: readonly number[];
	readonly foregroundShare: number;
}

/** What the truths hold, by image; a data set's description never changes in place. */
const factsByDataset = new WeakMap<DatasetMeta, ReadonlyMap<string, TruthFacts>>();

function factsOf(dataset: DatasetMeta): ReadonlyMap<string, TruthFacts> {
	const known = factsByDataset.get(dataset);
	if (known) return known;
	const { samples, scheme } = dataset;
	const lookup = classLookup(scheme);
	const facts = new Map(
		samples.map((sample) => [
			sample.id,
			{ pixels: classCounts(sample, scheme, lookup), foregroundShare: foregroundShare(sample, scheme, lookup) },
		]),
	);
	factsByDataset.set(dataset, facts);
	return facts;
}

export class ImageList {
	readonly #training: Training;
	readonly #comparison: Comparison;
	readonly #selection: Selection;

	constructor(training: Training, comparison: Comparison, selection: Selection) {
		this.#training = training;
		this.#comparison = comparison;
		this.#selection = selection;
	}

	/** True when the experiment on the screen has scored images of this data set. */
	isCompared(dataset: DatasetMeta): boolean {
		const { experiment } = this.#training;
		return experiment?.datasetId === dataset.id && experiment.split.validation.length > 0;
	}

	/** In the chosen order. With runs: the validation images whose predictions are kept and that the filter lets through. Without: all of them. */
	of(dataset: DatasetMeta): readonly string[] {
		if (!this.isCompared(dataset)) return dataset.samples.map(({ id }) => id);
		const { imageFilter, imageOrder } = this.#selection;
		const facts = factsOf(dataset);
		const images = this.#comparison.imageIds
			.filter((id) => passes(facts.get(id)?.pixels ?? [], imageFilter))
			.map((id) => ({ id, scores: this.#comparison.scoresOn(id), foregroundShare: facts.get(id)?.foregroundShare ?? 0 }));
		return orderImages(images, imageOrder).map(({ id }) => id);
	}

	/** The image that is looked at: the chosen one, else the first; '' when there is none. */
	shown(dataset: DatasetMeta): string {
		const ids = this.of(dataset);
		return ids.includes(this.#selection.imageId) ? this.#selection.imageId : (ids[0] ?? '');
	}

	/** False where runs are on the screen and no prediction of the image is kept. */
	canShow(dataset: DatasetMeta, id: string): boolean {
		return !this.isCompared(dataset) || this.#comparison.isKept(id);
	}

	/** Shows an image with the fold that validates it, and lifts a filter that would hide it. False where it cannot be shown, and nothing changes. */
	show(dataset: DatasetMeta, id: string): boolean {
		if (!this.canShow(dataset, id)) return false;
		if (this.isCompared(dataset)) this.#comparison.turnTo(id);
		if (!this.of(dataset).includes(id)) this.#selection.imageFilter = null;
		this.#selection.imageId = id;
		return true;
	}

	/** Filters worth offering; see `tellingFilters`. */
	filtersFor(dataset: DatasetMeta): readonly number[] {
		if (!this.isCompared(dataset)) return [];
		const facts = factsOf(dataset);
		return tellingFilters(this.#comparison.imageIds.flatMap((id) => [facts.get(id)?.pixels ?? []]));
	}
}
