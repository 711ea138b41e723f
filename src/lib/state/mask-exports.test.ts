import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ignoredClass, type LabelMap, type LabelScheme, type Raster } from '#lib/core/sample.ts';
import { buildDataset } from '#lib/importers/build-dataset.ts';
import { scanFiles } from '#lib/importers/open-files.ts';
import type { OpenedFile } from '#lib/importers/opened-file.ts';
import { encodeSamples } from '#lib/importers/png-encode.ts';
import { classLookup, toClassMap } from '#lib/pixels/labels.ts';
import { cocoMasks, maskPngs, maskTiffs } from './mask-exports.ts';
import type { SavedSet, SaveOptions } from './dataset-archive.ts';

/** The values are not the numbers of the classes; 9 counts nowhere. */
const scheme: LabelScheme = {
	kind: 'values',
	classes: [
		{ name: 'background', values: [0] },
		{ name: 'cell', values: [5] },
		{ name: 'vessel', values: [3] },
	],
	ignore: [9],
};

/** Uses every class, so that the classes of what is opened again are those of the set. */
const every: LabelMap = { width: 4, height: 1, data: Uint8Array.of(0, 5, 3, 9) };

const imageFor = ({ width, height }: LabelMap): Raster => ({
	width,
	height,
	channels: 1,
	maxValue: 255,
	data: Uint8Array.from({ length: width * height }, (_, at) => (at * 37) % 256),
});

/** Two samples, `0.png` with every class and `1.png`. */
async function optionsFor(second: LabelMap): Promise<SaveOptions> {
	const pixels = [every, second].map((mask) => ({ image: imageFor(mask), mask }));
	const samples = pixels.map((sample, index) => ({
		id: String(index),
		name: `${index}.png`,
		path: `${index}.png`,
		maskPath: '',
		read: async () => sample,
	}));
	const { meta: dataset } = await buildDataset({ name: 'set', source: { kind: 'files' }, scheme, samples });
	return {
		dataset,
		read: async (id) => pixels[Number(id)] ?? null,
		colourOf: (index) => [index, index, index],
		signal: new AbortController().signal,
		onProgress: () => undefined,
	};
}

/** The classes of the pixels of `1.png` when the masks are opened beside the images. */
async function reopened(options: SaveOptions, name: string, { file }: SavedSet): Promise<number[]> {
	const images = await Promise.all(
		options.dataset.samples.map(async ({ id, path }): Promise<OpenedFile> => {
			const bytes = encodeSamples((await options.read(id))!.image);
			return { path: `images/${path}`, bytes: async () => bytes };
		}),
	);
	const proposal = await scanFiles([...images, { path: name, bytes: async () => new Uint8Array(await file.arrayBuffer()) }]);
	expect([proposal.problems, proposal.questions, proposal.unmatchedImages]).toEqual([[], [], []]);
	expect(proposal.labels!.scheme.classes.map((entry) => entry.name)).toEqual(['background', 'cell', 'vessel']);
	const { mask } = await proposal.readPair(proposal.pairs.find(({ imagePath }) => imagePath === 'images/1.png')!);
	return [...toClassMap(mask, classLookup(proposal.labels!.scheme))];
}

/** Mostly one class, so that there are holes, and parts that meet at corners. */
const masks = fc
	.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }))
	.chain(([width, height]) =>
		fc
			.array(fc.constantFrom(0, 5, 5, 5, 3, 9), { minLength: width * height, maxLength: width * height })
			.map((values): LabelMap => ({ width, height, data: Uint8Array.from(values) })),
	);

/** Archives are slow to write and to open, and what is in them is drawn many times over in the tests of its writer. */
const kinds: readonly (readonly [name: string, numRuns: number, write: (options: SaveOptions) => Promise<SavedSet>])[] = [
	['class numbers.zip', 10, (options) => maskPngs('index', options)],
	['tiff masks.zip', 10, maskTiffs],
	['run lengths.json', 60, (options) => cocoMasks('runs', options)],
	['polygons.json', 60, (options) => cocoMasks('polygons', options)],
];

describe('masks for other programs', () => {
	it.each(kinds)('in “%s” open again with the class of every pixel', async (name, numRuns, write) => {
		const classOf = new Map([
			[0, 0],
			[5, 1],
			[3, 2],
			[9, ignoredClass],
		]);
		await fc.assert(
			fc.asyncProperty(masks, async (mask) => {
				const options = await optionsFor(mask);
				expect(await reopened(options, name, await write(options))).toEqual(Array.from(mask.data, (value) => classOf.get(value)));
			}),
			{ numRuns },
		);
	});

	it('as COCO polygons hold the outlines of each connected part, and ignored pixels as runs', async () => {
		// A ring of cell around vessel, a cell that touches it at a corner, and an ignored pixel.
		const rows = ['5550', '5350', '5550', '0095'].join('');
		const { file } = await cocoMasks('polygons', await optionsFor({ width: 4, height: 4, data: Uint8Array.from(rows, Number) }));
		const { annotations } = JSON.parse(await file.text());
		expect(annotations.filter((entry: { image_id: number }) => entry.image_id === 2)).toMatchObject([
			{
				category_id: 1,
				iscrowd: 0,
				area: 9,
				bbox: [0, 0, 4, 4],
				segmentation: [
					[3, 0, 3, 3, 0, 3, 0, 1, 1, 1, 1, 2, 2, 2, 2, 1, 0, 1, 0, 0],
					[4, 3, 4, 4, 3, 4, 3, 3],
				],
			},
			{ category_id: 2, iscrowd: 0, area: 1, bbox: [1, 1, 1, 1], segmentation: [[2, 1, 2, 2, 1, 2, 1, 1]] },
			// Down the columns of four: two, and three of the third column, come before.
			{ category_id: 3, iscrowd: 1, area: 1, segmentation: { size: [4, 4], counts: [11, 1, 4] } },
		]);
	});
});
