/** Cross-validation: every image is validated once, by a run that has not learnt from it. */
import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
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
	start,
	type,
} from './workbench.ts';

test('three folds train each loss three times, compare it on every image once, and go into link, report and numbers', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page, 'Cells', { count: 8 });
	await makeSmall(page, { epochs: 1, losses: ['Dice', 'Focal'] });
	const data = await openStep(page, 'Data');

	// Seven folds of the six images that do not test: it says why not, and what to do.
	await data.getByLabel('Folds', { exact: true }).selectOption('7 folds');
	await expect(runBar(page)).toContainText(
		'7 folds need at least 7 images, or groups of images, besides the test images, and there are 6.',
	);
	await data.getByLabel('Folds', { exact: true }).selectOption('3 folds');
	await expect(data.getByText('3 folds of 2 images · 2 test')).toBeVisible();
	await expect(data.getByLabel('Validation', { exact: true })).toHaveCount(0);
	await data.getByRole('button', { name: 'Show and change the split…' }).click();
	for (const fold of [1, 2, 3])
		await expect(
			page
				.getByRole('dialog')
				.locator('select option:checked')
				.filter({ hasText: `Fold ${fold}` }),
		).toHaveCount(2);
	await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
	await start(page);
	await finished(page);

	const [experiment] = await experiments(page);
	const { folds = [], validation, test: tested } = experiment?.split ?? { validation: [], test: [] };
	expect(folds.flat().sort()).toEqual([...validation].sort());
	expect([validation.length, tested.length]).toEqual([6, 2]);
	expect(experiment?.runs.map(({ id, state }) => [id, state])).toEqual(
		[1, 2, 3].flatMap((fold) => ['dice', 'focal'].map((loss) => [`${loss}-s1-f${fold}`, 'finished'])),
	);

	const results = page.getByRole('region', { name: 'Results' });
	await expect(results).toContainText('6 images, mean ± standard deviation over 3 folds (N = 3 of 3)');
	await expect(results).toContainText('Folds share training images, so their runs are not independent');
	await expect(results.getByRole('region', { name: /mean ± standard deviation over 3 folds/u })).toBeVisible();
	await expect(results.getByLabel('Band')).toHaveCount(0);
	await page.getByText('Losses in pairs, on the same images').click();
	await expect(results.getByRole('region', { name: 'Losses in pairs, table' }).getByRole('row').last()).toContainText('of 6');
	await expect(results).toContainText('each image in the fold that validates it');

	// The wall shows the images of one fold at a time.
	const shownImages = images(page).getByLabel('Image', { exact: true });
	const seen: string[] = [];
	for (const fold of [1, 2, 3]) {
		await images(page).getByLabel('Fold', { exact: true }).selectOption(`fold ${fold} of 3`);
		await expect(shownImages.locator('option')).toHaveCount(2);
		seen.push(...(await shownImages.locator('option').allInnerTexts()).map((text) => text.split(' · ')[1] ?? ''));
	}
	expect(new Set(seen).size).toBe(6);

	// The mean is that of the single runs.
	const diceOf = (text: string): number => Number(/\d\.\d{3}/u.exec(text)?.[0]);
	const mean = diceOf(await scoreRow(page, 'Dice').getByRole('cell').first().innerText());
	await results.getByRole('radio', { name: 'Each run' }).check();
	const each: number[] = [];
	for (const fold of [1, 2, 3]) each.push(diceOf(await scoreRow(page, `Dice, fold ${fold} of 3`).getByRole('cell').first().innerText()));
	expect(Math.abs(mean - each.reduce((sum, value) => sum + value, 0) / 3)).toBeLessThan(0.0011);

	// The code holds the fold that is on the screen: its two images validate, and the four of the others train.
	const code = page.waitForEvent('download');
	await button(page, 'Save as Python code').click();
	const archive = await code;
	expect(archive.suggestedFilename()).toMatch(/-fold-3-code\.zip$/u);
	const files = unzipSync(await readFile(await archive.path()));
	const text = (name: string): string => new TextDecoder().decode(files[name]);
	const split = JSON.parse(text('split.json')) as { train: string[]; validation: string[] };
	expect(split.validation.toSorted()).toEqual(seen.slice(4).toSorted());
	expect(split.train.toSorted()).toEqual(seen.slice(0, 4).toSorted());
	expect(text('README.txt')).toContain('fold 3 of 3');
	expect(text('train_torch.py')).toContain('-f3"');
	const download = page.waitForEvent('download');
	await button(page, 'Save results as JSON').click();
	const numbers = JSON.parse(await readFile(await (await download).path(), 'utf8')) as {
		runs: { fold?: number; validation: { last: { images: number } } }[];
	};
	expect(numbers.runs.map(({ fold, validation: part }) => [fold, part.last.images])).toEqual([1, 1, 2, 2, 3, 3].map((fold) => [fold, 2]));

	// What is stored opens again as it was.
	await page.reload();
	await expect(page.getByRole('region', { name: 'Results' })).toContainText('over 3 folds (N = 3 of 3)');
	const train = await openStep(page, 'Train');
	await type(train, 'Epochs', 2);
	await runBar(page).getByText('1 change since the runs on the screen').click();
	await expect(runBar(page).getByRole('listitem')).toHaveText('Epochs: 1 → 2');
});
