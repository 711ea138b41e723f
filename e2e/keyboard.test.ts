/** The first visit of a person without a mouse. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { appears, images, openApp, patience, runBar, scores } from './workbench.ts';

/** Presses Tab until the focus is there; fails when it went round without coming by. */
async function tabTo(page: Page, target: Locator): Promise<void> {
	for (let presses = 0; presses < 120; presses++) {
		if (await target.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press('Tab');
	}
	await expect(target, 'Tab gets there').toBeFocused();
}

async function typeInto(page: Page, field: Locator, text: string): Promise<void> {
	await tabTo(page, field);
	await page.keyboard.press('ControlOrMeta+a');
	await page.keyboard.type(text);
	await page.keyboard.press('Tab');
}

/** The picture in a pane as it is drawn. */
const drawn = (pane: Locator): Promise<Buffer> => pane.screenshot();

test('a first run by keyboard alone: sample, start, pause, epochs, images, the list of keys', async ({ page }) => {
	test.slow();
	await openApp(page);
	const cells = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /^Cells/ }) });
	await tabTo(page, cells.getByRole('button', { name: 'Change it first…' }));
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog');
	await typeInto(page, dialog.getByLabel('Images', { exact: true }), '10');
	await typeInto(page, dialog.getByLabel('Image size', { exact: true }), '64');
	await tabTo(page, dialog.getByRole('button', { name: 'Use this sample' }));
	await page.keyboard.press('Enter');
	await appears(images(page));

	await tabTo(page, page.getByRole('button', { name: /^2 Model/ }));
	await page.keyboard.press('Enter');
	await tabTo(page, page.getByRole('radio', { name: 'Small' }));
	await page.keyboard.press('ArrowLeft');
	await expect(page.getByRole('radio', { name: 'Tiny' })).toBeChecked();

	await tabTo(page, runBar(page).getByRole('button', { name: 'Start' }));
	await page.keyboard.press('Space');
	const panes = images(page).getByRole('img', { name: /: prediction for / });
	await expect(panes.first()).toHaveAccessibleName(/, Dice \d\.\d{3}$/, patience);
	await expect(panes).toHaveCount(4);
	const first = await drawn(panes.nth(1));
	await expect(scores(page).getByRole('row')).toHaveCount(5);

	await expect(images(page).getByRole('slider', { name: 'Epoch' })).toBeEnabled(patience);
	await expect.poll(async () => Buffer.compare(first, await drawn(panes.nth(1))), patience).not.toBe(0);
	// The focus stayed on the button, which is called Pause by now.
	await page.keyboard.press('Space');
	await expect(runBar(page).getByRole('button', { name: 'Resume' })).toBeFocused(patience);

	const epoch = images(page).getByRole('slider', { name: 'Epoch' });
	const newest = Number(await epoch.inputValue());
	await page.keyboard.press(',');
	await expect(epoch).toHaveValue(String(newest - 1));
	await page.keyboard.press('.');
	await expect(epoch).toHaveValue(String(newest));

	const image = images(page).getByLabel('Image', { exact: true });
	const before = await image.inputValue();
	await page.keyboard.press('ArrowRight');
	await expect(image).not.toHaveValue(before);
	await page.keyboard.press('ArrowLeft');
	await expect(image).toHaveValue(before);

	await page.keyboard.press('?');
	await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
	await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Pause, resume');
	await page.keyboard.press('Escape');
	await expect(page.getByRole('dialog', { name: 'Keys' })).toBeHidden();
});
