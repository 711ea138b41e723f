/** What every implementation of `Records` keeps of whole projects, as tests. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ProjectReader } from '../project-read.ts';
import { storeProject } from '../project-store.ts';
import { recordFromBytes } from '../project-json.ts';
import { everythingOf, failingParts, filesOf, ownLoss, sourceOf, storeFixtureProject } from './project-fixtures.ts';
import type { StoreUnderTest } from './records-contract.ts';

export function testProjects(name: string, open: () => Promise<StoreUnderTest>): void {
	describe(`${name}: projects`, () => {
		let from: StoreUnderTest;
		let to: StoreUnderTest;
		let files: Map<string, Uint8Array<ArrayBuffer>>;
		beforeEach(async () => {
			[from, to] = [await open(), await open()];
			await storeFixtureProject(from.records);
			files = await filesOf(from.records, 'e');
		});

		const reader = () => ProjectReader.open(sourceOf(files));
		const partsOf = (project: ProjectReader) => ({
			dataset: project.dataset,
			pixels: project.pixels(),
			experiment: project.experiment,
			epochs: project.epochs(),
			checkpoints: project.checkpoints(),
		});

		test('everything arrives as it was, but the recordings of own losses, and saves to the same bytes', async () => {
			expect(await storeProject(to.records, await reader())).toEqual({ experimentId: 'e', outcome: 'new', datasetKept: false });
			const sent = (await everythingOf(from.records, 'e')) as { record: { spec: { losses: unknown[] } } };
			sent.record.spec.losses[1] = { ...ownLoss, own: { ...ownLoss.own, graphs: [] } };
			expect(await everythingOf(to.otherTab, 'e')).toEqual(sent);
			const again = await filesOf(to.records, 'e');
			expect([...again.keys()]).toEqual([...files.keys()]);
			for (const [path, bytes] of files) expect(again.get(path), path).toEqual(bytes);
			expect(await to.countChunks()).toBe(await from.countChunks());
		});

		test('opened where it was saved, nothing is stored again', async () => {
			const chunks = await from.countChunks();
			expect(await storeProject(from.records, await reader())).toEqual({ experimentId: 'e', outcome: 'known', datasetKept: false });
			expect(await from.countChunks()).toBe(chunks);
			expect(await from.records.listExperiments()).toHaveLength(1);
		});

		test('with another state of it here, it becomes a copy, and neither changes', async () => {
			await from.records.updateRun('e', 'dice-s1', { step: 7 });
			const here = await everythingOf(from.records, 'e');
			const stored = await storeProject(from.records, await reader());
			expect(stored.outcome).toBe('copy');
			const [copy] = (await from.records.listExperiments()).filter(({ id }) => id !== 'e');
			expect(copy).toMatchObject({ id: stored.experimentId, name: 'Experiment e (copy)', datasetId: 'cells' });
			expect(copy?.runs[0]?.step).toBe(6);
			expect(await everythingOf(from.records, 'e')).toEqual(here);
			expect((await from.records.listRows(stored.experimentId)).map(({ epoch }) => epoch)).toEqual([1, 2, 1, 2]);
			const latest = await from.records.getCheckpoint(stored.experimentId, 'dice-s1', 'latest');
			const original = await from.records.getCheckpoint('e', 'dice-s1', 'latest');
			expect(latest?.bytes).toEqual(original?.bytes);
			expect(await from.records.listDatasets()).toHaveLength(1);
		});

		test('pictures that are here keep their name; other pictures of the same id stay, and the project’s become a copy', async () => {
			const meta = (await from.records.getDataset('cells'))!;
			await from.records.updateDataset({ ...meta, name: 'Renamed' });
			expect(await storeProject(from.records, await reader())).toMatchObject({ outcome: 'known', datasetKept: true });
			expect((await from.records.getDataset('cells'))?.name).toBe('Renamed');

			const other = { ...meta, samples: [], fingerprint: '0'.repeat(64) };
			await to.records.putDataset(other, (async function* () {})());
			const stored = await storeProject(to.records, await reader());
			expect(stored.outcome).toBe('copy');
			expect(await to.records.getDataset('cells')).toEqual(other);
			const record = await to.records.getExperiment(stored.experimentId);
			expect(await to.records.getDataset(record!.datasetId)).toEqual({ ...meta, id: record!.datasetId, name: `${meta.name} (copy)` });
			expect(await to.records.getMask(record!.datasetId, 'c')).toEqual(await from.records.getMask('cells', 'c'));
		});

		test('deleted pictures come back with the experiment that is still here', async () => {
			await from.records.deleteDataset('cells');
			expect(await storeProject(from.records, await reader())).toMatchObject({ outcome: 'known' });
			expect((await from.records.getImage('cells', 'b'))?.data).toBeInstanceOf(Uint16Array);
		});

		test('a project that fails half-way leaves nothing', async () => {
			await expect(to.records.putProject(failingParts(partsOf(await reader()), 3))).rejects.toThrow('The file is gone.');
			expect(await to.records.listDatasets()).toEqual([]);
			expect(await to.records.listExperiments()).toEqual([]);
			expect(await to.records.listRows('e')).toEqual([]);
			expect(await to.records.getPreviews('e', 'dice-s1', 1)).toEqual([]);
			expect(await to.records.listCheckpoints('e', 'dice-s1')).toEqual([]);
			expect(await to.countChunks()).toBe(0);
		});

		test('an id that is taken is refused, and what has it stays', async () => {
			const before = await everythingOf(from.records, 'e');
			await expect(from.records.putProject(partsOf(await reader()))).rejects.toThrow('is taken');
			expect(await everythingOf(from.records, 'e')).toEqual(before);
		});

		test('a checkpoint that is damaged here is left out, and said', async () => {
			await from.damageNewest('e', 'dice-s1');
			const fewer = await filesOf(from.records, 'e');
			expect(fewer.has('runs/1/checkpoint-3.bin')).toBe(true);
			expect(fewer.has('runs/1/checkpoint-4.bin')).toBe(false);
			files = fewer;
			expect(await storeProject(to.records, await reader())).toMatchObject({ outcome: 'new' });
			expect((await to.records.getCheckpoint('e', 'dice-s1', 'latest'))?.manifest.step).toBe(4);
		});

		test('of a person’s own losses only the code is in the file', () => {
			const record = JSON.stringify(recordFromBytes(files.get('experiment.json')!));
			expect(record).toContain('yTrue.sub(yPred).square()');
			expect(record).toContain('"graphs":[]');
		});
	});
}
