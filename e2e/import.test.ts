/** The review of opened files: annotations, questions, patterns, polarity, classes; by mouse and by keyboard. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { greyTiff, tiffPages } from '#lib/importers/testing/tiff-file.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import { discImage, discMask, file, png, type PictureFile } from './pictures.ts';
import { appears, button, choose, drop, images, openApp, openStep, usePairs, zip } from './workbench.ts';

const data = join(process.env.OVERLAP_SHARED ?? '../shared', 'data');
const count = 4;
const numbers = Array.from({ length: count }, (_, index) => String(index + 1).padStart(3, '0'));
const heading = (page: Page, text: string) => page.getByRole('heading', { name: text, exact: true });
const pairs = (page: Page) => page.getByRole('region', { name: 'Pairs of image and mask' });

/** Opens a whole folder by the button. */
async function openFolder(page: Page, folder: string): Promise<void> {
	const chooser = page.waitForEvent('filechooser');
	await button(page, 'Open folder…').click();
	await (await chooser).setFiles(folder);
}

test('a dropped zip of images and COCO annotations opens with their classes; masks are drawn over the images', async ({ page }) => {
	const coco = {
		images: numbers.map((number, index) => ({ id: index, file_name: `${number}.png`, width: 64, height: 64 })),
		categories: [
			{ id: 1, name: 'cell' },
			{ id: 2, name: 'nucleus' },
		],
		annotations: numbers.flatMap((_, index) => [
			{ id: 2 * index, image_id: index, category_id: 1, segmentation: [[0, 0, 32, 0, 32, 64, 0, 64]] },
			{ id: 2 * index + 1, image_id: index, category_id: 2, segmentation: [[8, 8, 24, 8, 24, 24, 8, 24]] },
		]),
	};
	await openApp(page);
	const entries = Object.fromEntries(numbers.map((number, index) => [`set/images/${number}.png`, discImage(index)]));
	await drop(page, [file('set.zip', zip({ ...entries, 'set/annotations.json': Buffer.from(JSON.stringify(coco)) }))]);
	await appears(heading(page, `${count} pairs of image and mask`));
	await expect(pairs(page)).toContainText('2 shapes in “set/annotations.json” (COCO).');
	// 32 of 64 columns are marked.
	await expect(pairs(page).getByRole('cell', { name: '50 %' })).toHaveCount(count);
	await expect(page.getByLabel('Name of class 1')).toHaveValue('cell');
	await expect(page.getByLabel('Name of class 2')).toHaveValue('nucleus');
	await expectAccessible(page);

	await page.getByRole('radio', { name: 'Whatever is marked is one class' }).check();
	await expect(page.getByLabel('Name of class 1')).toHaveValue('foreground');
	await expect(page.getByLabel('Name of class 2')).toBeHidden();
	await page.getByRole('radio', { name: 'The classes of the annotations' }).check();
	await page.getByLabel('Join nucleus to another class').selectOption({ label: 'cell' });
	await expect(page.getByLabel('Name of class 2')).toBeHidden();
	await usePairs(page, count);
	const step = await openStep(page, 'Data');
	await expect(step).toContainText('background, cell');
});

test('two folders of masks lead to a question, answered with the arrow keys', async ({ page }) => {
	await openApp(page);
	const files: Record<string, Buffer> = {};
	numbers.forEach((number, index) => {
		files[`images/${number}_training.png`] = discImage(index);
		files[`1st_manual/${number}_manual1.png`] = discMask(index);
		// Half of each image counts.
		files[`mask/${number}_training_mask.png`] = png((x) => (x < 32 ? 255 : 0));
	});
	await drop(page, [file('eyes.zip', zip(files))]);
	const question = page.getByRole('group', { name: 'More than one set of masks fits the same images. Which one holds the labels?' });
	await appears(question);
	await expect(question.getByRole('radio', { name: 'folder “1st_manual” (4)' })).toBeChecked();
	await question.getByRole('radio', { name: 'folder “1st_manual” (4)' }).focus();
	await page.keyboard.press('ArrowDown');
	await expect(question.getByRole('radio', { name: 'folder “mask” (4)', exact: true })).toBeChecked();
	await expect(pairs(page)).toContainText('eyes.zip/mask/001_training_mask.png');
	await page.keyboard.press('ArrowDown');
	await expect(question.getByRole('radio', { name: /pixels count only inside folder “mask”/u })).toBeChecked();
	await expect(pairs(page)).toContainText('eyes.zip/1st_manual/001_manual1.png');
	await expect(page.getByText(/Pixels outside of the region have the value 254, which is ignored/u)).toBeVisible();
	await expect(page.getByLabel('Class of value 254')).toHaveValue('ignore');
	await usePairs(page, count);
});

test('mostly marked masks: both sides are shown, one click takes the other', async ({ page }) => {
	await openApp(page);
	const inverted = (index: number): Buffer => png((x, y) => (Math.hypot(x - 32, y - 32) < 8 + index ? 0 : 255));
	await choose(
		page,
		numbers.flatMap((number, index): PictureFile[] => [
			file(`${number}.png`, discImage(index)),
			file(`${number}_mask.png`, inverted(index)),
		]),
	);
	const question = page.getByRole('group', { name: 'Most of the pixels are marked. Which part do you look for?' });
	await appears(question);
	await expect(question.locator('canvas')).toHaveCount(2);
	await expect(question.getByRole('radio').first()).toBeChecked();
	await expect(page.getByLabel('Class of value 255', { exact: true })).toHaveValue('1');
	await question.getByRole('radio').last().check();
	await expect(page.getByLabel('Class of value 0', { exact: true })).toHaveValue('1');
	await expect(page.getByLabel('Class of value 255', { exact: true })).toHaveValue('0');
	// The button below does the same and the question follows.
	await button(page, 'Swap background and foreground').click();
	await expect(question.getByRole('radio').first()).toBeChecked();
});

test('names that no rule knows are paired by an own pattern, from the keyboard, and given back to the rules', async ({ page }) => {
	await openApp(page);
	await choose(
		page,
		numbers.flatMap((number, index): PictureFile[] => [
			file(`plate${number}.png`, discImage(index)),
			file(`truth of plate${number} final.png`, discMask(index)),
		]),
	);
	await appears(heading(page, 'No image and mask belong together'));
	await page.getByText('Pair by a pattern of your own').focus();
	await page.keyboard.press('Enter');
	const mask = page.getByLabel('Masks are called');
	await mask.fill('truth of plate');
	await mask.press('Enter');
	await expect(page.getByText('The pattern for the mask needs “{name}” once.')).toBeVisible();
	await mask.fill('truth of {name} final');
	await mask.press('Enter');
	await expect(heading(page, `${count} pairs of image and mask`)).toBeVisible();
	await expect(pairs(page)).toContainText('Your pattern “truth of {name} final”.');
	await button(page, 'Back to the rules').click();
	await expect(heading(page, 'No image and mask belong together')).toBeVisible();
});

test('images and masks are exchanged, of one pair or of all', async ({ page }) => {
	await openApp(page);
	const files = numbers.flatMap((number, index): PictureFile[] => [
		file(`${number}.png`, discMask(index)),
		file(`${number}_mask.png`, discImage(index)),
	]);
	await choose(page, [...files, file('lonely.png', discMask(1))]);
	await appears(heading(page, `${count} pairs of image and mask`));
	await button(page, 'Exchange 001.png and its mask').click();
	await expect(pairs(page)).toContainText('Paired by hand.');
	await button(page, 'Exchange images and masks of all pairs').click();
	await expect(button(page, 'Take images and masks as their names say')).toBeVisible();
	await expect(button(page, 'Exchange 002_mask.png and its mask')).toBeVisible();
});

test('images without a mask are left out until the person says that they show nothing', async ({ page }) => {
	await openApp(page);
	const files = numbers.flatMap((number, index): PictureFile[] => [
		file(`${number}.png`, discImage(index)),
		...(index === 0 ? [] : [file(`${number}_mask.png`, discMask(index))]),
	]);
	await choose(page, files);
	await appears(heading(page, `${count - 1} pairs of image and mask`));
	const question = page.getByRole('group', { name: '1 image has no mask. Does it show nothing of what you look for?' });
	await question.getByRole('radio', { name: /an empty mask/u }).check();
	await expect(heading(page, `${count} pairs of image and mask`)).toBeVisible();
	await usePairs(page, count);
	await expect(images(page).getByLabel('Image', { exact: true })).toContainText('001.png');
});

test('a mask that is left over becomes part of an image’s mask', async ({ page }) => {
	await openApp(page);
	await choose(page, [
		...numbers.flatMap((number, index): PictureFile[] => [
			file(`${number}.png`, discImage(index)),
			file(`${number}_mask.png`, discMask(index)),
		]),
		file('another one_mask.png', discMask(2)),
	]);
	await appears(heading(page, `${count} pairs of image and mask`));
	await page.getByLabel('Image for another one_mask.png').fill('001.png');
	await page.getByLabel('Image for another one_mask.png').press('Enter');
	await expect(pairs(page)).toContainText('2 files, united');
	await expect(page.getByText('1 mask without an image')).toBeHidden();
	await expect(page.getByText(/together they are the foreground/u)).toBeVisible();
});

/** A TIFF with a page of 20 × 20 grey levels for each paint. */
const stack = (name: string, paints: readonly ((x: number, y: number) => number)[]): PictureFile =>
	file(
		name,
		Buffer.from(
			tiffPages(
				paints.map((paint) => [greyTiff(20, 20, 8), [Uint8Array.from({ length: 400 }, (_, at) => paint(at % 20, Math.floor(at / 20)))]]),
			),
		),
	);

test('the pages of a TIFF are images; each is paired with the same page of its mask, never with another one', async ({ page }) => {
	await openApp(page);
	const indices = [0, 1, 2];
	const grey = indices.map((index) => (x: number, y: number) => 20 * index + 7 * x + 3 * y);
	// Two, four and six of twenty columns are marked.
	const columns = indices.map((index) => (x: number) => (x < 2 * (index + 1) ? 255 : 0));
	await choose(page, [
		stack('train-volume.tif', grey),
		stack('train-labels.tif', columns),
		stack('odd.tif', grey),
		stack('odd_mask.tif', columns.slice(1)),
	]);
	await appears(heading(page, '3 pairs of image and mask'));
	for (const [index, share] of ['10 %', '20 %', '30 %'].entries()) {
		const row = pairs(page)
			.getByRole('row')
			.filter({ hasText: `train-volume (page ${index + 1}).tif` });
		await expect(row).toContainText(`train-labels (page ${index + 1}).tif`);
		await expect(row).toContainText(`Picture ${index + 1} of each.`);
		await expect(row.getByRole('cell', { name: share })).toBeVisible();
	}
	await expect(page.getByText('“odd.tif” is 3 pages or tiles, but “odd_mask.tif” is 2 pages or tiles.')).toBeVisible();
	await expect(page.getByText('3 images without a mask')).toBeVisible();
	await page.getByLabel('Mask for odd (page 2).tif').fill('odd_mask (page 1).tif');
	await page.getByLabel('Mask for odd (page 2).tif').press('Enter');
	await expect(heading(page, '4 pairs of image and mask')).toBeVisible();
	await usePairs(page, 4);
	await expect(images(page).getByLabel('Image', { exact: true })).toContainText('train-volume (page 3).tif');
});

const folders = [
	['wbc', 120, 0],
	['isbi2012', 24, 1],
	['magnetic-tile', 139, 0],
	['DRIVE', 12, 1],
	['dsb2018', 40, 0],
	['CamVid', 31, 0],
	['cwfid', 2, 1],
	['sandstone', 3, 0],
	['marbles', 3, 1],
] as const;

test('every real data set opens by its top folder in at most one question', async ({ page }) => {
	test.skip(!existsSync(data), `the shared data are not at ${data}`);
	test.slow();
	expect(readdirSync(data, { withFileTypes: true }).filter((entry) => entry.isDirectory()).length).toBe(folders.length);
	await openApp(page);
	for (const [folder, pairCount, questions] of folders) {
		await openFolder(page, join(data, folder));
		await test.step(folder, () => appears(heading(page, `${pairCount} pairs of image and mask`)));
		await expect(page.getByText('could not be used'), folder).toBeHidden();
		const asked = page.getByRole('region', { name: 'Opened files' }).getByRole('group').filter({ hasText: '?' });
		await expect(asked, folder).toHaveCount(questions);
		await button(page, 'Cancel').click();
		await expect(page.getByRole('heading', { name: 'Which loss fits your masks?' })).toBeVisible();
	}
});
