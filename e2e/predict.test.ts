import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { decodePng } from '#lib/importers/png.ts';
import { openZip } from '#lib/importers/zip.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import { discImage, file, png } from './pictures.ts';
import { appears, button, choose, drop, finished, makeSmall, openApp, openSample, patience, start, zip } from './workbench.ts';

const newImages = [file('disc 1.png', discImage(1)), file('disc 2.png', discImage(2))];
/** Another size and shape than anything the model was trained on. */
const wide = file(
	'wide.png',
	png((x, y) => (x * 3 + y * 5) % 256, { width: 90, height: 41 }),
);

const predictions = (page: Page) => page.getByRole('region', { name: 'Predictions' });

async function trainTwo(page: Page): Promise<void> {
	await openApp(page);
	await openSample(page);
	await makeSmall(page, { losses: ['Cross-entropy', 'Dice'], epochs: 1 });
	await start(page);
	await finished(page);
}

async function openPredict(page: Page): Promise<void> {
	await page.getByRole('link', { name: 'Predict', exact: true }).click();
	await expect(page.getByRole('heading', { name: 'Predict' })).toBeVisible();
}

/** The bytes that a press writes to disk, and the name they get. */
async function saved(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
	const download = page.waitForEvent('download', patience);
	await press();
	const done = await download;
	return { name: done.suggestedFilename(), bytes: Uint8Array.from(await readFile(await done.path())) };
}

test('without a model the page says how to get one', async ({ page }) => {
	await page.goto('predict/');
	await appears(page.getByRole('heading', { name: 'There is no model here yet' }));
	await expectAccessible(page);
	await page.getByRole('link', { name: 'Go to the workbench' }).click();
	await expect(page).toHaveURL('/');
});

test('models predict new images of any size, and the masks are saved under the images’ names', async ({ page }) => {
	test.slow();
	await trainTwo(page);
	await openPredict(page);
	await choose(page, [...newImages, wide]);
	const panes = predictions(page);
	await expect(panes.getByText(/foreground ·/)).toHaveCount(2, patience);
	await expectAccessible(page);

	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	await expect(panes.getByText('3 of 3')).toBeVisible();
	await expect(panes.getByText('90 × 41')).toBeVisible();
	await expect(button(page, 'Save all masks')).toBeEnabled(patience);

	const saveAll = async (format: string) => {
		await button(page, 'Save all masks').click();
		return saved(page, () => button(page, format).click());
	};
	const archive = await saveAll('PNG (zip)');
	const { files } = await openZip('z', archive.bytes);
	const names = files.map(({ path }) => path.replace(/^z\//u, ''));
	expect(names).toHaveLength(6);
	for (const loss of ['Cross-entropy', 'Dice']) {
		for (const name of ['disc 1.png', 'disc 2.png', 'wide.png'])
			expect(names).toContainEqual(expect.stringMatching(`^${loss}, seed 1, .*/${name}$`));
	}
	const mask = decodePng((await files.find(({ path }) => path.endsWith('wide.png'))?.bytes()) ?? new Uint8Array());
	expect(mask.header).toMatchObject({ width: 90, height: 41, channels: 1, bitDepth: 8 });
	expect([0, 255]).toEqual(expect.arrayContaining([...new Set(mask.samples)]));

	await button(page, 'Save all masks').click();
	await expectAccessible(page);
	await page.keyboard.press('Escape');
	const coco = await openZip('z', (await saveAll('COCO run lengths (zip)')).bytes);
	expect(coco.files.map(({ path }) => path.replace(/,.*(?=\.json)/u, ''))).toEqual(['z/Cross-entropy.json', 'z/Dice.json']);
	for (const document of coco.files) {
		const { images } = JSON.parse(new TextDecoder().decode(await document.bytes())) as { images: { file_name: string }[] };
		expect(images.map(({ file_name: name }) => name)).toEqual(['disc 1.png', 'disc 2.png', 'wide.png']);
	}

	await panes.getByRole('button', { name: /^Save from Dice/ }).click();
	const single = await saved(page, () => panes.getByRole('button', { name: 'Save the mask (PNG)' }).last().click());
	expect(single.name).toBe('wide.png');
});

test('a saved model is opened again, predicts the same, and is deleted', async ({ page }) => {
	test.slow();
	await trainTwo(page);
	await openPredict(page);
	await page
		.getByRole('button', { name: /^More for Dice/ })
		.first()
		.click();
	await page.getByRole('button', { name: 'Save the model…' }).and(page.locator(':visible')).click();
	const dialog = page.getByRole('dialog', { name: 'Save the model' });
	await expect(dialog.getByLabel('Code that loads the model')).toContainText('tf.loadLayersModel');
	await expectAccessible(page);
	const model = await saved(page, () => dialog.getByRole('button', { name: 'Save the zip' }).click());
	await dialog.getByRole('button', { name: 'Close' }).last().click();

	const [mine] = newImages;
	await drop(page, [{ name: 'mine.zip', mimeType: 'application/zip', buffer: Buffer.from(model.bytes) }, ...(mine ? [mine] : [])]);
	await expect(page.getByRole('checkbox', { name: /^mine/ })).toBeChecked(patience);
	await button(page, 'None').click();
	await page.getByRole('checkbox', { name: /^Dice/ }).first().check();
	await page.getByRole('checkbox', { name: /^mine/ }).check();
	const panes = predictions(page);
	await expect(panes.getByText(/foreground ·/)).toHaveCount(2, patience);
	await button(page, 'Save all masks').click();
	const archive = await saved(page, () => button(page, 'Probabilities, PNG (zip)').click());
	const { files } = await openZip('z', archive.bytes);
	const [own, opened] = await Promise.all(files.map(async (entry) => [...decodePng(await entry.bytes()).samples]));
	expect(own).toEqual(opened);

	await page.getByRole('button', { name: /^More for mine/ }).click();
	await page.getByRole('button', { name: 'Delete…' }).and(page.locator(':visible')).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
	await expect(page.getByRole('checkbox', { name: /^mine/ })).toHaveCount(0);
});

test('a file that is no model is refused in a sentence', async ({ page }) => {
	await page.goto('predict/');
	const chooser = page.waitForEvent('filechooser');
	await button(page, 'Open a model…').click(patience);
	await (await chooser).setFiles([file('photos.zip', zip({ 'a.txt': new TextEncoder().encode('no model') }))]);
	await appears(page.getByText('photos.zip could not be opened'));
});

test('a loss is looked up and taken into the experiment', async ({ page }) => {
	await page.goto('losses/');
	await page.getByRole('searchbox').fill('lovasz berman');
	await page
		.getByRole('link', { name: /Lovász/ })
		.first()
		.click();
	await expect(page.getByRole('heading', { level: 2, name: 'Sources' })).toBeVisible();
	await expectAccessible(page);
	await button(page, 'Use in an experiment').click(patience);
	await expect(page).toHaveURL('/');
});

test('everything that is stored can be deleted', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	await page.getByRole('link', { name: 'About', exact: true }).click();
	await appears(page.getByRole('button', { name: /^Delete Data set/ }));
	await expectAccessible(page);
	await button(page, 'Delete everything stored…').click();
	await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
	await appears(page.getByText('Nothing is stored but the app itself and its settings.'));
	await page.getByRole('link', { name: 'Workbench', exact: true }).click();
	await appears(page.getByRole('heading', { name: 'Which loss fits your masks?' }));
});
