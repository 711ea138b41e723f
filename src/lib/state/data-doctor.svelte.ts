/** Looks at the pixels of a data set, one sample after the other, and says what may be wrong with it. */
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import type { Records } from '#lib/core/records.ts';
import { meaningOf, type DatasetMeta } from '#lib/core/sample.ts';
import { foldsById, type Part, type Split } from '#lib/core/split.ts';
import { findSample } from '#lib/core/stored-sample.ts';
import type { DatasetFacts, ImageFacts, PixelFacts } from '#lib/doctor/facts.ts';
import { measurePixels } from '#lib/doctor/measure.ts';
import { breathe, isBreathDue } from '#lib/importers/breathe.ts';
import { classCounts, classLookup } from '#lib/pixels/labels.ts';

/** What was measured belongs to these pixels and this meaning of the mask values. */
const keyOf = ({ id, scheme }: DatasetMeta): string => `${id} ${meaningOf(scheme)}`;

export class DataDoctor {
	/** Samples looked at of all while that goes on; null otherwise. */
	progress = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
	error = $state.raw<unknown>(null);
	readonly #records: Records;
	#key = $state('');
	/** By sample id; null where the pixels are gone. */
	#measured = $state.raw<ReadonlyMap<string, PixelFacts | null>>(new Map());
	#abort = new AbortController();

	constructor(records: Records) {
		this.#records = records;
	}

	/** What is known of the pixels of a data set as its masks are read now. */
	measured(dataset: DatasetMeta): ReadonlyMap<string, PixelFacts | null> {
		return this.#key === keyOf(dataset) ? this.#measured : new Map();
	}

	/** Measures what was not measured yet. A second call for the same pixels does nothing while the first is at work. */
	async examine(dataset: DatasetMeta): Promise<void> {
		const key = keyOf(dataset);
		if (this.#key === key && this.progress !== null) return;
		this.cancel();
		if (this.#key !== key) this.#measured = new Map();
		this.#key = key;
		this.error = null;
		const { signal } = this.#abort;
		try {
			await this.#measureAll(dataset, signal);
		} catch (error) {
			if (!signal.aborted) this.error = error;
		} finally {
			if (!signal.aborted) this.progress = null;
		}
	}

	/** The findings change once, at the end; when it is cancelled, they are of what was seen until then. */
	async #measureAll(dataset: DatasetMeta, signal: AbortSignal): Promise<void> {
		const lookup = classLookup(dataset.scheme);
		const found = new Map(this.#measured);
		const keep = (): void => void (this.#measured = found);
		signal.addEventListener('abort', keep);
		for (const { id } of dataset.samples) {
			if (found.has(id)) continue;
			this.progress = { done: found.size, total: dataset.samples.length };
			if (isBreathDue()) await breathe();
			const sample = await findSample(this.#records, dataset.id, id);
			const facts = sample ? await measurePixels(sample, lookup) : null;
			if (signal.aborted) return;
			found.set(id, facts);
		}
		keep();
	}

	/** Stops looking. What was measured stays. */
	cancel(): void {
		this.#abort.abort();
		this.#abort = new AbortController();
		this.progress = null;
	}
}

function partsOf(split: Split): Map<string, Part> {
	const parts = new Map<string, Part>();
	for (const part of ['train', 'validation', 'test'] as const) for (const id of split[part]) parts.set(id, part);
	return parts;
}

/** Everything that the checks look at. Images that no part uses are left out, as they touch nothing. */
export function datasetFacts(
	{ samples, scheme }: DatasetMeta,
	split: Split,
	{ prepare, net }: Pick<ExperimentSpec, 'prepare' | 'net'>,
	measured: ReadonlyMap<string, PixelFacts | null>,
): DatasetFacts {
	const [parts, folds] = [partsOf(split), foldsById(split)];
	const lookup = classLookup(scheme);
	const images = samples.flatMap((sample): ImageFacts[] => {
		const { id, name, width, height, channels, maxValue } = sample;
		const part = parts.get(id);
		if (part === undefined) return [];
		const classPixels = classCounts(sample, scheme, lookup);
		const fold = folds.get(id);
		const image = { id, name, width, height, channels, maxValue, part, classPixels, pixels: measured.get(id) ?? null };
		return [fold === undefined ? image : { ...image, fold }];
	});
	return { scheme, images, prepare, depth: net.depth };
}
