/** Data with nothing to measure: every view says so in words, shows a dash, and invents no number. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { discImage, discMask, file, png } from './pictures.ts';
import { appears, button, drop, finished, images, makeSmall, openApp, openStep, patience, start, type } from './workbench.ts';

const results = (page: Page) => page.getByRole('region', { name: 'Results', exact: true });

/** Opens every panel below the curves, one after the other, and gives what all of them say. */
async function everythingSaid(page: Page): Promise<string> {
	for (const panel of await results(page).locator('details.panel').all()) {
		await panel.evaluate((details: HTMLDetailsElement) => (details.open = true));
		await panel.scrollIntoViewIfNeeded();
	}
	return page.locator('main').innerText();
}

const notANumber = /NaN|Infinity|undefined|\bnull\b/u;

test('a single pair cannot be trained on, and the page says so', async ({ page }) => {
	await openApp(page);
	await drop(page, [file('disc.png', discImage(0)), file('disc_mask.png', discMask(0))]);
	await expect(button(page, 'Use 1 pair')).toBeDisabled(patience);
	await expect(button(page, 'Use 1 pair')).toHaveAttribute('title', 'Training needs at least two pairs.');
});

test('masks that are nearly all empty train without an invented number', async ({ page }) => {
	await openApp(page);
	const empty = png(() => 0);
	// One mask has an object, so that the masks mean something.
	await drop(
		page,
		[0, 1, 2, 3, 4, 5].flatMap((index) => [
			file(`disc ${index}.png`, discImage(index)),
			file(`disc ${index}_mask.png`, index === 0 ? discMask(0) : empty),
		]),
	);
	await button(page, 'Use 6 pairs').click(patience);
	await appears(images(page));
	await makeSmall(page, { epochs: 1, losses: ['Cross-entropy', 'Dice'] });
	await start(page);
	await finished(page);

	const said = await everythingSaid(page);
	expect(said).not.toMatch(notANumber);
});

test('without a validation part chosen, a test part is still scored', async ({ page }) => {
	await openApp(page);
	await drop(
		page,
		[0, 1, 2, 3].flatMap((index) => [file(`disc ${index}.png`, discImage(index)), file(`disc ${index}_mask.png`, discMask(index))]),
	);
	await button(page, 'Use 4 pairs').click(patience);
	const data = await openStep(page, 'Data');
	await type(data, 'Validation', 0);
	await makeSmall(page, { epochs: 1, losses: ['Dice'] });
	await start(page);
	await finished(page);
	const said = await everythingSaid(page);
	expect(said).not.toMatch(notANumber);
	expect(said).toContain('Without a validation part');
});
