import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ignoredClass, type DatasetMeta, type LabelScheme, type SamplePixels } from '#lib/core/sample.ts';
import { buildDataset } from '#lib/importers/build-dataset.ts';
import type { OpenedFile } from '#lib/importers/opened-file.ts';
import { decodePng } from '#lib/importers/png.ts';
import { scanFiles } from '#lib/importers/open-files.ts';
import { classLookup, toClassMap } from '#lib/pixels/labels.ts';
import { labelMap, raster } from '#lib/storage/testing/records-fixtures.ts';
import { datasetArchive, savedNames, type SaveOptions } from './dataset-archive.ts';
import { columnRuns } from './coco-masks.ts';
import { cocoMasks, maskPngs } from './mask-exports.ts';

interface Named extends SamplePixels {
	readonly path: string;
}

const values: LabelScheme = {
	kind: 'values',
	// The order is not that of the values, one class has two, one has a colour, one never occurs, and a value is in no class.
	classes: [
		{ name: 'ground', values: [3] },
		{ name: 'cell', colour: '#12ab34', values: [7, 1] },
		{ name: 'background', values: [0] },
		{ name: 'never', values: [200] },
	],
	ignore: [5],
};

const digits = (width: number, ...rows: number[]): SamplePixels['mask'] => ({
	width,
	height: rows.length / width,
	data: Uint8Array.from(rows),
});
const mask = digits(4, 0, 3, 3, 7, 0, 1, 5, 7, 0, 0, 9, 3);

const sample = (path: string, channels: number, bits: 8 | 16, seed: number, labels = mask): Named => ({
	path,
	image: raster(labels.width, labels.height, channels, bits, seed),
	mask: labels,
});

async function setOf(named: readonly Named[], scheme: LabelScheme): Promise<{ dataset: DatasetMeta; read: SaveOptions['read'] }> {
	const samples = named.map(({ path, ...pixels }, index) => ({
		id: String(index),
		name: path.slice(path.lastIndexOf('/') + 1),
		path,
		maskPath: '',
		read: async () => pixels,
	}));
	const { meta } = await buildDataset({ name: 'set', source: { kind: 'files' }, scheme, samples });
	return { dataset: meta, read: async (id) => named[Number(id)] ?? null };
}

const rest = {
	colourOf: (index: number): readonly [number, number, number] => [index, 10 * index, 255 - index],
	signal: new AbortController().signal,
	onProgress: () => undefined,
};

const fileOf = (path: string, blob: Blob): OpenedFile => ({ path, bytes: async () => new Uint8Array(await blob.arrayBuffer()) });
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

/** Saves a set, opens the archive as a person would, and takes what is proposed. */
async function reopened(named: readonly Named[], scheme: LabelScheme) {
	const set = await setOf(named, scheme);
	const { file, renamed } = await datasetArchive({ ...set, ...rest });
	const proposal = await scanFiles([fileOf('set.zip', file)]);
	expect([proposal.problems, proposal.unmatchedImages, proposal.unmatchedMasks, proposal.questions]).toEqual([[], [], [], []]);
	const back = proposal.samples();
	const again: Named[] = [];
	for (const source of back) again.push({ path: source.path, ...(await source.read()) });
	return { set, file, renamed, proposal, again };
}

const stored = (named: readonly Named[]) => named.map(({ image, mask: labels }) => ({ image, mask: labels }));

describe('a saved data set', () => {
	const mixed = [
		sample('a/1.tif', 1, 8, 1),
		sample('a/2.tif', 2, 16, 2),
		sample('a/3.tif', 3, 8, 3),
		sample('a/4.tif', 4, 16, 4),
		sample('a/5.tif', 5, 16, 5),
		sample('a/6.tif', 7, 8, 6),
	];

	it('opens again with the same classes and the same stored pixels, whatever channels and bits', async () => {
		const { proposal, again } = await reopened(mixed, values);
		expect(proposal.labels?.scheme).toEqual(values);
		expect(stored(again)).toEqual(stored(mixed));
	});

	it('knows which picture its tiles are of', async () => {
		const { dataset, read } = await setOf([sample('s (tile 1-1).tif', 1, 8, 1), sample('s (tile 1-2).tif', 1, 8, 2), mixed[0]!], values);
		const samples = dataset.samples.map((meta, index) => (index < 2 ? { ...meta, tileOf: 'slides/s.tif' } : meta));
		const { file } = await datasetArchive({ dataset: { ...dataset, samples }, read, ...rest });
		const back = (await scanFiles([fileOf('set.zip', file)])).samples();
		expect(back.map(({ tileOf }) => tileOf)).toEqual([undefined, 'slides/s.tif', 'slides/s.tif']);
	});

	it('keeps a threshold, also an inverted one, and 16-bit masks', async () => {
		const scheme: LabelScheme = {
			kind: 'threshold',
			threshold: 300,
			inverted: true,
			classes: [{ name: 'light' }, { name: 'dark', colour: '#000080' }],
			ignore: [65535],
		};
		const deep = [1, 2, 3].map((number) => sample(`${number}.png`, 1, 8, number, labelMap(9, 7, 16, 10 + number)));
		const { proposal, again } = await reopened(deep, scheme);
		expect(proposal.labels?.scheme).toEqual(scheme);
		expect(stored(again)).toEqual(stored(deep));
	});

	it('makes the same bytes again, also when what was opened is saved', async () => {
		const { set, file, again } = await reopened(mixed, values);
		const bytes = await bytesOf(file);
		expect(await bytesOf((await datasetArchive({ ...set, ...rest })).file)).toEqual(bytes);
		const second = await setOf(again, values);
		expect(await bytesOf((await datasetArchive({ ...second, ...rest })).file)).toEqual(bytes);
	});

	it('resolves names that meet or that no disk takes, and says so', async () => {
		const named = ['b/x.png', 'a/X.tif', 'con.png', 'q?.png', 'a%20b.png', 'a b.png'].map((path, index) => sample(path, 1, 8, index));
		const { set, renamed, again } = await reopened(named, values);
		expect(renamed).toEqual([
			{ name: 'X.tif', as: 'X-2' },
			{ name: 'con.png', as: '_con' },
			{ name: 'q?.png', as: 'q-' },
		]);
		const order = savedNames(set.dataset).map(({ id }) => Number(id));
		expect(stored(again)).toEqual(stored(order.map((index) => named[index]!)));
	});

	it('of a newer version is refused by name', async () => {
		const { file } = await datasetArchive({ ...(await setOf(mixed, values)), ...rest });
		const text = strFromU8(unzipSync(await bytesOf(file))['labels.json']!);
		const labels = text.replace('"version": 1', '"version": 2');
		expect(labels).not.toBe(text);
		const proposal = await scanFiles([fileOf('labels.json', new Blob([labels]))]);
		expect(proposal.problems[0]).toMatchObject({
			code: 'description-unreadable',
			facts: { reason: 'has version 2; this app reads version 1' },
		});
	});

	it('is not saved in part: pixels that are gone, or a person who cancels, stop it', async () => {
		const { dataset } = await setOf(mixed, values);
		await expect(datasetArchive({ dataset, read: async () => null, ...rest })).rejects.toMatchObject({ code: 'dataset-missing' });
		const signal = AbortSignal.abort();
		await expect(datasetArchive({ dataset, read: async () => mixed[0]!, ...rest, signal })).rejects.toMatchObject({ code: 'cancelled' });
	});
});

describe('masks alone', () => {
	const named = [sample('1.png', 1, 8, 1), sample('2.png', 1, 8, 2)];
	const classesOf = (labels: SamplePixels['mask'], scheme: LabelScheme) => [...toClassMap(labels, classLookup(scheme))];

	/** Opens what was saved together with the images, and gives the class of every pixel. */
	async function reread(blob: Blob, name: string) {
		const { file } = await datasetArchive({ ...(await setOf(named, values)), ...rest });
		const own = await scanFiles([fileOf('set.zip', file)]);
		const images = own.pairs.map(({ imagePath }) => imagePath);
		const pictures = Object.entries(unzipSync(await bytesOf(file))).filter(([path]) => path.startsWith('images/'));
		expect(pictures).toHaveLength(images.length);
		const opened = pictures.map(([path, bytes]) => ({ path, bytes: async () => Uint8Array.from(bytes) }));
		const proposal = await scanFiles([...opened, fileOf(name, blob)]);
		const [first] = proposal.pairs;
		return { proposal, classes: classesOf((await proposal.readPair(first!)).mask, proposal.labels!.scheme) };
	}

	// Classes by hand: 3 → 0, 7 and 1 → 1, 0 → 2; 5 and 9 count nowhere.
	const expected = [2, 0, 0, 1, 2, 1, ignoredClass, 1, 2, 2, ignoredClass, 0];

	it('as class numbers hold the numbers and name the classes', async () => {
		const { file } = await maskPngs('index', { ...(await setOf(named, values)), ...rest });
		const { proposal, classes } = await reread(file, 'masks.zip');
		const names = proposal.labels!.scheme.classes.map(({ name }) => name);
		// A class called background comes first here, and one without pixels is left out.
		expect(names).toEqual(['background', 'ground', 'cell']);
		expect(classes).toEqual(expected.map((index) => (index === ignoredClass ? index : (index + 1) % 3)));
	});

	it('in colours hold the colours of the classes, white where nothing counts', async () => {
		const { file } = await maskPngs('colours', { ...(await setOf(named, values)), ...rest });
		const files = unzipSync(await bytesOf(file));
		expect(new TextDecoder().decode(files['label_colors.txt'])).toBe(
			'0 0 255 ground\n1 10 254 cell\n2 20 253 background\n3 30 252 never\n',
		);
		const { samples } = decodePng(Uint8Array.from(files['masks/1.png']!));
		const rgb = (index: number) => (index === ignoredClass ? [255, 255, 255] : rest.colourOf(index));
		expect([...samples]).toEqual(expected.flatMap((index) => [...rgb(index)]));
	});

	it('as COCO hold one annotation a connected part', async () => {
		const { file } = await cocoMasks('runs', { ...(await setOf(named, values)), ...rest });
		const { annotations, categories } = JSON.parse(await file.text());
		expect(categories).toEqual([
			{ id: 1, name: 'cell' },
			{ id: 2, name: 'background' },
			{ id: 3, name: 'never' },
			{ id: 4, name: 'ignored' },
		]);
		// Down the columns of 4 × 3: the two 7 at the upper right are pixels 9 and 10, 1 pixel comes after.
		expect(annotations).toContainEqual({
			id: 2,
			image_id: 1,
			category_id: 1,
			iscrowd: 0,
			area: 2,
			bbox: [3, 0, 1, 2],
			segmentation: { size: [3, 4], counts: [9, 2, 1] },
		});
		expect(annotations.filter((entry: { iscrowd: number }) => entry.iscrowd === 1)).toHaveLength(2);
	});

	it('as COCO read back to the class of every pixel', async () => {
		const [ground, cell, vessel] = [
			{ name: 'ground', values: [0] },
			{ name: 'cell', values: [1, 7] },
			{ name: 'vessel', values: [3] },
		];
		const scheme: LabelScheme = { kind: 'values', classes: [ground, cell, vessel], ignore: [5, 9] };
		const { file } = await cocoMasks('runs', { ...(await setOf(named, scheme)), ...rest });
		const { classes } = await reread(file, 'coco.json');
		expect(classes).toEqual([0, 2, 2, 1, 0, 1, ignoredClass, 1, 0, 0, ignoredClass, 2]);
	});
});

describe('run lengths', () => {
	it('go down the columns, and on from the foot of one to the head of the next', () => {
		const map = [1, 1, 0, 1, 1, 0];
		const box = { left: 0, top: 0, right: 3, bottom: 2 };
		expect(columnRuns(map, 1, 3, 2, box)).toEqual([0, 4, 2]);
		expect(columnRuns([0, 0, 0, 0, 1, 0], 1, 3, 2, box)).toEqual([3, 1, 2]);
		expect(columnRuns([0, 0, 0, 0, 0, 1], 1, 3, 2, box)).toEqual([5, 1]);
	});
});
