/** The samples of one experiment, read from storage and made ready for the net. */
import { AppError } from '#lib/core/errors.ts';
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import type { Records } from '#lib/core/records.ts';
import type { ExperimentRecord } from '#lib/core/run.ts';
import { classNames, ignoredClass, outputChannels, type DatasetMeta } from '#lib/core/sample.ts';
import { readSample } from '#lib/core/stored-sample.ts';
import type { DataFacts } from '#lib/losses/contract.ts';
import { normalise, pickChannels, setStatistics, type SetStatistics } from '#lib/pixels/intensity.ts';
import { classLookup, toClassMap } from '#lib/pixels/labels.ts';
import { placeClasses, placeImage, placementOf } from '#lib/pixels/place.ts';
import type { TrainingSample } from './batches.ts';
import type { WholeImage } from './forward.ts';
import { TargetMaps } from './target-maps.ts';

/** A normalised image at its own size with its truth. */
export interface LabelledImage extends WholeImage {
	readonly sampleId: string;
	readonly classes: Uint8Array;
}

/** Bytes of samples kept: every run scores the same validation images after every epoch. */
const keptBytes = 256 * 2 ** 20;

export class ExperimentData {
	readonly dataset: DatasetMeta;
	readonly outputs: number;
	readonly training: readonly TrainingSample[];
	/** Of the training part, for losses that begin from it: as prepared, and whole images where the net sees crops. */
	readonly facts: DataFacts;
	/** Pooled over the training part; null unless the preparation needs it. */
	readonly statistics: SetStatistics | null;
	/** What losses asked to have prepared from the masks; shared by the runs. */
	readonly maps = new TargetMaps();
	readonly #records: Records;
	readonly #spec: ExperimentSpec;
	readonly #lookup: Uint8Array;
	readonly #kept = new Map<string, LabelledImage>();
	#roomLeft = keptBytes;

	private constructor(
		records: Records,
		dataset: DatasetMeta,
		spec: ExperimentSpec,
		statistics: SetStatistics | null,
		training: readonly TrainingSample[],
	) {
		this.#records = records;
		this.#spec = spec;
		this.#lookup = classLookup(dataset.scheme);
		this.dataset = dataset;
		this.outputs = outputChannels(dataset.scheme);
		this.statistics = statistics;
		this.training = training;
		this.facts = { classPixels: countClasses(training, classNames(dataset.scheme).length) };
	}

	/**
	 * Reads what describes the data, but no sample. Throws `dataset-missing`, and `dataset-changed` when the stored data
	 * set is not the one that the experiment began with.
	 */
	static async describe(
		records: Records,
		{ datasetId, datasetFingerprint, name, scheme, spec, split }: ExperimentRecord,
	): Promise<ExperimentData> {
		const dataset = await records.getDataset(datasetId);
		if (!dataset) throw new AppError('dataset-missing', { experiment: name });
		if (dataset.fingerprint !== datasetFingerprint) throw new AppError('dataset-changed', { dataset: dataset.name });
		const statistics = spec.prepare.intensity === 'zscore-set' ? await statisticsOf(records, datasetId, split.train, spec) : null;
		return new ExperimentData(records, { ...dataset, scheme }, spec, statistics, []);
	}

	/** Reads and prepares the training part as well. Throws `dataset-too-small` without a training sample. */
	static async load(records: Records, experiment: ExperimentRecord): Promise<ExperimentData> {
		const { spec, split } = experiment;
		const reader = await ExperimentData.describe(records, experiment);
		if (split.train.length === 0) throw new AppError('dataset-too-small', { samples: reader.dataset.samples.length });
		const training: TrainingSample[] = [];
		for (const id of split.train) training.push(reader.#prepare(await reader.#read(id)));
		return new ExperimentData(records, reader.dataset, spec, reader.statistics, training);
	}

	/** Samples at their own size, one after the other. Throws `dataset-missing` when the pixels of one are gone. */
	async *readAll(sampleIds: readonly string[]): AsyncGenerator<LabelledImage> {
		for (const id of sampleIds) {
			const sample = this.#kept.get(id) ?? (await this.#read(id));
			this.#keep(sample);
			yield sample;
		}
	}

	async #read(sampleId: string): Promise<LabelledImage> {
		const { image, mask } = await readSample(this.#records, this.dataset.id, sampleId);
		return { sampleId, image: normalise(image, this.#spec.prepare, this.statistics), classes: toClassMap(mask, this.#lookup) };
	}

	#keep(sample: LabelledImage): void {
		const sizeBytes = sample.image.data.byteLength + sample.classes.byteLength;
		if (this.#kept.has(sample.sampleId) || sizeBytes > this.#roomLeft) return;
		this.#roomLeft -= sizeBytes;
		this.#kept.set(sample.sampleId, sample);
	}

	#prepare({ image, classes }: LabelledImage): TrainingSample {
		const { size, sizing } = this.#spec.prepare;
		if (sizing === 'crop') return { image, classes };
		const place = placementOf(image.width, image.height, size, sizing);
		return { image: placeImage(image, place), classes: placeClasses(classes, image.width, image.height, place) };
	}
}

/** Pixels of each class over all samples; ignored ones are left out. */
function countClasses(samples: readonly TrainingSample[], classes: number): number[] {
	const counts = new Array<number>(classes).fill(0);
	for (const sample of samples) for (const value of sample.classes) if (value !== ignoredClass) counts[value]!++;
	return counts;
}

async function statisticsOf(records: Records, datasetId: string, ids: readonly string[], spec: ExperimentSpec): Promise<SetStatistics> {
	const picked = [];
	for (const id of ids) picked.push(pickChannels((await readSample(records, datasetId, id)).image, spec.prepare.channels));
	return setStatistics(picked);
}
