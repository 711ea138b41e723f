/** A project, file by file. One image, one epoch or one checkpoint is in memory at a time, besides the rows. */
import { AppError } from '#lib/core/errors.ts';
import { fingerprintOf, pixelsHash, sha256 } from '#lib/core/hash.ts';
import type { Records } from '#lib/core/records.ts';
import type { ExperimentRecord } from '#lib/core/run.ts';
import type { DatasetMeta, Raster, SamplePixels } from '#lib/core/sample.ts';
import { findSample } from '#lib/core/stored-sample.ts';
import {
	checkpointPaths,
	datasetPath,
	epochPath,
	experimentPath,
	projectManifestPath,
	projectVersion,
	samplePath,
	type PixelHeader,
	type ProjectEntry,
} from './project-layout.ts';
import { recordToBytes } from './project-json.ts';

export interface ProjectFile {
	readonly path: string;
	readonly bytes: Uint8Array<ArrayBuffer>;
}

type Files = AsyncGenerator<ProjectFile, void>;

/** A checkpoint that is left out, because its hashes do not hold. */
export type OnDamaged = (runId: string, step: number) => void;

function headerOf({ width, height, channels, maxValue, data }: Raster): PixelHeader {
	return { width, height, channels, maxValue, bits: data instanceof Uint16Array ? 16 : 8 };
}

const maskHeaderOf = ({ width, height, data }: SamplePixels['mask']): PixelHeader =>
	headerOf({ width, height, data, channels: 1, maxValue: data instanceof Uint16Array ? 65535 : 255 });

/** Pixels out of the records own their buffers, whole. */
function bytesOf(data: Uint8Array | Uint16Array): Uint8Array<ArrayBuffer> {
	return new Uint8Array(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** Throws `dataset-changed` when the stored pixels are not those of the fingerprint. */
async function* datasetFiles(records: Records, dataset: DatasetMeta): Files {
	const pixels: { image: PixelHeader; mask: PixelHeader }[] = [];
	const hashes: string[] = [];
	for (const [place, { id }] of dataset.samples.entries()) {
		const sample = await findSample(records, dataset.id, id);
		if (!sample) throw new AppError('dataset-changed', { dataset: dataset.name });
		pixels.push({ image: headerOf(sample.image), mask: maskHeaderOf(sample.mask) });
		hashes.push(await pixelsHash(sample));
		yield { path: samplePath(place, 'image'), bytes: bytesOf(sample.image.data) };
		yield { path: samplePath(place, 'mask'), bytes: bytesOf(sample.mask.data) };
	}
	if ((await fingerprintOf(hashes)) !== dataset.fingerprint) throw new AppError('dataset-changed', { dataset: dataset.name });
	yield { path: datasetPath, bytes: recordToBytes({ dataset, pixels }) };
}

/** A person's own losses go along as code only: recordings are made anew, and only of code that may run. */
function withoutRecordings(experiment: ExperimentRecord): ExperimentRecord {
	const losses = experiment.spec.losses.map((loss) => (loss.own ? { ...loss, own: { ...loss.own, graphs: [] } } : loss));
	return { ...experiment, spec: { ...experiment.spec, losses } };
}

async function* checkpointFiles(records: Records, experimentId: string, runId: string, run: number, onDamaged: OnDamaged): Files {
	let written = 0;
	for (const [place, { step }] of (await records.listCheckpoints(experimentId, runId)).entries()) {
		const checkpoint = await records.getCheckpointAt(experimentId, runId, place);
		if (!checkpoint) onDamaged(runId, step);
		else {
			const { manifest, weights } = checkpointPaths(run, written++);
			yield { path: manifest, bytes: recordToBytes(checkpoint.manifest) };
			yield { path: weights, bytes: checkpoint.bytes };
		}
	}
}

/** The experiment without its data set. */
export async function* experimentFiles(records: Records, experiment: ExperimentRecord, onDamaged: OnDamaged): Files {
	yield { path: experimentPath, bytes: recordToBytes(withoutRecordings(experiment)) };
	const rows = await records.listRows(experiment.id);
	for (const [run, { id }] of experiment.runs.entries()) {
		for (const row of rows.filter(({ runId }) => runId === id)) {
			const previews = await records.getPreviews(experiment.id, id, row.epoch);
			yield { path: epochPath(run, row.epoch), bytes: recordToBytes({ row, previews }) };
		}
		yield* checkpointFiles(records, experiment.id, id, run, onDamaged);
	}
}

/** What the manifest says of a file. */
export async function entryOf({ path, bytes }: ProjectFile): Promise<ProjectEntry> {
	return { path, sizeBytes: bytes.length, sha256: await sha256(bytes) };
}

/**
 * Every file of the project, the manifest last: equal records give equal files in the same order.
 * Throws `checkpoint-missing` without the experiment, `dataset-missing` without its data set, `dataset-changed` with another.
 */
export async function* projectFiles(records: Records, experimentId: string, onDamaged: OnDamaged): Files {
	const experiment = await records.getExperiment(experimentId);
	if (!experiment) throw new AppError('checkpoint-missing', { experiment: experimentId });
	const dataset = await records.getDataset(experiment.datasetId);
	if (!dataset) throw new AppError('dataset-missing', { id: experiment.datasetId });
	if (dataset.fingerprint !== experiment.datasetFingerprint) throw new AppError('dataset-changed', { dataset: dataset.name });
	const entries: ProjectEntry[] = [];
	for (const files of [experimentFiles(records, experiment, onDamaged), datasetFiles(records, dataset)]) {
		for await (const file of files) {
			entries.push(await entryOf(file));
			yield file;
		}
	}
	yield { path: projectManifestPath, bytes: recordToBytes({ format: 'overlap-project', version: projectVersion, entries }) };
}
