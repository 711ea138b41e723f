/** Where and how two losses differ: the views of the stage, by mouse and by keyboard. */
import type { Locator, Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { finished, images, makeSmall, openApp, openSample, scoreRow, start } from './workbench.ts';

const view = (page: Page, name: string): Locator => images(page).getByRole('radiogroup', { name: 'View' }).getByRole('radio', { name });

/** Changes what a locator shows when something is done, and waits until it does. */
async function expectOther(shown: Locator, act: () => Promise<unknown>): Promise<void> {
	const before = await shown.screenshot();
	await act();
	await expect.poll(async () => Buffer.compare(before, await shown.screenshot())).not.toBe(0);
}

/** The pixels that the key of the difference counts, by its words. */
async function counted(page: Page): Promise<Record<string, number>> {
	const lines = await images(page).getByRole('list', { name: 'What is marked as foreground' }).getByRole('listitem').allInnerTexts();
	return Object.fromEntries(
		lines.map((line) => {
			const [, words = '', count = ''] = /^\s*(.*?)\s+([\d\u202f]+) px/u.exec(line.replaceAll('\n', ' ')) ?? [];
			return [words, Number(count.replaceAll('\u202f', ''))];
		}),
	);
}

test('before a run every view says in words why it is empty', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	for (const name of ['Swipe', 'Blink', 'Difference', 'All images']) {
		await view(page, name).check();
		await expect(images(page).getByText('There is no run on these images yet.')).toBeVisible();
	}
	await makeSmall(page, { epochs: 1, losses: ['Dice'] });
	await start(page);
	await finished(page);
	await view(page, 'Swipe').check();
	await expect(images(page).getByText('Two losses are compared here, and there is only one.')).toBeVisible();
	await view(page, 'All images').check();
	await expect(images(page).getByRole('region', { name: 'Images by runs' })).toBeVisible();
});

test('two losses are compared by swipe, blink, difference and loupe, and on all images at once', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page, 'Cells', { count: 20 });
	await makeSmall(page, { epochs: 3, losses: ['Cross-entropy', 'Dice', 'Focal'] });
	await start(page);
	await finished(page);

	// Swipe: the divider follows the arrow keys and the mouse, and the chosen runs are under it.
	await view(page, 'Swipe').check();
	const pane = images(page).getByRole('img', { name: /^Cross-entropy: prediction for / });
	const divider = images(page).getByRole('slider', { name: 'Divider' });
	await expect(divider).toHaveAttribute('aria-valuenow', '50');
	await divider.press('ArrowRight');
	await expect(divider).toHaveAttribute('aria-valuenow', '52');
	await divider.press('End');
	await expect(divider).toHaveAttribute('aria-valuetext', 'Cross-entropy on the left 100 %, Dice on the rest');
	const box = await pane.boundingBox();
	if (!box) throw new Error('The pane has no place.');
	await divider.press('Home');
	await page.mouse.move(box.x + 2, box.y + box.height / 2);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2, { steps: 4 });
	await page.mouse.up();
	await expect(divider).toHaveAttribute('aria-valuenow', '25');
	await images(page).getByLabel('Second run').selectOption('Focal');
	await expect(divider).toHaveAttribute('aria-valuetext', /Focal on the rest$/u);
	// Choosing what the other side shows swaps the two.
	await images(page).getByLabel('First run').selectOption('Focal');
	await expect(images(page).getByLabel('Second run')).toHaveValue(/cross/iu);
	await expectAccessible(page);

	// Blink: B shows the other run; by itself nothing alternates.
	await view(page, 'Blink').check();
	const other = images(page).getByRole('button', { name: /^Show the other/u });
	await expect(other).toHaveAttribute('aria-pressed', 'false');
	await page.keyboard.press('b');
	await expect(other).toHaveAttribute('aria-pressed', 'true');
	await other.click();
	await expect(other).toHaveAttribute('aria-pressed', 'false');
	await images(page).getByRole('button', { name: 'Alternate' }).click();
	await expect(other).toHaveAttribute('aria-pressed', 'true');
	await images(page).getByRole('button', { name: 'Stop' }).click();
	await page.emulateMedia({ reducedMotion: 'reduce' });
	await expect(images(page).getByRole('button', { name: 'Alternate' })).toBeHidden();
	await expect(images(page).getByText('Your system asks for little motion')).toBeVisible();
	await page.emulateMedia({ reducedMotion: 'no-preference' });
	await expectAccessible(page);

	// Difference: every pixel has one of the four verdicts, and swapping the runs swaps two of them.
	await view(page, 'Difference').check();
	const counts = await counted(page);
	expect(Object.keys(counts)).toEqual(['only Focal', 'only Cross-entropy', 'both', 'neither']);
	expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(64 * 64);
	await images(page).getByRole('button', { name: 'Swap' }).click();
	await expect
		.poll(() => counted(page))
		.toEqual({
			'only Cross-entropy': counts['only Cross-entropy'],
			'only Focal': counts['only Focal'],
			both: counts.both,
			neither: counts.neither,
		});
	// With a threshold that no probability reaches, neither marks anything.
	await images(page).getByRole('slider', { name: 'Threshold' }).fill('255');
	await expect.poll(() => counted(page)).toMatchObject({ both: 0, 'only Focal': 0, neither: 64 * 64 });
	await images(page).getByRole('slider', { name: 'Threshold' }).fill('128');
	await expectAccessible(page);

	// Loupe, by mouse: the middle of the pane is pixel 32, 32; by keyboard: arrows go on from there.
	await view(page, 'Side by side').check();
	await images(page).getByRole('button', { name: 'Loupe' }).click();
	await expect(images(page).getByText('Point at a pixel')).toBeVisible();
	const image = images(page).getByRole('img', { name: /^Image / });
	const place = await image.boundingBox();
	if (!place) throw new Error('The pane has no place.');
	await page.mouse.move(place.x + (place.width * 32.5) / 64, place.y + (place.height * 32.5) / 64);
	const loupe = images(page).getByRole('region', { name: 'Loupe' });
	await expect(loupe).toContainText('Pixel x 32, y 32 of 64 × 64');
	await image.focus();
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowUp');
	await expect(loupe).toContainText('Pixel x 34, y 31');
	await expect(loupe.getByRole('status')).toHaveText(
		/^x 34, y 31; truth (background|nucleus); Cross-entropy p [01]\.\d{3} (background|nucleus); Dice p /u,
	);
	// The pixel's class is what its probability says at the threshold.
	for (const line of await loupe.getByRole('listitem').filter({ hasText: 'p ' }).allInnerTexts()) {
		const probability = Number(/p ([01]\.\d{3})/u.exec(line)?.[1]);
		expect(line).toContain(probability >= 0.5 ? 'nucleus' : 'background');
	}
	await expectAccessible(page);
	await page.keyboard.press('l');
	await expect(loupe).toBeHidden();

	// Uncertainty names what it draws.
	await expectOther(pane, () => images(page).getByRole('radio', { name: 'Uncertainty' }).check());
	await expect(images(page).getByText('entropy: 0')).toBeVisible();
	await expect(images(page).getByRole('img', { name: /^deviation over 3 losses for / })).toBeVisible();
	await images(page).getByRole('radio', { name: 'Fill' }).check();

	// All images: scrubbing repaints, sorting puts the worst first, a row opens its image.
	await view(page, 'All images').check();
	const wall = images(page).getByRole('region', { name: 'Images by runs' });
	await expect(wall.getByRole('columnheader')).toHaveText(['image', 'truth', 'Cross-entropy', 'Dice', 'Focal']);
	const cell = wall.getByRole('button', { name: /^Dice on / }).first();
	await expect(cell.locator('canvas')).toBeVisible();
	await expectOther(cell, () => images(page).getByRole('slider', { name: 'Epoch' }).fill('1'));
	await images(page).getByRole('slider', { name: 'Epoch' }).fill('3');
	await images(page).getByLabel('Order of the images').selectOption('worst first');
	const rows = wall.getByRole('row').filter({ has: page.getByRole('button') });
	const means = await rows.evaluateAll((all) =>
		all.map((row) => {
			const scores = [...row.querySelectorAll('td')].flatMap((td) => /\d\.\d{3}/u.exec(td.textContent)?.slice(0, 1).map(Number) ?? []);
			return scores.reduce((sum, score) => sum + score, 0) / scores.length;
		}),
	);
	expect(means.length).toBeGreaterThan(1);
	expect(means).toEqual([...means].sort((a, b) => a - b));
	await expectAccessible(page);
	const opener = rows.nth(1).getByRole('rowheader').getByRole('button');
	const name = await opener.innerText();
	await opener.focus();
	await page.keyboard.press('Enter');
	await expect(view(page, 'Side by side')).toBeChecked();
	await expect(images(page).getByLabel('Image', { exact: true }).locator('option:checked')).toContainText(name);
	await view(page, 'All images').check();
	await wall
		.getByRole('button', { name: /^Dice on / })
		.first()
		.click();
	await expect(view(page, 'Side by side')).toBeChecked();
	await expect(images(page).getByRole('button', { name: 'Dice', exact: true })).toHaveAttribute('aria-pressed', 'true');
	await expect(scoreRow(page, 'Dice')).toBeVisible();
});
