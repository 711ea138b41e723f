import { beforeEach, describe, expect, it } from 'vitest';
import type { Records } from '#lib/core/records.ts';
import type { ExperimentRecord } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import type { Prediction } from '#lib/core/trainer.ts';
import { buildDataset } from '#lib/importers/build-dataset.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { experiment } from '#lib/storage/testing/records-fixtures.ts';
import { Datasets } from './datasets.svelte.ts';
import { MaskEditing } from './mask-editing.svelte.ts';
import type { ModelChoice } from './model-library.ts';

const scheme = {
	kind: 'values',
	classes: [
		{ name: 'background', values: [0] },
		{ name: 'cell', values: [200, 201] },
	],
	ignore: [],
} as const;
const image = { width: 2, height: 1, channels: 1, maxValue: 255, data: Uint8Array.of(10, 20) };
const first = { width: 2, height: 1, data: Uint8Array.of(201, 0) };

/** The data set that opening the files with these masks gives. */
const built = (masks: readonly Uint8Array[]) =>
	buildDataset({
		name: 'cells',
		source: { kind: 'files' },
		scheme,
		samples: masks.map((data, index) => ({
			id: String(index),
			name: `${index}.png`,
			path: `${index}.png`,
			maskPath: '',
			read: () => Promise.resolve({ image, mask: { width: 2, height: 1, data } }),
		})),
	});

describe('editing a mask', () => {
	let records: Records;
	let datasets: Datasets;
	let editing: MaskEditing;
	let origin: DatasetMeta;
	let prediction: Pick<Prediction, 'kind' | 'data'>;

	const storeExperimentOn = (id: string, { id: datasetId, fingerprint }: DatasetMeta): Promise<void> => {
		const record: ExperimentRecord = { ...experiment(id, ['dice-s1']), datasetId, datasetFingerprint: fingerprint };
		return records.putExperiment(record);
	};
	const paint = (at: number, classIndex: number): void => {
		editing.session?.edit.paint(classIndex, (fill) => fill(0, at, at + 1));
		editing.session?.edit.endStroke();
		editing.noteChange();
	};
	const current = (): DatasetMeta => datasets.current!;
	const maskInUse = async (): Promise<number[]> => [...(await records.getMask(current().id, '0'))!.data];

	beforeEach(async () => {
		records = memoryRecords('a test');
		const { meta, pixels } = await built([first.data, first.data]);
		await records.putDataset(meta, pixels);
		origin = meta;
		datasets = new Datasets(records);
		await datasets.load();
		await datasets.open(meta.id);
		prediction = { kind: 'binary', data: Uint8Array.of(127, 128) };
		editing = new MaskEditing({
			records,
			datasets,
			trainer: { predict: () => Promise.resolve({ width: 2, height: 1, scheme, elapsedMs: 0, ...prediction }) },
			backend: () => 'auto',
			thresholdLevel: () => 128,
		});
		await editing.open(meta, '0');
	});

	it('saves a version beside the first mask; pixels that keep their class keep their value', async () => {
		expect(editing.unsaved).toBe(false);
		paint(1, 1);
		expect(editing.unsaved).toBe(true);
		await editing.save();
		expect([editing.error, editing.unsaved]).toEqual([null, false]);
		expect(await maskInUse()).toEqual([201, 200]);
		expect([...(await records.getMask(origin.id, '0'))!.data]).toEqual([201, 0]);
		expect(editing.versions).toMatchObject([
			{
				beganFrom: 'the first mask',
				valueCounts: [
					[200, 1],
					[201, 1],
				],
			},
		]);
		expect(editing.inUse).toBe(editing.versions[0]?.id);
	});

	it('has the fingerprint that the same files would have, and that of the first after going back', async () => {
		paint(1, 1);
		await editing.save();
		expect(current().fingerprint).toBe((await built([Uint8Array.of(201, 200), first.data])).meta.fingerprint);
		await editing.use(null);
		expect(current()).toEqual(origin);
		expect(await maskInUse()).toEqual([201, 0]);
	});

	it('finds the hashes of a data set of an older version, which has none', async () => {
		await datasets.remove(origin.id);
		const { meta, pixels } = await built([first.data, first.data]);
		await records.putDataset({ ...meta, samples: meta.samples.map(({ hash: _hash, ...sample }) => sample) }, pixels);
		await datasets.load();
		await datasets.open(meta.id);
		await editing.open(current(), '0');
		paint(1, 1);
		await editing.save();
		expect(current().fingerprint).toBe((await built([Uint8Array.of(201, 200), first.data])).meta.fingerprint);
	});

	it('keeps the data set that an experiment was made with, and forgets the others but for their masks', async () => {
		paint(1, 1);
		await editing.save();
		const trained = current();
		await storeExperimentOn('e', trained);
		paint(0, 0);
		await editing.save();
		const unused = current();
		paint(1, 0);
		await editing.save();
		expect(datasets.list.map(({ id }) => id).sort()).toEqual([current().id, trained.id, origin.id].sort());
		expect(await records.getDataset(unused.id)).toBeUndefined();
		expect([...(await records.getMask(trained.id, '0'))!.data]).toEqual([201, 200]);
		expect(editing.versions).toHaveLength(3);
		await editing.use(editing.versions[0]!);
		expect(current().id).toBe(trained.id);
	});

	it('keeps the names of the classes when it goes back', async () => {
		paint(1, 1);
		await editing.save();
		const renamed = { ...scheme, classes: [scheme.classes[0], { ...scheme.classes[1], name: 'nucleus' }] };
		await datasets.setScheme(current().id, renamed);
		await editing.open(current(), '0');
		await editing.use(null);
		expect(current().scheme).toEqual(renamed);
	});

	it('begins from a prediction at the threshold, and remembers it with the version', async () => {
		const model = { name: 'Dice', detail: 'seed 1 · best, epoch 3', ref: { kind: 'model', modelId: 'm' } } as ModelChoice;
		await editing.beginFrom(model);
		expect([...editing.session!.edit.classes]).toEqual([0, 1]);
		await editing.save();
		expect(editing.versions[0]?.beganFrom).toBe('the prediction of Dice, seed 1 · best, epoch 3');
		prediction = { kind: 'classes', data: Uint8Array.of(1, 1) };
		await editing.beginFrom(model);
		expect([...editing.session!.edit.classes]).toEqual([1, 1]);
		await editing.beginFrom('nothing');
		expect([...editing.session!.edit.classes]).toEqual([0, 0]);
		await editing.beginFrom('first');
		expect([...editing.session!.edit.classes]).toEqual([1, 0]);
	});

	it('keeps the strokes when they cannot be stored', async () => {
		paint(1, 1);
		await records.deleteDataset(origin.id);
		await editing.save();
		expect(editing.error).toMatchObject({ code: 'dataset-missing' });
		expect([...editing.session!.edit.classes]).toEqual([1, 1]);
		expect(editing.unsaved).toBe(true);
	});
});
