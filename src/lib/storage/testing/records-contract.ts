/** What every implementation of `Records` keeps, as tests. */
import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import type { CheckpointTag, Records } from '#lib/core/records.ts';
import {
	checkpoint,
	dataset,
	epochRow,
	experiment,
	labelMap,
	maskVersion,
	noise,
	preview,
	raster,
	revision,
	stream,
} from './records-fixtures.ts';

/** A fresh, empty store, with a way to reach behind its interface. */
export interface StoreUnderTest {
	readonly records: Records;
	/** Another tab on the same store (for memory: the same one). */
	readonly otherTab: Records;
	/** Flips one bit of the first chunk of the newest checkpoint of the run. */
	damageNewest(experimentId: string, runId: string): Promise<void>;
	/** How many pieces of bytes are stored: pixels and weights. */
	countChunks(): Promise<number>;
}

const mebibyte = 1024 * 1024;
const small = { image: raster(5, 3, 1, 8, 1), mask: labelMap(5, 3, 8, 2) };

async function hexSha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
	return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function testRecords(name: string, open: () => Promise<StoreUnderTest>): void {
	describe(`${name}: data sets`, () => {
		let store: StoreUnderTest;
		beforeEach(async () => {
			store = await open();
		});

		test('8- and 16-bit images and masks come back exactly, also through another tab', async () => {
			const samples = {
				grey8: { image: raster(5, 3, 1, 8, 3), mask: labelMap(5, 3, 16, 4) },
				rgba16: { image: raster(7, 2, 4, 16, 5), mask: labelMap(7, 2, 8, 6) },
			};
			const meta = dataset('cells', Object.keys(samples));
			await store.records.putDataset(meta, stream(samples));
			for (const records of [store.records, store.otherTab]) {
				expect(await records.getDataset('cells')).toEqual(meta);
				expect(await records.getImage('cells', 'grey8')).toEqual(samples.grey8.image);
				expect(await records.getMask('cells', 'grey8')).toEqual(samples.grey8.mask);
				expect(await records.getImage('cells', 'rgba16')).toEqual(samples.rgba16.image);
				expect(await records.getMask('cells', 'rgba16')).toEqual(samples.rgba16.mask);
			}
		});

		test('an image larger than one chunk comes back exactly', async () => {
			const image = raster(1500, 1500, 1, 16, 7);
			await store.records.putDataset(dataset('cells', ['a']), stream({ a: { image, mask: small.mask } }));
			// 1500 · 1500 · 2 bytes = 4.29 MiB: two chunks for the image, one for the mask.
			expect(await store.countChunks()).toBe(3);
			const stored = await store.records.getImage('cells', 'a');
			expect(stored?.data).toBeInstanceOf(Uint16Array);
			expect(sameNumbers(stored?.data, image.data)).toBe(true);
		});

		test('only the pixels that a view shows are stored, not the buffer behind it', async () => {
			const memory = noise(1000, 8);
			const image = { ...small.image, data: memory.subarray(100, 115) };
			await store.records.putDataset(dataset('cells', ['a']), stream({ a: { image, mask: small.mask } }));
			expect((await store.records.getImage('cells', 'a'))?.data).toEqual(memory.slice(100, 115));
		});

		test('what a caller does to an object later changes nothing that is stored', async () => {
			const image = raster(5, 3, 1, 8, 9);
			await store.records.putDataset(dataset('cells', ['a']), stream({ a: { image, mask: small.mask } }));
			image.data.fill(0);
			(await store.records.getImage('cells', 'a'))?.data.fill(0);
			expect(await store.records.getImage('cells', 'a')).toEqual(raster(5, 3, 1, 8, 9));
		});

		test('an import that fails half-way leaves neither metadata nor pixels and hands on its own error', async () => {
			async function* failing() {
				yield { sampleId: 'a', ...small };
				throw new AppError('cancelled');
			}
			await expect(store.records.putDataset(dataset('cells', ['a', 'b']), failing())).rejects.toMatchObject({ code: 'cancelled' });
			expect(await store.records.listDatasets()).toEqual([]);
			expect(await store.records.getImage('cells', 'a')).toBeUndefined();
			expect(await store.countChunks()).toBe(0);
		});

		test('a failed replacement leaves the old data set whole', async () => {
			const meta = dataset('cells', ['a']);
			await store.records.putDataset(meta, stream({ a: small }));
			async function* failing() {
				yield { sampleId: 'a', image: raster(5, 3, 1, 8, 99), mask: small.mask };
				throw new Error('The file is gone.');
			}
			await expect(store.records.putDataset(dataset('cells', ['a', 'b']), failing())).rejects.toThrow('The file is gone.');
			expect(await store.records.listDatasets()).toEqual([meta]);
			expect(await store.records.getImage('cells', 'a')).toEqual(small.image);
		});

		test('a replacement takes the place of the old pixels', async () => {
			await store.records.putDataset(dataset('cells', ['a', 'b']), stream({ a: small, b: small }));
			const image = raster(5, 3, 1, 8, 99);
			await store.records.putDataset(dataset('cells', ['a']), stream({ a: { image, mask: small.mask } }));
			expect(await store.records.getImage('cells', 'a')).toEqual(image);
			expect(await store.records.getImage('cells', 'b')).toBeUndefined();
			expect(await store.countChunks()).toBe(2);
		});

		test('a data set whose samples were not all given is refused', async () => {
			await expect(store.records.putDataset(dataset('cells', ['a', 'b']), stream({ a: small }))).rejects.toThrow('1 samples');
			expect(await store.records.listDatasets()).toEqual([]);
			expect(await store.countChunks()).toBe(0);
		});

		test('metadata can be changed, but only of a data set that is there', async () => {
			await store.records.putDataset(dataset('cells', ['a']), stream({ a: small }));
			const renamed = { ...dataset('cells', ['a']), name: 'Nuclei' };
			await store.records.updateDataset(renamed);
			expect(await store.records.getDataset('cells')).toEqual(renamed);
			await expect(store.records.updateDataset(dataset('other', []))).rejects.toMatchObject({ code: 'dataset-missing' });
		});

		test('data sets are listed newest first, and deleting one takes its pixels along', async () => {
			await store.records.putDataset(dataset('old', ['a'], 1), stream({ a: small }));
			await store.records.putDataset(dataset('new', ['a'], 2), stream({ a: small }));
			expect((await store.records.listDatasets()).map((meta) => meta.id)).toEqual(['new', 'old']);
			await store.records.deleteDataset('old');
			expect((await store.records.listDatasets()).map((meta) => meta.id)).toEqual(['new']);
			expect(await store.records.getMask('old', 'a')).toBeUndefined();
			expect(await store.records.getMask('new', 'a')).toEqual(small.mask);
			expect(await store.countChunks()).toBe(2);
		});
	});

	describe(`${name}: mask versions`, () => {
		let store: StoreUnderTest;
		const [first, second] = [labelMap(5, 3, 8, 11), labelMap(5, 3, 16, 12)];
		beforeEach(async () => {
			store = await open();
			await store.records.putDataset(dataset('cells', ['a']), stream({ a: small }));
		});

		test('a version comes back exactly, beside the mask that was opened', async () => {
			await store.records.putMaskVersion('cells', maskVersion('v2', 'a', 2), second);
			await store.records.putMaskVersion('cells', maskVersion('v1', 'a', 1), first);
			expect(await store.otherTab.listMaskVersions('cells')).toEqual([maskVersion('v1', 'a', 1), maskVersion('v2', 'a', 2)]);
			// Nothing uses them yet.
			expect(await store.records.getMask('cells', 'a')).toEqual(small.mask);
			const meta = revision('corrected', 'cells', 'v2');
			await store.records.putRevision(meta, 'cells');
			expect(await store.otherTab.getDataset('corrected')).toEqual(meta);
			expect(await store.otherTab.getImage('corrected', 'a')).toEqual(small.image);
			expect(await store.otherTab.getMask('corrected', 'a')).toEqual(second);
			expect(await store.otherTab.getMask('corrected', 'a', 'first')).toEqual(small.mask);
			expect(await store.otherTab.getMask('cells', 'a')).toEqual(small.mask);
		});

		test('data sets of one origin share pixels: an image is stored once', async () => {
			expect(await store.countChunks()).toBe(2);
			await store.records.putMaskVersion('cells', maskVersion('v1', 'a'), first);
			for (const id of ['one', 'two']) await store.records.putRevision(revision(id, 'cells', 'v1'), 'cells');
			expect(await store.countChunks()).toBe(3);
		});

		test('versions made in one data set are known to all that share its pixels, and to no other', async () => {
			await store.records.putDataset(dataset('other', ['a']), stream({ a: small }));
			await store.records.putMaskVersion('cells', maskVersion('v1', 'a', 1), first);
			await store.records.putRevision(revision('corrected', 'cells', 'v1'), 'cells');
			await store.records.putMaskVersion('corrected', maskVersion('v2', 'a', 2), second);
			for (const id of ['cells', 'corrected']) {
				expect((await store.records.listMaskVersions(id)).map((version) => version.id)).toEqual(['v1', 'v2']);
			}
			expect(await store.records.listMaskVersions('other')).toEqual([]);
			expect(await store.records.listMaskVersions('nowhere')).toEqual([]);
		});

		test('deleting one of several data sets leaves the pixels to the others; the last takes all along', async () => {
			await store.records.putMaskVersion('cells', maskVersion('v1', 'a'), first);
			await store.records.putRevision(revision('corrected', 'cells', 'v1'), 'cells');
			await store.records.deleteDataset('cells');
			expect(await store.records.getImage('cells', 'a')).toBeUndefined();
			expect(await store.records.getImage('corrected', 'a')).toEqual(small.image);
			expect(await store.records.getMask('corrected', 'a')).toEqual(first);
			expect(await store.records.getMask('corrected', 'a', 'first')).toEqual(small.mask);
			await store.records.deleteDataset('corrected');
			expect(await store.records.listMaskVersions('corrected')).toEqual([]);
			expect(await store.countChunks()).toBe(0);
		});

		test('replacing a data set leaves those that share its old pixels whole', async () => {
			await store.records.putMaskVersion('cells', maskVersion('v1', 'a'), first);
			await store.records.putRevision(revision('corrected', 'cells', 'v1'), 'cells');
			await store.records.putDataset(dataset('cells', ['a']), stream({ a: { image: raster(5, 3, 1, 8, 99), mask: second } }));
			expect(await store.records.getMask('cells', 'a')).toEqual(second);
			expect(await store.records.listMaskVersions('cells')).toEqual([]);
			expect(await store.records.getImage('corrected', 'a')).toEqual(small.image);
			expect(await store.records.getMask('corrected', 'a')).toEqual(first);
		});

		test('a version of a data set that is gone, and a data set of versions that are not there, are refused', async () => {
			await expect(store.records.putMaskVersion('nowhere', maskVersion('v1', 'a'), first)).rejects.toMatchObject({
				code: 'dataset-missing',
			});
			for (const [version, from] of [
				['v1', 'cells'],
				['v1', 'nowhere'],
			] as const) {
				await expect(store.records.putRevision(revision('corrected', 'cells', version), from)).rejects.toMatchObject({
					code: 'dataset-missing',
				});
			}
			expect((await store.records.listDatasets()).map(({ id }) => id)).toEqual(['cells']);
			expect(await store.countChunks()).toBe(2);
		});
	});

	describe(`${name}: experiments`, () => {
		let store: StoreUnderTest;
		beforeEach(async () => {
			store = await open();
		});

		test('experiments come back whole and newest first', async () => {
			const finished = { ...experiment('e1', ['dice-s1'], 1), name: 'First' };
			await store.records.putExperiment(finished);
			await store.records.putExperiment(experiment('e2', ['dice-s1'], 2));
			expect(await store.otherTab.getExperiment('e1')).toEqual(finished);
			expect((await store.records.listExperiments()).map((record) => record.id)).toEqual(['e2', 'e1']);
			expect(await store.records.getExperiment('nowhere')).toBeUndefined();
		});

		test('workers that update different runs at the same time do not overwrite each other', async () => {
			const runIds = ['dice-s1', 'focal-s1', 'ce-s1', 'iou-s1'];
			await store.records.putExperiment(experiment('e', runIds));
			const updates = Array.from({ length: 40 }, (_, index) => {
				const records = index % 2 === 0 ? store.records : store.otherTab;
				return records.updateRun('e', runIds[index % 4] ?? '', { state: 'running', step: Math.floor(index / 4) + 1 });
			});
			await Promise.all(updates);
			const runs = (await store.records.getExperiment('e'))?.runs ?? [];
			expect(runs.map(({ id, state, step }) => [id, state, step])).toEqual(runIds.map((id) => [id, 'running', 10]));
		});

		test('updating a run that is not there is an error', async () => {
			await store.records.putExperiment(experiment('e', ['dice-s1']));
			await expect(store.records.updateRun('e', 'focal-s1', { step: 1 })).rejects.toThrow('There is no run focal-s1');
			await expect(store.records.updateRun('nowhere', 'dice-s1', { step: 1 })).rejects.toThrow('There is no run');
		});

		test('a record that could not be read back is never written', async () => {
			const record = experiment('e', ['dice-s1']);
			await expect(store.records.putExperiment({ ...record, createdAt: Number.NaN })).rejects.toThrow('createdAt');
			await store.records.putExperiment(record);
			await expect(store.records.updateRun('e', 'dice-s1', { step: -1 })).rejects.toThrow('step');
			expect(await store.records.getExperiment('e')).toEqual(record);
		});

		test('rows and previews come back exactly, also when a number is not finite', async () => {
			const row = epochRow('e', 'dice-s1', 1, Number.NaN);
			await store.records.putEpoch(row, [preview('c', 1), preview('d', 2)]);
			expect(await store.records.listRows('e')).toEqual([row]);
			expect(await store.records.getPreviews('e', 'dice-s1', 1)).toEqual([preview('c', 1), preview('d', 2)]);
			expect(await store.records.getPreviews('e', 'dice-s1', 2)).toEqual([]);
		});

		test('what a loss learnt stays with its row, and a row without it has none', async () => {
			const plain = epochRow('e', 'dice-s1', 1);
			// Names are words for people; one that every object has is a name like any other.
			const adaptive = { ...epochRow('e', 'sum-s1', 1), readings: { 'weight of Dice': 0.1 + 0.2, toString: Number.POSITIVE_INFINITY } };
			await store.records.putEpoch(plain, []);
			await store.records.putEpoch(adaptive, []);
			const rows = await store.otherTab.listRows('e');
			expect(rows).toEqual([plain, adaptive]);
			expect(rows[0]).not.toHaveProperty('readings');
		});

		test('rows are ordered by run and epoch, and writing an epoch again replaces its row and previews', async () => {
			for (const epoch of [10, 2, 1]) await store.records.putEpoch(epochRow('e', 'focal-s1', epoch), [preview('c', epoch)]);
			await store.records.putEpoch(epochRow('e', 'dice-s1', 1), []);
			await store.records.putEpoch(epochRow('other', 'dice-s1', 1), []);
			const again = epochRow('e', 'focal-s1', 2, 9);
			await store.records.putEpoch(again, [preview('d', 3)]);
			const rows = await store.records.listRows('e');
			expect(rows.map((row) => [row.runId, row.epoch])).toEqual([
				['dice-s1', 1],
				['focal-s1', 1],
				['focal-s1', 2],
				['focal-s1', 10],
			]);
			expect(rows[2]).toEqual(again);
			expect(await store.records.getPreviews('e', 'focal-s1', 2)).toEqual([preview('d', 3)]);
		});

		test('deleting an experiment takes its rows, previews and checkpoints along, and nothing of its neighbour', async () => {
			for (const id of ['e', 'e2']) {
				await store.records.putExperiment(experiment(id, ['dice-s1']));
				await store.records.putEpoch(epochRow(id, 'dice-s1', 1), [preview('c', 1)]);
				await store.records.putCheckpoint(checkpoint(id, 'dice-s1', 3, ['latest']));
			}
			await store.records.deleteExperiment('e');
			expect((await store.records.listExperiments()).map((record) => record.id)).toEqual(['e2']);
			expect(await store.records.listRows('e')).toEqual([]);
			expect(await store.records.getPreviews('e', 'dice-s1', 1)).toEqual([]);
			expect(await store.records.getCheckpoint('e', 'dice-s1', 'latest')).toBeUndefined();
			expect(await store.records.listRows('e2')).toHaveLength(1);
			expect(await store.records.getPreviews('e2', 'dice-s1', 1)).toHaveLength(1);
			expect((await store.records.getCheckpoint('e2', 'dice-s1', 'latest'))?.manifest.step).toBe(3);
			expect(await store.countChunks()).toBe(1);
		});
	});

	describe(`${name}: checkpoints`, () => {
		let store: StoreUnderTest;
		beforeEach(async () => {
			store = await open();
		});

		const put = (step: number, ...tags: CheckpointTag[]) => store.records.putCheckpoint(checkpoint('e', 'dice-s1', step, tags));
		const steps = async () => (await store.records.listCheckpoints('e', 'dice-s1')).map((manifest) => manifest.step);
		const stepOf = async (tag: CheckpointTag) => (await store.records.getCheckpoint('e', 'dice-s1', tag))?.manifest.step;

		test('9 MiB of weights are cut into chunks of 4 MiB, each with its SHA-256, and come back exactly', async () => {
			const large = checkpoint('e', 'dice-s1', 3, ['latest'], 9 * mebibyte + 12);
			await store.records.putCheckpoint(large);
			expect(await store.countChunks()).toBe(3);
			const chunkHashes = await Promise.all(
				[0, 4, 8].map((start) => hexSha256(large.bytes.slice(start * mebibyte, (start + 4) * mebibyte))),
			);
			const stored = await store.otherTab.getCheckpoint('e', 'dice-s1', 'latest');
			expect(stored?.manifest).toEqual({ ...large.manifest, chunkHashes });
			expect(sameNumbers(stored?.bytes, large.bytes)).toBe(true);
		});

		test('what a loss remembers comes back to the bit, and a checkpoint without it has none', async () => {
			const plain = checkpoint('e', 'dice-s1', 1, ['latest']);
			const { manifest, bytes } = checkpoint('e', 'sum-s1', 1, ['latest']);
			const lossState = { third: 1 / 3, sum: 0.1 + 0.2, smallest: 5e-324, largest: Number.MAX_VALUE };
			await store.records.putCheckpoint(plain);
			await store.records.putCheckpoint({ manifest: { ...manifest, lossState }, bytes });
			const stored = await store.otherTab.getCheckpoint('e', 'sum-s1', 'latest');
			expect(stored?.manifest.lossState).toEqual(lossState);
			expect((await store.otherTab.getCheckpoint('e', 'dice-s1', 'latest'))?.manifest).not.toHaveProperty('lossState');
		});

		test('there is no checkpoint before the first', async () => {
			expect(await store.records.getCheckpoint('e', 'dice-s1', 'latest')).toBeUndefined();
			expect(await store.records.listCheckpoints('e', 'dice-s1')).toEqual([]);
		});

		test('the two newest latest, the newest best, the final and every pinned one are kept', async () => {
			await put(1, 'latest', 'best');
			await put(2, 'latest', 'pinned');
			await put(3, 'latest');
			expect(await steps()).toEqual([1, 2, 3]);
			await put(4, 'latest', 'best');
			expect(await steps()).toEqual([2, 3, 4]);
			await put(5, 'latest');
			await put(6, 'latest', 'pinned');
			await put(7, 'latest', 'final');
			await put(8, 'latest');
			// 2 and 6 are pinned, 4 is the best, 7 the final one, 7 and 8 the latest two.
			expect(await steps()).toEqual([2, 4, 6, 7, 8]);
			expect(await store.countChunks()).toBe(5);
			expect([await stepOf('latest'), await stepOf('best'), await stepOf('final'), await stepOf('pinned')]).toEqual([8, 4, 7, 6]);
		});

		test('retention of one run leaves the other runs alone', async () => {
			await store.records.putCheckpoint(checkpoint('e', 'focal-s1', 1, ['latest']));
			for (const step of [1, 2, 3]) await put(step, 'latest');
			expect((await store.records.listCheckpoints('e', 'focal-s1')).map((manifest) => manifest.step)).toEqual([1]);
		});

		test('a damaged checkpoint is skipped for the one before it, kept, and counted', async () => {
			await put(1, 'latest');
			await put(2, 'latest');
			await store.damageNewest('e', 'dice-s1');
			expect(await stepOf('latest')).toBe(1);
			expect(await steps()).toEqual([1, 2]);
			expect((await store.records.report()).damagedRecords).toBe(1);
		});

		test('latest falls back to any intact checkpoint, whatever its tag', async () => {
			await put(1, 'best');
			await put(2, 'latest');
			await store.damageNewest('e', 'dice-s1');
			expect(await stepOf('latest')).toBe(1);
		});

		test('only damaged checkpoints are an error, not a fresh start', async () => {
			await put(1, 'latest');
			await store.damageNewest('e', 'dice-s1');
			await expect(stepOf('latest')).rejects.toMatchObject({ code: 'checkpoint-damaged' });
			expect(await stepOf('best')).toBeUndefined();
		});

		test('a damaged checkpoint takes no place among the two newest', async () => {
			await put(1, 'latest');
			await put(2, 'latest');
			await store.damageNewest('e', 'dice-s1');
			await stepOf('latest');
			await put(3, 'latest');
			expect(await steps()).toEqual([1, 2, 3]);
			await store.damageNewest('e', 'dice-s1');
			expect(await stepOf('latest')).toBe(1);
		});

		test('a checkpoint that fails after its chunks were given leaves the old state whole', async () => {
			await put(1, 'latest');
			const bad = checkpoint('e', 'dice-s1', 2, ['latest']);
			// A function cannot be stored: the manifest fails synchronously, after the chunks were put.
			const manifest = Object.assign({}, bad.manifest, { note: () => 'not data' });
			await expect(store.records.putCheckpoint({ ...bad, manifest })).rejects.toThrow();
			expect(await steps()).toEqual([1]);
			expect(await store.countChunks()).toBe(1);
			expect(await stepOf('latest')).toBe(1);
		});

		test('a tensor outside the bytes is refused', async () => {
			const bad = checkpoint('e', 'dice-s1', 1, ['latest'], 60);
			await expect(store.records.putCheckpoint(bad)).rejects.toThrow('outside its bytes');
		});
	});

	describe(`${name}: models and settings`, () => {
		let store: StoreUnderTest;
		beforeEach(async () => {
			store = await open();
		});

		test('models come back exactly, newest first, and go when deleted', async () => {
			const model = (id: string, createdAt: number) => ({
				version: 1 as const,
				id,
				name: `${id}.zip`,
				createdAt,
				zip: noise(100, createdAt),
			});
			await store.records.putModel(model('m1', 1));
			await store.records.putModel(model('m2', 2));
			expect(await store.records.listModels()).toEqual([model('m2', 2), model('m1', 1)]);
			expect(await store.otherTab.getModel('m1')).toEqual(model('m1', 1));
			await store.records.deleteModel('m1');
			expect(await store.records.getModel('m1')).toBeUndefined();
			expect((await store.records.listModels()).map(({ id }) => id)).toEqual(['m2']);
		});

		test('settings are remembered by key', async () => {
			await store.records.putSetting('opacity', 0.45);
			await store.records.putSetting('__proto__', true);
			expect(await store.otherTab.getSetting('opacity')).toBe(0.45);
			expect(await store.records.getSetting('__proto__')).toBe(true);
			expect(await store.records.getSetting('toString')).toBeUndefined();
		});

		test('the report counts what is stored and finds nothing damaged', async () => {
			await store.records.putCheckpoint(checkpoint('e', 'dice-s1', 1, ['latest'], 1000));
			const report = await store.records.report();
			expect(report.usedBytes).toBeGreaterThanOrEqual(1000);
			expect(report.damagedRecords).toBe(0);
		});
	});
}

/** Element by element, because a failed deep comparison of megabytes would print them. */
function sameNumbers(a: ArrayLike<number> | undefined, b: ArrayLike<number>): boolean {
	return a !== undefined && a.length === b.length && Array.prototype.every.call(a, (value, index) => value === b[index]);
}
