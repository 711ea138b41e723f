import { describe, expect, it } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { defaultSpec } from '#lib/core/experiment.ts';
import type { CheckpointManifest, Records } from '#lib/core/records.ts';
import type { ExperimentRecord, RunRecord } from '#lib/core/run.ts';
import type { DatasetMeta, LabelScheme } from '#lib/core/sample.ts';
import type { PredictOptions, Prediction } from '#lib/core/trainer.ts';
import { encodePng } from '#lib/importers/png-encode.ts';
import { decodePng } from '#lib/importers/png.ts';
import { tiff } from '#lib/importers/tiff.ts';
import { openZip } from '#lib/importers/zip.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { colourPng, maskPng, maskTiff, probabilityPng, safeName, stemOf, uniqueNames } from './mask-files.ts';
import { PredictionFiles } from './prediction-files.svelte.ts';
import { Predictions } from './predictions.svelte.ts';

const classes = (...names: string[]): LabelScheme => ({
	kind: 'values',
	classes: names.map((name, value) => ({ name, values: [value] })),
	ignore: [],
});
const prediction = (kind: Prediction['kind'], data: readonly number[], scheme = classes('background', 'cell')): Prediction => ({
	kind,
	width: data.length,
	height: 1,
	data: Uint8Array.from(data),
	scheme,
	elapsedMs: 1,
});
const greys = (index: number) => [index * 10, index * 10 + 1, index * 10 + 2] as const;

describe('mask files', () => {
	it('holds 255 from the threshold level on and 0 below it', () => {
		const { header, palette, samples } = decodePng(maskPng(prediction('binary', [0, 127, 128, 129, 255]), 128, greys));
		expect(header).toMatchObject({ width: 5, height: 1, channels: 1, bitDepth: 8 });
		expect(palette).toBeNull();
		expect([...samples]).toEqual([0, 0, 255, 255, 255]);
	});

	it('holds class indices with their colours when there are several classes', () => {
		const several = prediction('classes', [0, 2, 1, 2], classes('background', 'a', 'b'));
		const { palette, samples } = decodePng(maskPng(several, 128, greys));
		expect([...samples]).toEqual([0, 2, 1, 2]);
		expect([...(palette ?? [])]).toEqual([0, 1, 2, 10, 11, 12, 20, 21, 22]);
		expect(probabilityPng(several)).toBeNull();
	});

	it('holds the same values as a TIFF', async () => {
		const stored = async (file: Uint8Array<ArrayBuffer>) => [...(await tiff.readLabels(file, {})).data];
		expect(await stored(maskTiff(prediction('binary', [0, 127, 128, 255]), 128))).toEqual([0, 0, 255, 255]);
		expect(await stored(maskTiff(prediction('classes', [0, 2, 1], classes('background', 'a', 'b')), 128))).toEqual([0, 2, 1]);
	});

	it('paints the class of each pixel in its colour', () => {
		const several = prediction('classes', [2, 0], classes('background', 'a', 'b'));
		expect([...decodePng(colourPng(several, 128, greys)).samples]).toEqual([20, 21, 22, 0, 1, 2]);
		expect([...decodePng(colourPng(prediction('binary', [127, 128]), 128, greys)).samples]).toEqual([0, 1, 2, 10, 11, 12]);
	});

	it('keeps probability levels as they are', () => {
		const png = probabilityPng(prediction('binary', [0, 1, 200, 255]));
		expect([...decodePng(png ?? new Uint8Array()).samples]).toEqual([0, 1, 200, 255]);
	});
});

describe('file names', () => {
	it.each([
		['scans/2024/cell 7.tif', 'cell 7'],
		['a.b.png', 'a.b'],
		['.hidden', 'hidden'],
		['Zelle äöü.png', 'Zelle äöü'],
		['a:b*c?.png', 'a-b-c-'],
		['..\u202e.png', '-'],
		['con.png', '_con'],
		['   .png', 'unnamed'],
	])('the mask of %j is called %j', (path, stem) => expect(stemOf(path)).toBe(stem));

	it('never leaves a folder', () => expect(safeName('../../etc/passwd')).toBe('-..-etc-passwd'));

	it('numbers clashes and leaves names that are taken by themselves', () => {
		expect(uniqueNames(['a', 'A', 'a-2', 'b', 'a'])).toEqual(['a', 'A-3', 'a-2', 'b', 'a-4']);
	});
});

const run: RunRecord = {
	id: 'dice-s1',
	lossKey: 'dice',
	seed: 1,
	state: 'finished',
	step: 20,
	epoch: 2,
	best: { epoch: 1, dice: 0.5 },
	failure: null,
	weightsHash: null,
	test: null,
};

const dataset: DatasetMeta = {
	version: 1,
	id: 'd',
	name: 'Cells',
	createdAt: 0,
	source: { kind: 'files' },
	samples: [],
	scheme: classes('background', 'cell'),
	sizeBytes: 0,
	fingerprint: 'f',
};

const experiment: ExperimentRecord = {
	version: 1,
	id: 'e',
	name: 'Cells, 1 loss',
	createdAt: 1,
	datasetId: 'd',
	datasetFingerprint: 'f',
	scheme: {
		kind: 'values',
		classes: [
			{ name: 'background', values: [0] },
			{ name: 'foreground', values: [255] },
		],
		ignore: [],
	},
	spec: { ...defaultSpec, losses: [{ key: 'dice', label: 'Dice', loss: 'dice', values: {}, learningRateFactor: 1 }] },
	split: { train: [], validation: [], test: [] },
	hash: 'h',
	backend: null,
	runs: [run],
};

function manifest(step: number, epoch: number, tags: CheckpointManifest['tags']): CheckpointManifest {
	const rest = {
		createdAt: 0,
		tensors: [],
		chunkHashes: [],
		partialLosses: [],
		partialGradientNorms: [],
		epochsWithoutGain: 0,
		best: null,
	};
	return {
		version: 1,
		experimentId: 'e',
		runId: 'dice-s1',
		step,
		epoch,
		tags,
		datasetFingerprint: 'f',
		comparisonHash: 'h',
		backend: 'b',
		...rest,
	};
}

/** Records with one run that has best and last weights. */
async function trainedRecords(): Promise<Records> {
	const records = memoryRecords('a test');
	await records.putDataset(dataset, (async function* () {})());
	await records.putExperiment(experiment);
	await records.putCheckpoint({ manifest: manifest(10, 1, ['best']), bytes: new Uint8Array(4) });
	await records.putCheckpoint({ manifest: manifest(20, 2, ['latest', 'final']), bytes: new Uint8Array(4) });
	return records;
}

/** Images of four pixels, the first of which says which image it is. */
async function opened(count: number) {
	const files = Array.from({ length: count }, (_, i) => ({
		path: `scans/image ${i}.png`,
		bytes: async () => encodePng(4, 1, Uint8Array.from([i, 0, 0, 0])),
	}));
	return (await new PredictionFiles().open(files)).images;
}

/** Calls every pixel of image `i` level 100 + i. `before` runs ahead of each prediction. */
function countingTrainer(before: (asked: PredictOptions) => void = () => undefined) {
	const asked: string[] = [];
	const predict = async (options: PredictOptions): Promise<Prediction> => {
		const number = options.image.data[0] ?? 0;
		asked.push(`${options.model.kind === 'run' ? options.model.which : 'file'} ${number}`);
		before(options);
		return prediction('binary', [100 + number, 100 + number, 100 + number, 100 + number]);
	};
	return { asked, trainer: { predict, exportModel: async () => new Uint8Array(1), importModel: async () => 'm' } };
}

async function started(images: number, options: { keptBytes?: number; before?: (asked: PredictOptions) => void } = {}) {
	const records = await trainedRecords();
	const { asked, trainer } = countingTrainer(options.before);
	const kept = options.keptBytes === undefined ? {} : { keptBytes: options.keptBytes };
	const predictions = new Predictions({ records, trainer, backend: () => 'auto', ...kept });
	await predictions.loadModels();
	predictions.addImages(await opened(images));
	return { predictions, asked, records };
}

describe('predictions', () => {
	it('offers best and last weights of a run, and chooses the best at first', async () => {
		const { predictions } = await started(0);
		expect(predictions.models.map((model) => `${model.name} ${model.detail}`)).toEqual([
			'Dice seed 1 · best, epoch 1',
			'Dice seed 1 · last, epoch 2',
		]);
		expect(predictions.chosen.map((model) => model.key)).toEqual(['e/dice-s1/best']);
	});

	it('offers pinned weights beside best and last', async () => {
		const records = await trainedRecords();
		await records.putCheckpoint({ manifest: manifest(5, 0, ['pinned']), bytes: new Uint8Array(4) });
		const predictions = new Predictions({ records, trainer: countingTrainer().trainer, backend: () => 'auto' });
		await predictions.loadModels();
		expect(predictions.models.map((model) => model.detail)).toEqual([
			'seed 1 · best, epoch 1',
			'seed 1 · last, epoch 2',
			'seed 1 · pinned at step 5, epoch 0',
		]);
	});

	it('offers no model whose data set is gone, and says why', async () => {
		const { predictions, records } = await started(0);
		await records.deleteDataset('d');
		await predictions.loadModels();
		expect(predictions.models[0]?.problem).toContain('deleted');
		expect(predictions.chosen).toEqual([]);
	});

	it('predicts every image with every chosen model, the shown image first', async () => {
		const { predictions, asked } = await started(3);
		predictions.choose(['e/dice-s1/last'], true);
		predictions.show(1);
		await predictions.settled();
		// Image 0 was under way when image 1 was asked for.
		expect(asked).toEqual(['best 0', 'best 1', 'last 1', 'last 0', 'best 2', 'last 2']);
		expect(predictions.progress).toBeNull();
	});

	it('keeps no more than its bytes, and predicts a dropped image again when it is shown', async () => {
		const { predictions, asked } = await started(3, { keptBytes: 8 });
		await predictions.settled();
		expect(asked).toEqual(['best 0', 'best 1']); // 4 bytes each: then memory is full
		predictions.show(2);
		await predictions.settled();
		predictions.show(0);
		await predictions.settled();
		expect(asked).toEqual(['best 0', 'best 1', 'best 2', 'best 0']);
	});

	it('stops after the prediction under way when it is cancelled, and goes on when asked', async () => {
		const { predictions, asked } = await started(3, { before: () => asked.length === 2 && predictions.cancel() });
		await predictions.settled();
		expect(asked).toEqual(['best 0', 'best 1']);
		predictions.goOn();
		await predictions.settled();
		expect(asked).toEqual(['best 0', 'best 1', 'best 2']);
	});

	it('tells the failure of one image and predicts the others', async () => {
		const broken = new AppError('model-mismatch', { reason: 'no' });
		const { predictions } = await started(2, {
			before: ({ image }) => {
				if (image.data[0] === 0) throw broken;
			},
		});
		await predictions.settled();
		const [model] = predictions.chosen;
		const states = predictions.images.map((image) => model && predictions.outcome(image, model));
		expect(states).toMatchObject([{ state: 'failed', error: broken }, { state: 'done' }]);
	});

	it('asks once more when a worker ended under it', async () => {
		let ended = false;
		const { predictions, asked } = await started(1, {
			before: () => {
				if (ended) return;
				ended = true;
				throw new AppError('cancelled');
			},
		});
		await predictions.settled();
		expect(asked).toEqual(['best 0', 'best 0']);
		expect(predictions.chosen.map((model) => predictions.outcome(predictions.images[0]!, model).state)).toEqual(['done']);
	});

	it('packs one mask per image and model under the images’ own names, at the threshold', async () => {
		const { predictions } = await started(2);
		predictions.choose(['e/dice-s1/last'], true);
		predictions.thresholdLevel = 101;
		const { archive, masks: count, failures } = await predictions.archive('masks', greys);
		expect({ count, failures }).toEqual({ count: 4, failures: [] });
		const contents = await openZip('z', new Uint8Array(await archive.arrayBuffer()));
		const masks = await Promise.all(contents.files.map(async (file) => [file.path, [...decodePng(await file.bytes()).samples]]));
		expect(masks).toEqual([
			['z/Dice, seed 1, best, epoch 1/image 0.png', [0, 0, 0, 0]],
			['z/Dice, seed 1, last, epoch 2/image 0.png', [0, 0, 0, 0]],
			['z/Dice, seed 1, best, epoch 1/image 1.png', [255, 255, 255, 255]],
			['z/Dice, seed 1, last, epoch 2/image 1.png', [255, 255, 255, 255]],
		]);
	});

	it('packs one COCO document per model, at the threshold, with an annotation for each connected part', async () => {
		const { predictions } = await started(2);
		predictions.choose(['e/dice-s1/last'], true);
		predictions.thresholdLevel = 101;
		const { archive, masks } = await predictions.archive('runs', greys);
		expect(masks).toBe(4);
		const contents = await openZip('z', new Uint8Array(await archive.arrayBuffer()));
		expect(contents.files.map(({ path }) => path)).toEqual(['z/Dice, seed 1, best, epoch 1.json', 'z/Dice, seed 1, last, epoch 2.json']);
		for (const document of contents.files)
			expect(JSON.parse(new TextDecoder().decode(await document.bytes()))).toEqual({
				images: [
					{ id: 1, file_name: 'image 0.png', width: 4, height: 1 },
					{ id: 2, file_name: 'image 1.png', width: 4, height: 1 },
				],
				// Level 100 of the first image is below the threshold, 101 of the second is not: four pixels in one part.
				annotations: [
					{
						id: 1,
						image_id: 2,
						category_id: 1,
						iscrowd: 0,
						area: 4,
						bbox: [0, 0, 4, 1],
						segmentation: { size: [1, 4], counts: [0, 4] },
					},
				],
				categories: [{ id: 1, name: 'cell' }],
			});
	});

	it('makes no archive when it is cancelled', async () => {
		const { predictions } = await started(3, { before: () => predictions.cancel() });
		predictions.cancel();
		await expect(predictions.archive('masks', greys)).rejects.toMatchObject({ code: 'cancelled' });
		expect(predictions.saving).toBeNull();
	});
});

describe('files opened for a prediction', () => {
	const mask = encodePng(4, 1, Uint8Array.from([0, 0, 1, 1]));
	const picture = encodePng(4, 1, Uint8Array.from([9, 8, 7, 6]));
	const file = (path: string, bytes: Uint8Array<ArrayBuffer>) => ({ path, bytes: async () => bytes });

	it('takes images with and without masks in the order of their numbers, and no masks', async () => {
		const files = new PredictionFiles();
		const { images } = await files.open([
			file('set/images/c10.png', picture),
			file('set/images/c2.png', picture),
			file('set/masks/c2.png', mask),
			file('set/notes.txt', new TextEncoder().encode('hello')),
		]);
		expect(images.map((image) => image.path)).toEqual(['set/images/c2.png', 'set/images/c10.png']);
		expect(files.leftOut.map((left) => left.path).sort()).toEqual(['set/masks/c2.png', 'set/notes.txt']);
		expect([...((await images[0]?.read())?.data ?? [])]).toEqual([9, 8, 7, 6]);
	});

	it('takes an image whose mask does not fit', async () => {
		const small = encodePng(2, 1, Uint8Array.from([0, 1]));
		const files = new PredictionFiles();
		const { images } = await files.open([file('s/images/a.png', picture), file('s/masks/a.png', small)]);
		expect(images.map((image) => image.path)).toEqual(['s/images/a.png']);
	});

	it('decodes an image once for several models in a row', async () => {
		let reads = 0;
		const files = new PredictionFiles();
		const counted = { path: 'a.png', bytes: async () => (reads++, picture) };
		const { images } = await files.open([counted]);
		const before = reads;
		await images[0]?.read();
		await images[0]?.read();
		expect(reads - before).toBe(1);
	});
});
