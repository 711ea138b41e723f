/** Finding losses, and building one out of several. */
import type { Locator, Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import {
	button,
	chooseLosses,
	experiments,
	finished,
	makeSmall,
	openApp,
	openSample,
	openStep,
	runBar,
	scoreRow,
	start,
	type,
} from './workbench.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

const picker = (page: Page): Locator => page.getByRole('dialog', { name: 'Add losses' });
const term = (step: Locator, name: string): Locator => step.getByRole('listitem').filter({ has: button(step.page(), `Remove the term ${name}`) }).last(); // prettier-ignore

/** Opens a term of the sum and returns it. */
async function openTerm(step: Locator, name: string): Promise<Locator> {
	const found = term(step, name);
	await found.locator('summary').click();
	return found;
}

test('losses are found, added and taken back by keyboard alone', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	const step = await openStep(page, 'Losses');
	const chosen = step.getByRole('button', { name: /^Remove / });
	await expect(chosen).toHaveCount(4);

	await step.getByRole('button', { name: 'Add a loss…' }).focus();
	await page.keyboard.press('Enter');
	await expect(picker(page).getByRole('searchbox')).toBeFocused();
	await page.keyboard.type('berman'); // one of the authors
	await expect(picker(page).getByRole('button', { name: 'Lovász softmax' })).toBeVisible();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await expect(picker(page).getByRole('status')).toHaveText('Lovász softmax added');
	// Letters go on searching, from wherever the focus is.
	await page.keyboard.type('x');
	await expect(picker(page).getByRole('searchbox')).toHaveValue('bermanx');
	await page.keyboard.press('ControlOrMeta+a');
	await page.keyboard.type('huber');
	await page.keyboard.press('Enter');
	await expect(picker(page).getByRole('status')).toHaveText('Huber added');
	// Escape empties a search field that has words; then it closes.
	await page.keyboard.press('Escape');
	await expect(picker(page).getByRole('searchbox')).toHaveValue('');
	await page.keyboard.press('Escape');
	await expect(picker(page)).toBeHidden();
	await expect(step.getByRole('button', { name: 'Add a loss…' })).toBeFocused();
	await expect(chosen).toHaveCount(6);

	await page.keyboard.press('ControlOrMeta+z');
	await expect(chosen).toHaveCount(5);
	await expect(step.getByText('Huber')).toBeHidden();
	await expect(step.getByText('Lovász softmax').first()).toBeVisible();
});

test('a formula shows the values that its parameters have', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	await chooseLosses(page, ['Tversky']);
	const step = await openStep(page, 'Losses');
	await step.getByText('Tversky .3/.7').click();
	const formula = step.locator('math').filter({ hasText: 'TP' });
	await expect(formula).toContainText(/0\.3·FP\s*\+\s*0\.7·FN/u);
	await type(step, 'Weight of false positives (α)', 0.9);
	await expect(formula).toContainText(/0\.9·FP\s*\+\s*0\.7·FN/u);
});

test('a sum with a rising weight trains beside Dice, and a reload keeps it', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page);
	await makeSmall(page, { epochs: 2, losses: ['Dice'] });
	const step = await openStep(page, 'Losses');
	await button(page, 'Weighted sum').click();
	await button(page, 'Dice + cross-entropy').click();
	const rising = await openTerm(step, 'Cross-entropy');
	await rising.getByRole('radio', { name: 'Linear' }).check();
	await type(rising, 'From', 0.01);
	await type(rising, 'Begins at', 20);
	await type(rising, 'Ends at', 70);
	const words = '0.01 → 1 between 20 % and 70 % of the run';
	await expect(rising.getByText(words).first()).toBeVisible();

	// What cannot be is not taken, and nothing is lost.
	const end = rising.getByLabel('Ends at', { exact: true });
	await end.fill('10');
	await end.press('Tab');
	await expect(rising.getByText('From 20 to 100')).toBeVisible();
	await expect(end).toHaveValue('10');
	await expect(rising.getByText(words).first()).toBeVisible();
	await end.fill('70');
	await end.press('Tab');

	const name = step.getByLabel('Name', { exact: true }).last();
	await expect(name).toHaveValue('Dice + CE ↗');
	await name.fill('Rising');
	await name.press('Tab');

	await start(page);
	await finished(page);
	const curves = page.getByRole('region', { name: /^Validation Dice/u });
	for (const run of ['Dice', 'Rising']) {
		await expect(scoreRow(page, run)).toContainText(/\d\.\d{3}/u);
		await expect(curves.getByRole('listitem').filter({ hasText: run })).toHaveText(/\d\.\d{3}$/u);
	}
	const [experiment] = await experiments(page);
	expect(experiment?.spec.losses[1]?.terms?.map(({ loss, weight }) => [loss, weight.curve, weight.from, weight.to])).toEqual([
		['dice', 'constant', 1, 1],
		['crossEntropy', 'linear', 0.01, 1],
	]);

	await page.reload();
	await expect(runBar(page).getByRole('button', { name: 'Start again' })).toBeVisible();
	const again = await openStep(page, 'Losses');
	await again.getByText('Rising', { exact: true }).click();
	await expect(again.getByText(words).first()).toBeVisible();
});

test('the picker and the builder of sums, for axe and on a phone', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	const step = await openStep(page, 'Losses');
	await button(page, 'Weighted sum').click();
	await button(page, 'Dice, then boundary').click();
	await openTerm(step, 'Boundary');
	for (const colorScheme of ['dark', 'light'] as const) {
		await page.emulateMedia({ colorScheme });
		await expectAccessible(page);
	}
	await step.getByRole('button', { name: 'Add a loss…' }).click();
	await expect(picker(page)).toBeVisible();
	for (const colorScheme of ['dark', 'light'] as const) {
		await page.emulateMedia({ colorScheme });
		await expectAccessible(page);
	}
	await page.setViewportSize({ width: 390, height: 844 });
	await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
	// The whole picker is on the screen, its list scrolls, and what ends it lies under the thumb.
	const done = await picker(page).getByRole('button', { name: 'Done' }).boundingBox();
	expect(done?.y).toBeGreaterThan(700);
	await picker(page).getByRole('button', { name: 'By boundary' }).click();
	await expect(picker(page).getByRole('heading', { name: 'By boundary' })).toBeInViewport();
});
