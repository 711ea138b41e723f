/** Why two losses differ: looking at one experiment from every side. */
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.ts';
import {
	button,
	experiments,
	finished,
	images,
	makeSmall,
	openApp,
	openSample,
	openStep,
	runBar,
	scoreRow,
	scores,
	start,
	type,
} from './workbench.ts';

test('epoch, threshold, errors, order, own losses and the hash tell how three losses differ', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page, 'Cells', { count: 10 });
	await makeSmall(page, { epochs: 3, losses: ['Cross-entropy', 'Dice', 'Tversky'] });
	const losses = await openStep(page, 'Losses');
	await losses.getByText('Tversky .3/.7').click();
	await type(losses, 'Weight of false positives (α)', 0.9);
	await expect(losses.getByText('Tversky .9/.7')).toBeVisible();
	await start(page);
	await finished(page);

	// Everything but the loss is the same, and a hash says so.
	const [experiment] = await experiments(page);
	await expect(runBar(page)).toContainText(experiment?.hash.slice(0, 12) ?? 'a hash');

	const pane = images(page).getByRole('img', { name: /^Dice: prediction for / });
	const epoch = images(page).getByRole('slider', { name: 'Epoch' });
	await expect(epoch).toHaveValue('3');
	const newest = await pane.screenshot();
	await epoch.fill('1');
	await expect(images(page)).toContainText('1/3');
	await expect.poll(async () => Buffer.compare(newest, await pane.screenshot())).not.toBe(0);
	await epoch.fill('3');

	// One threshold moves the table and the captions of the images together.
	const caption = await pane.getAttribute('aria-label');
	const row = await scoreRow(page, 'Dice').innerText();
	const threshold = images(page).getByRole('slider', { name: 'Threshold' });
	await threshold.fill('40');
	await expect(pane).not.toHaveAttribute('aria-label', caption ?? '');
	await expect.poll(() => scoreRow(page, 'Dice').innerText()).not.toBe(row);

	// No net is that sure after three short epochs.
	await threshold.fill('255');
	await expect(scoreRow(page, 'Cross-entropy')).toContainText('predicts no foreground');
	await expect(images(page).getByText('predicts no foreground').first()).toBeVisible();
	await threshold.fill('128');

	// Images by how the losses do on them: the worst has the lowest mean of the captions.
	const means: number[] = [];
	await images(page).getByLabel('Order of the images').selectOption('worst first');
	for (const place of ['1/2', '2/2']) {
		await expect(images(page).getByLabel('Image', { exact: true }).locator('option:checked')).toContainText(place);
		const labels = await images(page)
			.getByRole('img', { name: /: prediction for / })
			.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
		const dice = labels.map((label) => Number(/Dice (\d\.\d+)$/u.exec(label)?.[1]));
		means.push(dice.reduce((sum, value) => sum + value, 0) / dice.length);
		await button(page, 'Next image').click();
	}
	expect(means).toHaveLength(2);
	expect(means[0]).toBeLessThanOrEqual(means[1] ?? NaN);

	// The threshold that validation chooses moves the page's threshold, and its Dice is what the table then says.
	await page.getByText('Thresholds and probabilities').click();
	const probabilities = page.getByRole('region', { name: 'Probabilities, table' }).getByRole('row').filter({ hasText: 'Dice' }).last();
	await probabilities.getByRole('button').click();
	const [chosen = ''] = /\d\.\d+/u.exec(await probabilities.getByRole('button').innerText()) ?? [];
	await expect(images(page)).toContainText(chosen);
	const cells = await probabilities.getByRole('cell').allInnerTexts();
	await expect(scoreRow(page, 'Dice').getByRole('cell').first()).toContainText(cells[4] ?? 'a score');
	await page.getByText('Thresholds and probabilities').click();
	await threshold.fill('128');

	await images(page).getByRole('radio', { name: 'Errors' }).check();
	for (const outcome of ['true positive', 'false positive', 'false negative']) await expect(images(page).getByText(outcome)).toBeVisible();

	const column = scores(page).getByRole('columnheader', { name: 'Dice' });
	await column.getByRole('button').click();
	await expect(column).toHaveAttribute('aria-sort', 'descending');
	const sorted = await scores(page).locator('tbody tr td:nth-of-type(1)').allInnerTexts();
	const values = sorted.map((text) => Number(/\d\.\d+/.exec(text)?.[0]));
	expect(values).toEqual([...values].sort((a, b) => b - a));

	await page.getByText('Own loss of each run.').click();
	const charts = page.getByRole('group').filter({ hasText: 'Own loss of each run.' }).locator('canvas');
	await expect(charts).toHaveCount(3);
});

test('a changed choice asks to restart and says what changed; taking it back goes on as before', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	await makeSmall(page, { epochs: 1, losses: ['Dice'] });
	await start(page);
	await finished(page);
	const train = await openStep(page, 'Train');
	await type(train, 'Epochs', 2);
	await expect(runBar(page).getByRole('button', { name: 'Restart with these changes' })).toBeEnabled();
	await runBar(page).getByText('1 change since the runs on the screen').click();
	await expect(runBar(page).getByRole('listitem')).toHaveText('Epochs: 1 → 2');
	await runBar(page).getByText('1 change since the runs on the screen').focus();
	await page.keyboard.press('ControlOrMeta+z');
	await expect(runBar(page).getByRole('button', { name: 'Start again' })).toBeVisible();
	await type(train, 'Epochs', 2);
	await start(page);
	await finished(page);
	await expect(images(page).getByRole('slider', { name: 'Epoch' })).toHaveValue('2');
	expect((await experiments(page)).map(({ spec }) => spec.training.epochs)).toEqual([1, 2]);
});

test('seeds of a loss are one row and one line with a band, or each its own', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page);
	await makeSmall(page, { epochs: 2, losses: ['Dice', 'Focal'] });
	const train = await openStep(page, 'Train');
	await train.getByLabel('Seeds', { exact: true }).fill('1, 7');
	await train.getByLabel('Seeds', { exact: true }).press('Tab');
	await start(page);
	await finished(page);

	const diceOf = (text: string): number[] => (text.match(/\d\.\d{3}/gu) ?? []).map(Number);
	const [mean = NaN, spread = NaN] = diceOf(await scoreRow(page, 'Dice').getByRole('cell').first().innerText());
	const results = page.getByRole('region', { name: 'Results' });
	await expect(results).toContainText('mean ± standard deviation over seeds (N = 2 of 2)');
	await expect(results.getByRole('region', { name: /mean ± standard deviation over seeds/u })).toContainText(
		/Dice\s*\d\.\d{3}\s*± \d\.\d{3}/u,
	);
	await results.getByLabel('Band').selectOption('95 % interval');
	await expect(results.getByRole('region', { name: /mean ± 95 % interval over seeds/u })).toBeVisible();

	// The wall shows one seed at a time.
	const pane = images(page).getByRole('img', { name: /^Dice: prediction for / });
	await expect(pane).toHaveCount(1);
	await expect(images(page).getByLabel('Seed', { exact: true })).toHaveValue('7');
	const before = await pane.screenshot();
	await images(page).getByLabel('Seed', { exact: true }).selectOption('seed 1');
	await expect.poll(async () => Buffer.compare(before, await pane.screenshot())).not.toBe(0);

	await results.getByRole('radio', { name: 'Each seed' }).check();
	const each = [];
	for (const seed of [1, 7]) each.push(diceOf(await scoreRow(page, `Dice, seed ${seed}`).getByRole('cell').first().innerText())[0] ?? NaN);
	const [first = NaN, second = NaN] = each;
	// Of two values the mean is half their sum, the standard deviation their distance / √2.
	expect(Math.abs(mean - (first + second) / 2)).toBeLessThan(0.0011);
	expect(Math.abs(spread - Math.abs(first - second) / Math.SQRT2)).toBeLessThan(0.0011);
});

test('a report tells question, numbers, conclusions and masks in one file that asks nobody for anything', async ({ page, context }) => {
	test.slow();
	await openApp(page);
	await openSample(page, 'Cells', { count: 10 });
	await makeSmall(page, { epochs: 2, losses: ['Dice', 'Focal'] });
	await start(page);
	await finished(page);
	await button(page, 'Save report').focus();
	await page.keyboard.press('Enter');
	await page.keyboard.press('Tab');
	const download = page.waitForEvent('download');
	await page.keyboard.press('Enter');
	const file = await (await download).path();
	const score = await scoreRow(page, 'Dice').getByRole('cell').first().innerText();

	const report = await context.newPage();
	await report.setContent(await readFile(file, 'utf8'));
	await expect(report.getByRole('heading', { level: 1 })).toContainText('Cells');
	for (const section of ['What the numbers say', 'Curves', 'Scores', 'Masks', 'Losses', 'Choices', 'How to do it again'])
		await expect(report.getByRole('heading', { name: section, exact: true })).toBeVisible();
	await expect(report.getByText('One seed was trained (N = 1)')).toBeVisible();
	// The same number as on the page, in the table of the same view.
	const table = report.locator('h3', { hasText: 'Validation: best weights, all pixels pooled' }).locator('+ div');
	await expect(table.getByRole('row').nth(1)).toContainText(/\d\.\d{3}/u.exec(score)?.[0] ?? 'a score');
	// Every picture shows, under the report's own policy.
	const pictures = report.locator('figure img');
	expect(await pictures.count()).toBeGreaterThanOrEqual(4);
	expect(await pictures.evaluateAll((all) => all.every((img) => img instanceof HTMLImageElement && img.naturalWidth > 0))).toBe(true);
	await expect(report.locator('svg title', { hasText: 'Validation Dice' })).toBeAttached();
	await report.close();
});
