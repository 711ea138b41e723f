/** Images and masks of one's own: dropped or chosen, checked, named, kept, deleted. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import { discImage, discMask, file, png, type PictureFile } from './pictures.ts';
import {
	appears,
	button,
	choose,
	drop,
	finished,
	images,
	makeSmall,
	openApp,
	openStep,
	patience,
	runBar,
	scores,
	start,
	usePairs,
	zip,
} from './workbench.ts';

const shared = process.env.OVERLAP_SHARED ?? '../shared';
const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index + 1).padStart(3, '0'));

const flatPairs = (count: number): PictureFile[] =>
	numbers(count).flatMap((number, index) => [
		file(`disc ${number}.png`, discImage(index)),
		file(`disc ${number}_mask.png`, discMask(index)),
	]);

test('a dropped zip of folders is paired by name; what has no partner is listed; the set is kept, renamed, deleted', async ({ page }) => {
	await openApp(page);
	const entries = Object.fromEntries(
		numbers(8).flatMap((number, index) => [
			[`discs/images/${number}.png`, discImage(index)],
			[`discs/masks/${number}.png`, discMask(index)],
		]),
	);
	const lonely = { 'discs/images/without.png': discImage(1), 'discs/masks/zzz.png': discMask(2) };
	await drop(page, [file('discs.zip', zip({ ...entries, ...lonely }))]);

	await appears(page.getByRole('heading', { name: '8 pairs of image and mask' }));
	const table = page.getByRole('region', { name: 'Pairs of image and mask' });
	await expect(table).toContainText('Same name in the folders “images” and “masks”.');
	await expect(page.getByText('1 image without a mask')).toBeVisible();
	await expect(page.getByText('discs.zip/discs/images/without.png', { exact: true })).toBeVisible();
	await expect(page.getByText('1 mask without an image')).toBeVisible();
	await expect(page.getByText('discs.zip/discs/masks/zzz.png', { exact: true })).toBeVisible();
	await page.getByLabel('Name', { exact: true }).fill('Discs');
	await usePairs(page, 8);

	let data = await openStep(page, 'Data');
	await expect(data.getByLabel('Name', { exact: true })).toHaveValue('Discs');
	await expect(data).toContainText('8 pairs');
	await page.reload();
	data = await openStep(page, 'Data');
	await expect(data.getByLabel('Name', { exact: true })).toHaveValue('Discs');
	await data.getByLabel('Name', { exact: true }).fill('Discs of March');
	await data.getByLabel('Name', { exact: true }).press('Enter');
	// The page's own heading follows once the new name is stored.
	await expect(page.getByRole('heading', { level: 1, name: 'Discs of March' })).toBeAttached();
	await page.reload();
	data = await openStep(page, 'Data');
	await expect(data.getByLabel('Name', { exact: true })).toHaveValue('Discs of March');

	await data.getByRole('button', { name: 'Delete…' }).click();
	await expect(page.getByRole('dialog')).toContainText('Discs of March');
	await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
	await expect(page.getByRole('heading', { name: 'Which loss fits your masks?' })).toBeVisible();
	await page.reload();
	await appears(page.getByRole('heading', { name: 'Which loss fits your masks?' }));
	await expect(page.getByText('Stored on this computer')).toBeHidden();
});

test('files side by side are paired by the word in the mask’s name; a pair is left out by hand, another made by hand', async ({ page }) => {
	await openApp(page);
	await choose(page, [...flatPairs(6), file('late.png', discImage(2)), file('of late, perhaps_mask.png', discMask(2))]);
	await appears(page.getByRole('heading', { name: '6 pairs of image and mask' }));
	await expect(page.getByRole('region', { name: 'Pairs of image and mask' })).toContainText('the mask’s name adds “_mask”');
	await page.getByLabel('Mask for late.png').fill('of late, perhaps_mask.png');
	await page.getByLabel('Mask for late.png').press('Enter');
	await expect(page.getByRole('heading', { name: '7 pairs of image and mask' })).toBeVisible();
	await expect(page.getByText('without a mask')).toBeHidden();
	await page.getByRole('checkbox', { name: 'Use disc 003.png' }).click();
	// Taken apart, both files are offered again, and can be joined again.
	await button(page, 'Take disc 004.png and its mask apart').click();
	await expect(button(page, 'Use 5 pairs')).toBeVisible();
	await page.getByLabel('Mask for disc 004.png').fill('disc 004_mask.png');
	await page.getByLabel('Mask for disc 004.png').press('Enter');
	await usePairs(page, 6);
	await expect(images(page).getByLabel('Image', { exact: true }).locator('option')).toHaveCount(6);
	await expect(images(page).getByLabel('Image', { exact: true })).not.toContainText('disc 003.png');
});

test('index masks with a value that stands for “not labelled” leave it out of training', async ({ page }) => {
	await openApp(page);
	// As in CamVid: 0…10 are classes, 11 is void; here as stripes.
	const striped = png((x, y) => (y < 4 ? 11 : Math.min(10, Math.floor(x / 6))));
	await choose(
		page,
		numbers(3).flatMap((number, index) => [file(`street ${number}.png`, discImage(index)), file(`street ${number}_L.png`, striped)]),
	);
	await appears(page.getByText(/11 means “not labelled”; it is ignored/));
	await expect(page.getByLabel('Class of value 11')).toHaveValue('ignore');
	await expect(page.getByLabel('Class of value 10')).not.toHaveValue('ignore');
	await usePairs(page, 3);
});

test('BMP images with PNG masks of 0, 128 and 255 give three classes, and foreground above a threshold on request', async ({ page }) => {
	const folder = `${shared}/data/wbc/Dataset 1`;
	test.skip(!existsSync(folder), `the white blood cells are not at ${folder}`);
	const cells = numbers(6).flatMap((number) => [`${number}.bmp`, `${number}.png`]);
	await openApp(page);
	await choose(
		page,
		cells.map((name) => file(name, readFileSync(`${folder}/${name}`))),
	);
	await appears(page.getByRole('heading', { name: '6 pairs of image and mask' }));
	for (const value of [0, 128, 255]) await expect(page.getByLabel(`Class of value ${value}`, { exact: true })).toBeVisible();
	await usePairs(page, 6);
	await makeSmall(page, { epochs: 1, losses: ['Dice'] });
	await start(page);
	await finished(page);
	await expect(scores(page).getByRole('row')).toHaveCount(2);
	await expect(page.getByLabel('Class', { exact: true }).locator('option')).toHaveText(['mean of classes', 'class 1', 'class 2']);

	const data = await openStep(page, 'Data');
	await data.getByRole('button', { name: 'Classes…' }).click();
	await page.getByRole('dialog').getByRole('radio', { name: 'Foreground above a threshold' }).check();
	await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
	await expect(runBar(page)).toContainText('Restart with these changes');
	await expect(runBar(page)).toContainText('What the mask values mean');
	await start(page);
	await finished(page);
	await expect(page.getByLabel('Class', { exact: true })).toBeHidden();
	await expect(images(page).getByRole('slider', { name: 'Threshold' })).toBeVisible();
});

test('nothing is opened while the files are only looked at', async ({ page }) => {
	await openApp(page);
	await choose(page, flatPairs(2));
	await appears(button(page, 'Use 2 pairs'));
	await button(page, 'Cancel').click();
	await expect(page.getByRole('heading', { name: 'Which loss fits your masks?' })).toBeVisible();
	await page.reload();
	await expect(page.getByText('Stored on this computer')).toBeHidden(patience);
});
