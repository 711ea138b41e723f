/** Looking at single images: charts of them, measures of their masks, and places where the masks may be wrong. */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { appears, button, finished, images, makeSmall, openApp, openSample, scoreRow, start } from './workbench.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

const panel = (page: Page, text: string): Locator => page.getByRole('group').filter({ hasText: text }).last();
const shownImage = (page: Page): Locator => images(page).getByLabel('Image', { exact: true }).locator('option:checked');

test('a point and a doubtful place lead to their image, and masks are measured at their own size', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page, 'Cells', { count: 12 });
	await makeSmall(page, { epochs: 3, losses: ['Cross-entropy', 'Dice'] });
	await start(page);
	await finished(page);

	// Every image is a row behind the scatter, and a point leads to the image.
	await page.getByText('Image by image').click();
	const byImage = panel(page, 'Image by image');
	const scatter = byImage.getByRole('region', { name: 'Dice of each image: Dice over Cross-entropy' });
	await scatter.getByRole('button', { name: /as a table$/u }).click();
	const rows = scatter.locator('tbody tr');
	const count = await rows.count();
	expect(count).toBeGreaterThan(1);
	const shown = await shownImage(page).innerText();
	const other = rows.filter({ hasNotText: shown.split(' · ')[1] ?? 'an image' }).first();
	const [name = ''] = await other.getByRole('button').allInnerTexts();
	await scatter.getByRole('button', { name: /as a table$/u }).click();
	const plot = scatter.locator('svg[role=img]');
	// The drawing itself says where its points are: one that is not in the ring is clicked.
	const ring = await plot.locator('circle').evaluateAll((all) => all.map((one) => `${one.getAttribute('cx')} ${one.getAttribute('cy')}`));
	const transforms = await plot.locator('path[transform]').evaluateAll((all) => all.map((one) => one.getAttribute('transform') ?? ''));
	const places = transforms.map((text) => (/translate\(([\d.]+) ([\d.]+)\)/u.exec(text) ?? []).slice(1).map(Number));
	expect(places).toHaveLength(count);
	const [x = 0, y = 0] = places.find(([left, top]) => `${left} ${top}` !== ring[0]) ?? [];
	await plot.click({ position: { x, y } });
	await expect(shownImage(page)).not.toHaveText(shown);
	await expect(images(page)).toBeInViewport();

	// The keyboard's way is the table.
	await scatter.getByRole('button', { name: /as a table$/u }).click();
	await scatter.getByRole('button', { name, exact: true }).click();
	await expect(shownImage(page)).toContainText(name);
	await scatter.getByRole('button', { name: /as a table$/u }).click();

	// Files of it.
	await scatter.getByRole('button', { name: /^Save / }).click();
	const download = page.waitForEvent('download');
	await scatter.getByRole('button', { name: 'CSV' }).click();
	const csv = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
	expect(csv).toHaveLength(count + 1);

	// The masks' own Dice is the Dice of the table, mean over images.
	await page.getByText('Borders and objects').click();
	const borders = panel(page, 'Borders and objects');
	await borders.getByRole('button', { name: /^Measure \d+ images$/u }).click();
	const measures = borders.getByRole('region', { name: 'Measures of masks, table' });
	await appears(measures);
	await page.getByRole('radio', { name: 'Per image' }).check();
	const measured = await measures.getByRole('row').filter({ hasText: 'Dice' }).last().getByRole('cell').first().innerText();
	const [mean = ''] = /\d\.\d{3}/u.exec(measured) ?? [];
	await expect(scoreRow(page, 'Dice').getByRole('cell').first()).toContainText(mean);
	await images(page).getByRole('slider', { name: 'Threshold' }).fill('100');
	await expect(borders.getByText('The choices have changed since')).toBeVisible();

	// After so few epochs the nets are wrong somewhere together.
	await page.getByText('Doubtful masks').click();
	const doubts = panel(page, 'Doubtful masks');
	await expect(doubts).toContainText('A hint, not a verdict');
	const place = doubts.getByRole('region', { name: 'Doubtful places, table' }).locator('tbody tr').last();
	const doubted = await place.getByRole('button').innerText();
	const options = await images(page).getByLabel('Image', { exact: true }).locator('option').allInnerTexts();
	await images(page)
		.getByLabel('Image', { exact: true })
		.selectOption(options.find((option) => !option.includes(doubted)) ?? '');
	await expect(shownImage(page)).not.toContainText(doubted);
	await place.getByRole('button').click();
	await expect(shownImage(page)).toContainText(doubted);
	// Outlined on every pane of its image, until it is pressed again.
	const outlines = images(page).locator('.box');
	await expect(outlines).toHaveCount(await images(page).getByRole('img').count());
	await place.getByRole('button').click();
	await expect(outlines).toHaveCount(0);
	await place.getByRole('button').click();

	for (const colorScheme of ['dark', 'light'] as const) {
		await page.emulateMedia({ colorScheme });
		await expectAccessible(page);
	}
	await page.setViewportSize({ width: 390, height: 844 });
	await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
	await expect(button(page, 'Copy as CSV').first()).toBeAttached();
});
