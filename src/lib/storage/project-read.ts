/** Reads a project file: everything is checked before anything is handed on, and each piece again when it is read. */
import { fingerprintOf, pixelsHash } from '#lib/core/hash.ts';
import type { Checkpoint } from '#lib/core/records.ts';
import type { EpochRow, ExperimentRecord, Preview, RunRecord } from '#lib/core/run.ts';
import type { DatasetMeta, Raster, SamplePixels } from '#lib/core/sample.ts';
import { assertProjectSound, type PairHeaders } from './project-checks.ts';
import { ProjectFiles, type ProjectSource } from './project-files.ts';
import {
	checkpointPaths,
	datasetFileSchema,
	datasetPath,
	epochFileSchema,
	epochPath,
	experimentPath,
	projectUnreadable,
	samplePath,
	type PixelHeader,
	type ProjectEntry,
} from './project-layout.ts';
import { experimentSchema, manifestSchema } from './schema.ts';
import { sealCheckpoint } from './seal.ts';

export class ProjectReader {
	readonly dataset: DatasetMeta;
	readonly experiment: ExperimentRecord;
	readonly #files: ProjectFiles;
	readonly #headers: readonly PairHeaders[];

	private constructor(files: ProjectFiles, dataset: DatasetMeta, headers: readonly PairHeaders[], experiment: ExperimentRecord) {
		this.#files = files;
		this.dataset = dataset;
		this.#headers = headers;
		this.experiment = experiment;
	}

	/** Reads and checks the whole file once. Throws `project-unreadable` or `project-newer`. */
	static async open(source: ProjectSource): Promise<ProjectReader> {
		const files = await ProjectFiles.open(source);
		const { dataset, pixels } = await files.record(datasetFileSchema, datasetPath);
		const experiment = await files.record(experimentSchema, experimentPath);
		await assertProjectSound(dataset, pixels, experiment);
		const project = new ProjectReader(files, dataset, pixels, experiment);
		await project.#verify();
		return project;
	}

	/** What the manifest says of every other file. */
	get entries(): readonly ProjectEntry[] {
		return this.#files.entries;
	}

	/** Of every sample, in order. */
	async *pixels(): AsyncGenerator<{ sampleId: string } & SamplePixels, void> {
		for (const [place, { image, mask }] of this.#headers.entries()) {
			const sampleId = this.dataset.samples[place]?.id ?? '';
			const labels = await this.#raster(samplePath(place, 'mask'), mask);
			const { width, height, data } = labels;
			yield { sampleId, image: await this.#raster(samplePath(place, 'image'), image), mask: { width, height, data } };
		}
	}

	async *epochs(): AsyncGenerator<{ row: EpochRow; previews: readonly Preview[] }, void> {
		for (const { path } of this.entries) {
			const [, place, epoch] = /^runs\/(\d+)\/epoch-(\d+)\.json$/u.exec(path) ?? [];
			if (path !== epochPath(Number(place) - 1, Number(epoch))) continue;
			const { row, previews } = await this.#files.record(epochFileSchema, path);
			if (!this.#isOf(this.experiment.runs[Number(place) - 1], row) || row.epoch !== Number(epoch))
				throw projectUnreadable(`${path} belongs to another run`);
			yield { row, previews };
		}
	}

	/** Of each run, oldest first. */
	async *checkpoints(): AsyncGenerator<Checkpoint, void> {
		for (const [place, run] of this.experiment.runs.entries()) {
			for (let index = 0; this.#files.has(checkpointPaths(place, index).manifest); index++) yield await this.#checkpoint(run, place, index);
		}
	}

	async #checkpoint(run: RunRecord, place: number, index: number): Promise<Checkpoint> {
		const paths = checkpointPaths(place, index);
		const manifest = await this.#files.record(manifestSchema, paths.manifest);
		const { hash, datasetFingerprint } = this.experiment;
		if (!this.#isOf(run, manifest) || manifest.comparisonHash !== hash || manifest.datasetFingerprint !== datasetFingerprint)
			throw projectUnreadable(`${paths.manifest} belongs to another run`);
		const bytes = await this.#files.bytes(paths.weights);
		const sealed = await sealCheckpoint({ manifest, bytes }).catch((cause: unknown) => {
			throw projectUnreadable(`${paths.weights} does not hold its weights`, cause);
		});
		if (sealed.manifest.chunkHashes.join() !== manifest.chunkHashes.join())
			throw projectUnreadable(`${paths.weights} is not what was saved`);
		return { manifest, bytes };
	}

	#isOf(run: RunRecord | undefined, record: { readonly experimentId: string; readonly runId: string }): boolean {
		return record.experimentId === this.experiment.id && record.runId === run?.id;
	}

	async #raster(path: string, { width, height, channels, maxValue, bits }: PixelHeader): Promise<Raster> {
		const bytes = await this.#files.bytes(path);
		if (bytes.length !== (width * height * channels * bits) / 8) throw projectUnreadable(`${path} has not the size of its picture`);
		return { width, height, channels, maxValue, data: bits === 16 ? new Uint16Array(bytes.buffer) : bytes };
	}

	/** Reads everything once. */
	async #verify(): Promise<void> {
		const hashes: string[] = [];
		for await (const sample of this.pixels()) hashes.push(await pixelsHash(sample));
		if ((await fingerprintOf(hashes)) !== this.dataset.fingerprint)
			throw projectUnreadable('its pictures are not those of its fingerprint');
		for await (const _ of this.epochs());
		for await (const _ of this.checkpoints());
		this.#files.assertAllUsed();
	}
}
