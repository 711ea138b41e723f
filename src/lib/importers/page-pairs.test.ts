import { describe, expect, test } from 'vitest';
import type { OpenedFile } from './opened-file.ts';
import type { ImportProposal } from './proposal.ts';
import { file, image, json, mask, open, placesOf } from './testing.ts';
import { npyFile } from './testing/npy-file.ts';
import { directoryOf, greyTiff, type TiffPage, tiffPages } from './testing/tiff-file.ts';

const row = (values: readonly number[]): TiffPage => [greyTiff(values.length, 1, 8), [Uint8Array.from(values)]];

/** A TIFF with a page for each row. */
const stack = (path: string, ...rows: readonly (readonly number[])[]): OpenedFile => file(path, tiffPages(rows.map(row)));

/** Three images, and masks that mark the first, the second and the third pixel. */
const images = [
	[10, 20, 30],
	[40, 50, 60],
	[70, 80, 90],
] as const;
const masks = [
	[1, 0, 0],
	[0, 1, 0],
	[0, 0, 1],
] as const;

async function pixelsOf(proposal: ImportProposal): Promise<Record<string, readonly (readonly number[])[]>> {
	const entries = proposal.pairs.map(async (pair) => {
		const pixels = await proposal.readPair(pair);
		return [`${pair.imagePath} + ${pair.maskPaths.join(' + ')}`, [[...pixels.image.data], [...pixels.mask.data]]] as const;
	});
	return Object.fromEntries(await Promise.all(entries));
}

const pathsOf = (files: readonly { readonly path: string }[]): string[] => files.map(({ path }) => path);

describe('files of several pages', () => {
	test.each([
		['images/a.tif', 'masks/a.tif'],
		['a.tif', 'a_mask.tif'],
		['train-volume.tif', 'train-labels.tif'],
	])('%s and %s are paired page by page', async (imagePath, maskPath) => {
		const proposal = await open([stack(imagePath, ...images), stack(maskPath, ...masks)]);
		const [imageStem, maskStem] = [imagePath.slice(0, -4), maskPath.slice(0, -4)];
		expect(await pixelsOf(proposal)).toEqual({
			[`${imageStem} (page 1).tif + ${maskStem} (page 1).tif`]: [images[0], masks[0]],
			[`${imageStem} (page 2).tif + ${maskStem} (page 2).tif`]: [images[1], masks[1]],
			[`${imageStem} (page 3).tif + ${maskStem} (page 3).tif`]: [images[2], masks[2]],
		});
		expect(proposal.pairs[1]?.rule).toMatch(/ Picture 2 of each\.$/u);
		expect(proposal.samples()[1]).toMatchObject({
			path: `${imageStem} (page 2).tif`,
			name: `${imageStem.slice(imageStem.lastIndexOf('/') + 1)} (page 2).tif`,
			maskPath: `${maskStem} (page 2).tif`,
		});
	});

	test('are in the order of their pages, ten and more', async () => {
		const many = Array.from({ length: 12 }, (_, i) => [i, i + 1]);
		const proposal = await open([stack('images/a.tif', ...many), stack('masks/a.tif', ...many.map((_, i) => [i % 2, 1]))]);
		expect(proposal.pairs.map(({ imagePath }) => imagePath)).toEqual(
			Array.from({ length: 12 }, (_, i) => `images/a (page ${i < 9 ? '0' : ''}${i + 1}).tif`),
		);
	});

	test('may be a TIFF and a NumPy array', async () => {
		const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (3, 1, 3, 1), }";
		const proposal = await open([stack('images/a.tif', ...images), file('masks/a.npy', npyFile(header, Uint8Array.from(masks.flat())))]);
		expect(Object.values(await pixelsOf(proposal))).toEqual(images.map((values, i) => [values, masks[i]]));
	});

	test('are not guessed at where their numbers of pages differ', async () => {
		const files = [
			stack('images/a.tif', ...images),
			stack('masks/a.tif', ...masks.slice(1)),
			image('images/b.png'),
			mask('masks/b.png', ['011000', '000000', '000000', '000000']),
		];
		const proposal = await open(files);
		expect(pathsOf(proposal.pairs.map(({ imagePath }) => ({ path: imagePath })))).toEqual(['images/b.png']);
		expect(pathsOf(proposal.unmatchedImages)).toEqual(['images/a (page 1).tif', 'images/a (page 2).tif', 'images/a (page 3).tif']);
		expect(pathsOf(proposal.unmatchedMasks)).toEqual(['masks/a (page 1).tif', 'masks/a (page 2).tif']);
		expect(proposal.notes).toEqual([
			'“images/a.tif” is 3 pages or tiles, but “masks/a.tif” is 2 pages or tiles. They belong together one to one, so none was paired; open files with as many as each other, or pair single ones by hand.',
		]);
		expect(proposal.questions.map(({ options }) => options[0]?.count)).toEqual([3]);
	});

	test('keep their other pages in pairs when one is paired by hand', async () => {
		const files = [stack('images/a.tif', ...images), stack('masks/a.tif', ...masks)];
		const manualPairs = [{ imagePath: 'images/a (page 1).tif', maskPaths: ['masks/a (page 2).tif'] }];
		const proposal = await open(files, { manualPairs });
		expect(await pixelsOf(proposal)).toEqual({
			'images/a (page 1).tif + masks/a (page 2).tif': [images[0], masks[1]],
			'images/a (page 3).tif + masks/a (page 3).tif': [images[2], masks[2]],
		});
		expect(pathsOf(proposal.unmatchedImages)).toEqual(['images/a (page 2).tif']);
		expect(pathsOf(proposal.unmatchedMasks)).toEqual(['masks/a (page 1).tif']);
	});

	test('have a failure for each page that cannot be read, and the other pages are used', async () => {
		const fax: TiffPage = [greyTiff(3, 1, 8, [259, 3, [4]]), [new Uint8Array(3)]];
		const files = [file('images/a.tif', tiffPages([row(images[0]), fax, row(images[2])])), stack('masks/a.tif', ...masks)];
		const proposal = await open(files);
		expect(Object.keys(await pixelsOf(proposal))).toEqual([
			'images/a (page 1).tif + masks/a (page 1).tif',
			'images/a (page 3).tif + masks/a (page 3).tif',
		]);
		expect(proposal.problems).toMatchObject([
			{ paths: ['images/a (page 2).tif', 'masks/a (page 2).tif'], code: 'format-unsupported', facts: { path: 'images/a (page 2).tif' } },
		]);
	});

	test('alone are images, each by itself', async () => {
		const proposal = await open([stack('a.tif', ...images)]);
		expect(pathsOf(proposal.unmatchedImages)).toEqual(['a (page 1).tif', 'a (page 2).tif', 'a (page 3).tif']);
		expect([...(await proposal.readImage('a (page 3).tif')).data]).toEqual(images[2]);
	});

	test('get no shapes, as annotations do not say on which page they are', async () => {
		const coco = {
			images: [{ id: 1, file_name: 'a.tif', width: 3, height: 1 }],
			categories: [{ id: 1, name: 'cell' }],
			annotations: [{ id: 1, image_id: 1, category_id: 1, iscrowd: 0, segmentation: [[0, 0, 2, 0, 2, 1, 0, 1]] }],
		};
		const proposal = await open([stack('a.tif', ...images), json('coco.json', coco)]);
		expect(proposal.pairs).toEqual([]);
		expect(pathsOf(proposal.unmatchedImages)).toHaveLength(3);
		expect(proposal.notes.join()).toContain('“a.tif” is 3 pages or tiles, and “coco.json” does not say which one its shapes are on.');
	});

	test('are exchanged like other files', async () => {
		const proposal = await open([stack('images/a.tif', ...images), stack('masks/a.tif', ...masks)], { exchanged: true });
		expect(proposal.pairs.map(({ imagePath, maskPaths }) => [imagePath, ...maskPaths])).toContainEqual([
			'masks/a (page 2).tif',
			'images/a (page 2).tif',
		]);
	});

	test('that are damaged as a whole are named as a whole', async () => {
		const pages = images.map(row);
		const loop = file('images/a.tif', tiffPages(pages, {}, directoryOf(pages, 0)));
		const proposal = await open([loop, stack('masks/a.tif', ...masks)]);
		expect(proposal.problems).toMatchObject([{ paths: ['images/a.tif'], code: 'image-unreadable' }]);
		expect(proposal.notes).toEqual([]);
		expect(placesOf(proposal)).toEqual(['images/a.tif', 'masks/a (page 1).tif', 'masks/a (page 2).tif', 'masks/a (page 3).tif']);
	});

	test('leave out thumbnails, which is said once for all files', async () => {
		const small: TiffPage = [greyTiff(1, 1, 8, [254, 4, [1]]), [Uint8Array.of(0)]];
		const withThumbnail = (path: string, values: readonly number[]) => file(path, tiffPages([row(values), small]));
		const proposal = await open([
			withThumbnail('images/a.tif', images[0]),
			withThumbnail('images/b.tif', images[1]),
			withThumbnail('masks/a.tif', masks[0]),
			withThumbnail('masks/b.tif', masks[1]),
		]);
		expect(proposal.pairs.map(({ imagePath }) => imagePath)).toEqual(['images/a.tif', 'images/b.tif']);
		expect(proposal.notes).toEqual(['“images/a.tif” and 3 more: One of its pages is a thumbnail and is left out.']);
	});

	test('never take the path of another file', async () => {
		const files = [image('images/a (page 1).tif', 3, 1), stack('images/a.tif', ...images)];
		expect((await open(files)).problems).toMatchObject([
			{ paths: ['images/a.tif'], facts: { reason: 'has pages that are called like other opened files' } },
		]);
		const reversed = await open([...files].reverse());
		expect(reversed.ignored).toEqual([{ path: 'images/a (page 1).tif', reason: 'Another file of the same path was opened.' }]);
		expect([...(await reversed.readImage('images/a (page 1).tif')).data]).toEqual(images[0]);
	});

	test('are read from the disk once for all their pages', async () => {
		let reads = 0;
		const counted = (opened: OpenedFile): OpenedFile => ({
			path: opened.path,
			bytes: () => {
				reads++;
				return opened.bytes();
			},
		});
		const proposal = await open([stack('images/a.tif', ...images), stack('masks/a.tif', ...masks)].map(counted));
		for (const pair of proposal.pairs) await proposal.readPair(pair);
		// Once to look at each, once more to keep it.
		expect(reads).toBe(4);
	});
});
