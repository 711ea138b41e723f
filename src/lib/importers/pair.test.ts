import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairFiles, type Pairing } from './pair.ts';

const data = join(process.env.OVERLAP_SHARED ?? '../shared', 'data');

function picturesIn(folder: string): string[] {
	return readdirSync(join(data, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && /\.(png|jpg|bmp|gif|tif)$/u.test(entry.name))
		.map((entry) => relative(data, join(entry.parentPath, entry.name)));
}

/** image → masks, with the folders that all share cut off. */
function joined(pairing: Pairing): Record<string, string> {
	return Object.fromEntries(pairing.pairs.map((pair) => [pair.imagePath, pair.maskPaths.join(' + ')]));
}

/** Every path that appears in the result, once per appearance. */
function allPaths(pairing: Pairing): string[] {
	return [
		...pairing.pairs.flatMap((pair) => [pair.imagePath, ...pair.maskPaths]),
		...[...pairing.unmatchedImages, ...pairing.unmatchedMasks, ...pairing.setAside].map((file) => file.path),
	];
}

function sameStem(pairing: Pairing): boolean {
	const stem = (path: string) => path.replace(/^.*\//u, '').replace(/\.\w+$/u, '');
	return pairing.pairs.every((pair) => pair.maskPaths.every((mask) => stem(mask) === stem(pair.imagePath)));
}

describe.skipIf(!existsSync(data))('real data sets (skipped where the shared data are missing)', () => {
	test.each([
		['wbc', 120],
		['isbi2012', 24],
		['magnetic-tile/MT_Blowhole/Imgs', 115],
		['magnetic-tile', 139],
		['CamVid', 31],
		['sandstone', 3],
	])('%s: all of its %i pairs by their names, nothing left over', (folder, count) => {
		const pairing = pairFiles(picturesIn(folder));
		expect(pairing.pairs).toHaveLength(count);
		expect(sameStem(pairing)).toBe(true);
		expect(pairing).toMatchObject({ unmatchedImages: [], unmatchedMasks: [], setAside: [], questions: [] });
		expect(pairing.pairs.flatMap((pair) => pair.warnings)).toEqual([]);
	});

	test('CamVid: every mask is in the folder of its own part', () => {
		for (const { imagePath, maskPaths } of pairFiles(picturesIn('CamVid')).pairs) {
			expect(maskPaths).toEqual([imagePath.replace(/\/(train|val)\//u, '/$1annot/')]);
		}
	});

	test('dsb2018: 40 images, each with all files of the folder beside it', () => {
		const files = picturesIn('dsb2018');
		const pairing = pairFiles(files);
		expect(pairing.pairs).toHaveLength(40);
		expect(pairing.pairs.flatMap((pair) => pair.maskPaths)).toHaveLength(files.length - 40);
		for (const { imagePath, maskPaths } of pairing.pairs) {
			const id = imagePath.split('/')[2];
			expect(maskPaths.every((mask) => mask.split('/')[2] === id)).toBe(true);
		}
	});

	test('cwfid: two folders look like masks, so it asks, and takes the annotations until answered', () => {
		const pairing = pairFiles(picturesIn('cwfid'));
		expect(Object.values(joined(pairing))).toEqual(['cwfid/annotations/001_annotation.png', 'cwfid/annotations/002_annotation.png']);
		const [question] = pairing.questions;
		expect(question?.options.map((option) => [option.id, option.count])).toEqual([
			['annotations|_annotation', 2],
			['masks|_mask', 2],
			['annotations|_annotation&masks|_mask', 2],
		]);
		expect(pairing.setAside.map((file) => file.path)).toEqual(['cwfid/masks/001_mask.png', 'cwfid/masks/002_mask.png']);
		expect(pairing.pairs.every((pair) => pair.warnings.length === 1)).toBe(true);

		const answered = pairFiles(picturesIn('cwfid'), { [question?.id ?? '']: 'masks|_mask' });
		expect(Object.values(joined(answered))).toEqual(['cwfid/masks/001_mask.png', 'cwfid/masks/002_mask.png']);
		expect(answered.pairs.flatMap((pair) => pair.warnings)).toEqual([]);
	});

	test('DRIVE: the manual segmentation is the mask, not the field of view', () => {
		const pairing = pairFiles(picturesIn('DRIVE'));
		expect(pairing.pairs).toHaveLength(12);
		for (const { imagePath, maskPaths } of pairing.pairs) {
			const number = /(\d+)_training/u.exec(imagePath)?.[1];
			expect(maskPaths).toEqual([`DRIVE/training/1st_manual/${number}_manual1.gif`]);
		}
		expect(pairing.setAside).toHaveLength(12);
		expect(pairing.questions).toHaveLength(1);
	});
});

describe('conventions of other sets', () => {
	test.each([
		['Carvana', { 'train/ab_01.jpg': 'train_masks/ab_01_mask.gif', 'train/ab_02.jpg': 'train_masks/ab_02_mask.gif' }],
		['ISIC 2018', { 'ISIC2018_Task1-2_Training_Input/ISIC_1.jpg': 'ISIC2018_Task1_Training_GroundTruth/ISIC_1_segmentation.png' }],
		['ISIC 2016', { 'ISBI2016_ISIC_Part1_Training_Data/ISIC_1.jpg': 'ISBI2016_ISIC_Part1_Training_GroundTruth/ISIC_1_Segmentation.png' }],
		['CHASE_DB1', { 'Image_01L.jpg': 'Image_01L_1stHO.png', 'Image_02R.jpg': 'Image_02R_1stHO.png' }],
		['CamVid as published', { 'raw/0001TP_006690.png': 'labels/0001TP_006690_L.png' }],
		['Cityscapes', { 'leftImg8bit/train/bonn/bonn_1_2_leftImg8bit.png': 'gtFine/train/bonn/bonn_1_2_gtFine_labelIds.png' }],
		['KITTI', { 'image_2/000000_10.png': 'semantic/000000_10.png' }],
		['Kvasir', { 'images/cju0.jpg': 'masks/cju0.jpg' }],
		['CVC', { 'Original/1.png': 'Ground Truth/1.png' }],
		['MVTec AD', { 'test/broken/000.png': 'ground_truth/broken/000_mask.png' }],
		['KolektorSDD', { 'kos01/Part0.jpg': 'kos01/Part0_label.bmp' }],
		['DAGM', { 'Train/0576.PNG': 'Train/Label/0576_label.PNG' }],
		['GlaS', { 'train_1.bmp': 'train_1_anno.bmp', 'train_2.bmp': 'train_2_anno.bmp' }],
		['DeepGlobe', { 'train/123_sat.jpg': 'train/123_mask.png' }],
		['Massachusetts', { 'sat/x.png': 'map/x.png' }],
		['Oxford Pet', { 'images/Abyssinian_1.jpg': 'trimaps/Abyssinian_1.png' }],
		['BAGLS', { 'training/123.png': 'training/123_seg.png' }],
		['nnU-Net', { 'imagesTr/case_001_0000.png': 'labelsTr/case_001.png' }],
		['VOC', { 'JPEGImages/2007_000032.jpg': 'SegmentationClass/2007_000032.png' }],
		['mask in front', { 'set/image_7.png': 'set/mask_7.png' }],
		['no separator', { 'images/7.png': 'masks/7mask.png' }],
		['other case', { 'Images/Cell.PNG': 'MASKS/cell.png' }],
		['other Unicode form', { 'images/zelle-\u00e4.png': 'masks/zelle-a\u0308.png' }],
		['two archives', { 'images.zip/a.png': 'masks.zip/a.png' }],
		['inside a folder named for masks', { 'mask data/images/a.png': 'mask data/masks/a.png' }],
	])('%s', (_name, expected: Record<string, string>) => {
		const pairing = pairFiles(Object.entries(expected).flat());
		expect(joined(pairing)).toEqual(expected);
	});

	test('two raters of one image: asks, and takes the first', () => {
		const pairing = pairFiles(['Image_01L.jpg', 'Image_01L_2ndHO.png', 'Image_01L_1stHO.png']);
		expect(joined(pairing)).toEqual({ 'Image_01L.jpg': 'Image_01L_1stHO.png' });
		expect(pairing.questions).toHaveLength(1);
		expect(pairing.setAside.map((file) => file.path)).toEqual(['Image_01L_2ndHO.png']);
	});

	test('superpixels are put aside by name', () => {
		const pairing = pairFiles(['gt/ISIC_1_superpixels.png', 'gt/ISIC_1_segmentation.png', 'images/ISIC_1.jpg']);
		expect(joined(pairing)).toEqual({ 'images/ISIC_1.jpg': 'gt/ISIC_1_segmentation.png' });
		expect(pairing.setAside.map((file) => file.path)).toEqual(['gt/ISIC_1_superpixels.png']);
	});
});

describe('what names cannot say', () => {
	test('sort order pairs nothing', () => {
		const pairing = pairFiles(['images/ant.png', 'images/bee.png', 'masks/cow.png', 'masks/dog.png']);
		expect(pairing.pairs).toEqual([]);
		expect(pairing.unmatchedImages.map((file) => file.path)).toEqual(['images/ant.png', 'images/bee.png']);
		expect(pairing.unmatchedMasks.map((file) => file.path)).toEqual(['masks/cow.png', 'masks/dog.png']);
	});

	test('an image without a mask is named, with the nearest free mask', () => {
		const pairing = pairFiles(['images/nerve_a.png', 'images/nerve_b.png', 'masks/nerve_a.png', 'masks/nerves_b.png']);
		expect(joined(pairing)).toEqual({ 'images/nerve_a.png': 'masks/nerve_a.png' });
		expect(pairing.unmatchedImages).toEqual([{ path: 'images/nerve_b.png', nearest: 'masks/nerves_b.png' }]);
	});

	test('only numbers agree: paired with a warning', () => {
		const pairing = pairFiles(['images/frame 007.png', 'images/frame 008.png', 'masks/result7.png', 'masks/result8.png']);
		expect(joined(pairing)).toEqual({ 'images/frame 007.png': 'masks/result7.png', 'images/frame 008.png': 'masks/result8.png' });
		expect(pairing.pairs.every((pair) => pair.warnings.length === 1)).toBe(true);
	});

	test('images alone stay images, also when their names sound like masks', () => {
		expect(pairFiles(['a.png', 'b.jpg']).unmatchedImages).toHaveLength(2);
		expect(pairFiles(['a_seg.png', 'b_seg.png']).unmatchedImages).toHaveLength(2);
	});

	test('two images of one name: the lossless one is used, the other is listed, and a warning says so', () => {
		const pairing = pairFiles(['images/a.jpg', 'images/a.png', 'masks/a.png']);
		expect(joined(pairing)).toEqual({ 'images/a.png': 'masks/a.png' });
		expect(pairing.pairs[0]?.warnings).toEqual(['Another file has the same name: “images/a.jpg”.']);
		expect(pairing.unmatchedImages.map((file) => file.path)).toEqual(['images/a.jpg']);
	});

	test('folders without a known word: asks which holds the masks, and follows the answer', () => {
		const files = ['set/first/a.png', 'set/first/b.png', 'set/second/a.png', 'set/second/b.png'];
		const pairing = pairFiles(files);
		expect(pairing.pairs).toEqual([]);
		expect(pairing.questions).toMatchObject([{ id: 'mask-folder', chosen: null }]);
		const answered = pairFiles(files, { 'mask-folder': 'second' });
		expect(joined(answered)).toEqual({ 'set/first/a.png': 'set/second/a.png', 'set/first/b.png': 'set/second/b.png' });
		expect(answered.questions).toMatchObject([{ id: 'mask-folder', chosen: 'second' }]);
	});
});

describe('property', () => {
	const part = fc.constantFrom('images', 'masks', 'a', 'b', 'train', 'x_mask', 'x', 'y-l', 'gt', '7', 'image_7', 'x_flows', '..', '');
	const path = fc
		.tuple(fc.array(part, { maxLength: 3 }), part, fc.constantFrom('.png', '.jpg', '', '.PNG'))
		.map(([folders, name, end]) => [...folders, name + end].join('/'));

	test('every path ends in exactly one list, and the order of opening changes nothing', () => {
		fc.assert(
			fc.property(fc.uniqueArray(path, { maxLength: 12 }), (paths) => {
				const pairing = pairFiles(paths);
				expect(allPaths(pairing).sort()).toEqual([...paths].sort());
				expect(pairFiles([...paths].reverse())).toEqual(pairing);
			}),
			{ numRuns: 500 },
		);
	});
});
