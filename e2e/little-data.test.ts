/** Data with nothing to measure: every view says so in words, shows a dash, and invents no number. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { discImage, discMask, file, png } from './pictures.ts';
import { button, drop, finished, images, makeSmall, openApp, openStep, patience, scores, start, type } from './workbench.ts';

const results = (page: Page) => page.getByRole('region', { name: 'Results', exact: true });

/** Opens every panel below the curves, one after the other, and gives what all of them say. */
async function everythingSaid(page: Page): Promise<string> {
	const panels = results(page).locator('details');
	for (const panel of await panels.all()) {
		await panel.evaluate((details: HTMLDetailsElement) => (details.open = true));
		await panel.scrollIntoViewIfNeeded();
	}
	await expect(results(page).locator('details:not([open])')).toHaveCount(0);
	return page.locator('main').innerText();
}

const notANumber = /NaN|Infinity|undefined|\bnull\b/u;

/** Scores of all runs, without their names, epochs and counts of runs. */
async function scoresShown(page: Page): Promise<string[]> {
	const rows = scores(page)
		.getByRole('row')
		.filter({ has: page.getByRole('cell') });
	const cells = await rows.evaluateAll((all) => all.flatMap((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText.trim())));
	return cells.filter((text) => /^[–\d]/u.test(text));
}

test('a single pair trains, and nothing is scored without a validation part', async ({ page }) => {
	await openApp(page);
	await drop(page, [file('disc.png', discImage(0)), file('disc_mask.png', discMask(0))]);
	await button(page, 'Use 1 pair').click(patience);
	await expect(images(page)).toBeVisible(patience);
	await makeSmall(page, { epochs: 1, losses: ['Cross-entropy', 'Dice'], batchSize: 1 });
	await start(page);
	await finished(page);

	await expect(results(page).getByText('Without a validation part there is nothing to score while training')).toBeVisible();
	const said = await everythingSaid(page);
	expect(said).not.toMatch(notANumber);
	expect(new Set(await scoresShown(page))).toEqual(new Set(['–']));
});

test('masks that are all empty have no Dice, and training says what it cannot learn', async ({ page }) => {
	await openApp(page);
	const empty = png(() => 0);
	// One mask has an object, so that the masks mean something; it is the one image that trains.
	await drop(
		page,
		[0, 1, 2, 3, 4, 5].flatMap((index) => [
			file(`disc ${index}.png`, discImage(index)),
			file(`disc ${index}_mask.png`, index === 0 ? discMask(0) : empty),
		]),
	);
	await button(page, 'Use 6 pairs').click(patience);
	await expect(images(page)).toBeVisible(patience);
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
