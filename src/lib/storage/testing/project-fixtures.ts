/** A whole project for tests: data, two runs with epochs, previews and checkpoints, and whatever a plain copy could lose. */
import { comparisonHash, fingerprintOf, pixelsHash } from '#lib/core/hash.ts';
import { ownLossId, type LossChoice } from '#lib/core/loss-choice.ts';
import type { CheckpointTag, ProjectParts, Records } from '#lib/core/records.ts';
import type { ExperimentRecord } from '#lib/core/run.ts';
import type { DatasetMeta, SamplePixels } from '#lib/core/sample.ts';
import { projectManifestPath } from '../project-layout.ts';
import type { ProjectSource } from '../project-files.ts';
import { projectFiles } from '../project-write.ts';
import { checkpoint, dataset, epochRow, experiment, labelMap, preview, raster, stream } from './records-fixtures.ts';

const pixels: Record<string, SamplePixels> = {
	a: { image: raster(5, 3, 1, 8, 1), mask: labelMap(5, 3, 8, 2) },
	b: { image: raster(4, 4, 3, 16, 3), mask: labelMap(4, 4, 16, 4) },
	c: { image: raster(64, 64, 1, 8, 5), mask: { width: 64, height: 64, data: new Uint8Array(64 * 64).fill(255, 0, 999) } },
};

/** As it was recorded where it was written: a graph belongs to it there. */
export const ownLoss: LossChoice = {
	key: 'own-loss',
	label: 'Mine',
	loss: ownLossId,
	values: { $gamma: 2 },
	own: {
		name: 'Mine',
		code: '(yTrue, yPred) => yTrue.sub(yPred).square()',
		params: {},
		graphs: [{ batch: 0, graph: { nodes: [{ op: 'input', inputs: [], attrs: {}, shape: [1], line: 1 }], output: 0, variables: {} } }],
	},
	learningRateFactor: 1,
};

async function projectDataset(): Promise<DatasetMeta> {
	const plain = dataset('cells', Object.keys(pixels));
	const samples = plain.samples.map((sample) => {
		const { width, height, channels, maxValue } = pixels[sample.id]!.image;
		return { ...sample, width, height, channels, maxValue };
	});
	const hashes = await Promise.all(Object.values(pixels).map(pixelsHash));
	return { ...plain, samples, fingerprint: await fingerprintOf(hashes) };
}

async function projectExperiment(meta: DatasetMeta): Promise<ExperimentRecord> {
	const plain = experiment('e', ['dice-s1', 'own-loss-s1']);
	const spec = { ...plain.spec, losses: [...plain.spec.losses, ownLoss] };
	const runs = plain.runs.map((run, place) => ({ ...run, lossKey: spec.losses[place]!.key, state: 'paused' as const, step: 6, epoch: 2 }));
	const own = { datasetFingerprint: meta.fingerprint, hash: await comparisonHash(spec, { ...meta, scheme: plain.scheme }, plain.split) };
	return { ...plain, ...own, spec, runs };
}

/** Stores the project: a diverged number, a negative zero, odd names and every kind of checkpoint are in it. */
export async function storeFixtureProject(records: Records): Promise<ExperimentRecord> {
	const meta = await projectDataset();
	const record = await projectExperiment(meta);
	await records.putDataset(meta, stream(pixels));
	await records.putExperiment(record);
	for (const { id } of record.runs) {
		await records.putEpoch({ ...epochRow('e', id, 1, Number.NaN), validationLoss: -0, readings: { $odd: 1, toString: Infinity } }, [
			preview('c', 1),
		]);
		await records.putEpoch(epochRow('e', id, 2), []);
		for (const [step, tags] of [
			[2, ['best', 'latest']],
			[3, ['pinned']],
			[4, ['latest']],
			[6, ['latest', 'final']],
		] as const satisfies readonly (readonly [number, readonly CheckpointTag[]])[]) {
			const { manifest, bytes } = checkpoint('e', id, step, tags, 1000 + step * 4);
			const own = { datasetFingerprint: meta.fingerprint, comparisonHash: record.hash, lossState: { $rate: 0.1 + 0.2 } };
			await records.putCheckpoint({ manifest: { ...manifest, ...own }, bytes });
		}
	}
	return record;
}

/** The project as files by path. */
export async function filesOf(records: Records, experimentId: string): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
	const files = new Map<string, Uint8Array<ArrayBuffer>>();
	for await (const { path, bytes } of projectFiles(records, experimentId, () => undefined)) files.set(path, bytes);
	return files;
}

export function sourceOf(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): ProjectSource {
	return { paths: new Set(files.keys()), read: async (path) => (files.get(path) ?? new Uint8Array()).slice() };
}

/** Changes the records of the manifest. */
export function withManifest(
	files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
	change: (manifest: { version: number; entries: { path: string; sizeBytes: number; sha256: string }[] }) => unknown,
): Map<string, Uint8Array<ArrayBuffer>> {
	const manifest = JSON.parse(new TextDecoder().decode(files.get(projectManifestPath)));
	return new Map(files).set(projectManifestPath, new TextEncoder().encode(JSON.stringify(change(manifest))));
}

/** Everything that the records hold of the experiment and its data set. */
export async function everythingOf(records: Records, experimentId: string): Promise<unknown> {
	const record = await records.getExperiment(experimentId);
	const meta = await records.getDataset(record?.datasetId ?? '');
	const rows = await records.listRows(experimentId);
	const previews = await Promise.all(rows.map(({ runId, epoch }) => records.getPreviews(experimentId, runId, epoch)));
	const checkpoints = [];
	for (const { id } of record?.runs ?? [])
		for (const [place] of (await records.listCheckpoints(experimentId, id)).entries())
			checkpoints.push(await records.getCheckpointAt(experimentId, id, place));
	const samples = await Promise.all(
		(meta?.samples ?? []).map(async ({ id }) => [await records.getImage('cells', id), await records.getMask('cells', id)]),
	);
	return { record, meta, rows, previews, checkpoints, samples };
}

/** Parts that fail after so many checkpoints. */
export function failingParts(parts: ProjectParts, after: number): ProjectParts {
	async function* failing() {
		let left = after;
		for await (const entry of parts.checkpoints) {
			if (left-- === 0) throw new Error('The file is gone.');
			yield entry;
		}
	}
	return { ...parts, checkpoints: failing() };
}
