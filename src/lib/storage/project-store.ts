/** Takes a project file into the records: new, known already, or as a copy beside what has its ids here. */
import { canonicalJson } from '#lib/core/hash.ts';
import type { Records } from '#lib/core/records.ts';
import type { ExperimentRecord } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { datasetPath } from './project-layout.ts';
import type { ProjectReader } from './project-read.ts';
import { entryOf, experimentFiles } from './project-write.ts';

export interface StoredProject {
	readonly experimentId: string;
	/**
	 * `new`: nothing of it was here. `known`: this very experiment was here. `copy`: another state of the experiment, or
	 * other data, had its ids, so it was stored beside them under new ones.
	 */
	readonly outcome: 'new' | 'known' | 'copy';
	/** The same pictures were here under another name or with other classes, and keep them. */
	readonly datasetKept: boolean;
}

/** Equal pictures under one id; name and classes may be changed at any time. */
function samePictures(a: DatasetMeta, b: DatasetMeta): boolean {
	return a.fingerprint === b.fingerprint && canonicalJson(a.samples) === canonicalJson(b.samples);
}

/** True when saving the stored experiment would give the very files of the project. */
async function isSameExperiment(records: Records, known: ExperimentRecord, project: ProjectReader): Promise<boolean> {
	const theirs = new Map(
		project.entries.filter(({ path }) => path !== datasetPath && !path.startsWith('samples/')).map(({ path, sha256 }) => [path, sha256]),
	);
	let ours = 0;
	for await (const file of experimentFiles(records, known, () => undefined)) {
		const { path, sha256 } = await entryOf(file);
		if (theirs.get(path) !== sha256) return false;
		ours++;
	}
	return ours === theirs.size;
}

const copyOf = <T extends { readonly name: string }>(record: T, id: string): T => ({ ...record, id, name: `${record.name} (copy)` });

/** The records of `source` with the experiment's new id. */
async function* under<T>(source: AsyncIterable<T>, change: (record: T) => T): AsyncGenerator<T, void> {
	for await (const record of source) yield change(record);
}

/** Stores the project or nothing of it. Rejects with a `storage-…` error, or `project-unreadable` when the file changed meanwhile. */
export async function storeProject(records: Records, project: ProjectReader): Promise<StoredProject> {
	const here = await records.getDataset(project.dataset.id);
	const isHere = here !== undefined && samePictures(here, project.dataset);
	const dataset = here && !isHere ? copyOf(project.dataset, crypto.randomUUID()) : project.dataset;
	const datasetKept = isHere && canonicalJson(here) !== canonicalJson(project.dataset);
	const known = await records.getExperiment(project.experiment.id);
	if (known && dataset.id === project.dataset.id && (await isSameExperiment(records, known, project))) {
		if (!isHere) await records.putDataset(dataset, project.pixels());
		return { experimentId: known.id, outcome: 'known', datasetKept };
	}
	const { id: experimentId, ...rest } = known ? copyOf(project.experiment, crypto.randomUUID()) : project.experiment;
	await records.putProject({
		dataset: isHere ? null : dataset,
		pixels: project.pixels(),
		experiment: { ...rest, id: experimentId, datasetId: dataset.id },
		epochs: under(project.epochs(), ({ row, previews }) => ({ row: { ...row, experimentId }, previews })),
		checkpoints: under(project.checkpoints(), ({ manifest, bytes }) => ({ manifest: { ...manifest, experimentId }, bytes })),
	});
	return { experimentId, outcome: known || (here && !isHere) ? 'copy' : 'new', datasetKept };
}
