/** Why two losses differ: looking at one experiment from every side. */
import { expect, test } from './fixtures.ts';
import {
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
