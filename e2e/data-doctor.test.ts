/** What may be wrong with one's own data is said, and mended by hand; and the data go out and come back as they are. */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { expect, expectAccessible, test } from './fixtures.ts';
import { discImage, discMask, file, type PictureFile } from './pictures.ts';
import { appears, button, choose, drop, images, openApp, openSample, openStep, patience, usePairs } from './workbench.ts';

const pair = (name: string, index: number): PictureFile[] => [
	file(`${name}.png`, discImage(index)),
	file(`${name}_mask.png`, discMask(index)),
];

const discs = [0, 1, 2, 3, 4].flatMap((index) => pair(`disc ${index}`, index));

/** Moves the focus on, as a person with a keyboard does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
	for (let presses = 0; presses < 20; presses++) {
		if (await target.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press('Tab');
	}
	await expect(target).toBeFocused();
}

test('a copy is found, shown and left out, by keyboard alone', async ({ page }) => {
	await openApp(page);
	await choose(page, [...discs, ...pair('once more', 1)]);
	await usePairs(page, 6);
	const step = await openStep(page, 'Data');
	const doctor = step.locator('summary', { hasText: /^Data doctor/ });
	await expect(doctor).toHaveText('Data doctor: nothing to say before looking at the pixels');
	await doctor.focus();
	await page.keyboard.press('Enter');
	await expect(doctor).toHaveText(/^Data doctor: [12] findings?$/, patience);

	const copy = step.locator('summary', { hasText: '1 image is in the set twice, pixel by pixel.' });
	await tabTo(page, copy);
	await page.keyboard.press('Enter');
	await expect(step.getByText('the same as disc 1.png')).toBeVisible();
	await expectAccessible(page);

	await tabTo(page, step.getByRole('list', { name: 'Images concerned' }).getByRole('button', { name: 'once more.png' }));
	await page.keyboard.press('Enter');
	await expect(images(page).getByLabel('Image', { exact: true }).locator('option:checked')).toHaveText(/once more\.png$/);

	const mend = step.getByRole('button', { name: 'Leave 1 copy out' });
	await mend.focus();
	await page.keyboard.press('Enter');
	await expect(doctor).toHaveText('Data doctor: nothing to say');
	await expect(step.getByText('Nothing stands out: masks, sizes, brightness and split look as they should.')).toBeVisible();

	// The share of each image, sorted: discs 1 and 3 are the large ones, and the copy counts no more.
	const table = step.getByRole('region', { name: 'Shares by image' });
	await table.getByRole('columnheader', { name: 'Share' }).getByRole('button').focus();
	await page.keyboard.press('Enter');
	await expect(table.locator('tbody').getByRole('row')).toHaveCount(5);
	await expect(table.locator('tbody').getByRole('row').first()).toContainText(/disc [13]\.png/);
});

/** Saves what is chosen in the dialog. */
async function save(page: Page, what?: string): Promise<{ name: string; bytes: Buffer }> {
	const dialog = page.getByRole('dialog', { name: 'Save this data set' });
	if (what !== undefined) await dialog.getByLabel('What', { exact: true }).selectOption(what);
	const download = page.waitForEvent('download');
	await dialog.getByRole('button', { name: 'Save', exact: true }).click();
	const made = await download;
	await expect(dialog.getByText(`Saved as “${made.suggestedFilename()}”.`)).toBeVisible();
	return { name: made.suggestedFilename(), bytes: await readFile(await made.path()) };
}

test('a data set is saved, opened again, and saved as the same bytes', async ({ page }) => {
	await openApp(page);
	await openSample(page, 'Tissue');
	let step = await openStep(page, 'Data');
	await step.getByRole('button', { name: 'Save…' }).click();
	const first = await save(page);
	expect(first.name).toMatch(/8 images\.zip$/);
	const coco = await save(page, 'Masks as COCO run lengths (json)');
	expect(coco.name).toMatch(/coco\.json$/);
	expect(JSON.parse(coco.bytes.toString()).images).toHaveLength(8);
	const polygons = await save(page, 'Masks as COCO polygons (json)');
	expect(polygons.name).toMatch(/coco polygons\.json$/);
	const areas = ({ bytes }: typeof coco): number[] => JSON.parse(bytes.toString()).annotations.map(({ area }: { area: number }) => area);
	expect(areas(polygons)).toEqual(areas(coco));
	const tiffs = await save(page, 'Masks as class numbers, TIFF (zip)');
	expect(tiffs.name).toMatch(/TIFF masks\.zip$/);
	expect(Object.keys(unzipSync(tiffs.bytes)).filter((path) => path.endsWith('.tif'))).toHaveLength(8);
	await expectAccessible(page);
	await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
	const classes = await step.locator('.facts').first().innerText();

	await step.getByRole('button', { name: 'Other data…' }).click();
	await drop(page, [file(first.name, first.bytes)]);
	await appears(page.getByText('The classes are as they were when this data set was saved.'));
	await expect(button(page, 'Use 8 pairs')).toBeEnabled();
	await usePairs(page, 8);
	step = await openStep(page, 'Data');
	await expect(step.locator('.facts').first()).toHaveText(classes);
	await step.getByRole('button', { name: 'Save…' }).click();
	const second = await save(page);
	expect(second.bytes.equals(first.bytes)).toBe(true);
});
