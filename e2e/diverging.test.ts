/** A run whose numbers grow without bound ends alone. */
import { expect, test } from './fixtures.ts';
import { chooseLosses, experiments, finished, makeSmall, openApp, openSample, openStep, scoreRow, start, type } from './workbench.ts';

test('a run that diverges stops with a sentence that says what to do; the others finish', async ({ page }) => {
	await openApp(page);
	await openSample(page);
	await makeSmall(page, { epochs: 8 });
	const model = await openStep(page, 'Model');
	await model.getByText('Net in detail').click();
	await model.getByRole('radio', { name: 'None' }).check();
	const train = await openStep(page, 'Train');
	await train.getByRole('radio', { name: 'SGD' }).check();
	await type(train, 'Learning rate', 1);
	await chooseLosses(page, ['Dice', 'Cross-entropy']);
	const losses = await openStep(page, 'Losses');
	const rateOf = async (loss: string, times: number): Promise<void> => {
		const item = losses.getByRole('listitem').filter({ has: page.getByRole('button', { name: `Remove ${loss}` }) });
		await item.locator('summary').click();
		await type(item, 'Learning rate, times', times);
	};
	await rateOf('Cross-entropy', 100);
	await rateOf('Dice', 0.01);
	await start(page);
	await finished(page);
	await expect(page.getByText('Cross-entropy stopped: its numbers grew without bound')).toBeVisible();
	await expect(page.getByText(/Lower the learning rate of this loss/)).toBeVisible();
	await expect(scoreRow(page, 'Cross-entropy')).toContainText('stopped');
	await expect(
		page.getByRole('status', { name: 'Watch' }).getByText(/^Cross-entropy stopped: the \w+ became infinite or no number/),
	).toBeVisible();
	const [experiment] = await experiments(page);
	expect(experiment?.runs.map((run) => run.state)).toEqual(['finished', 'failed']);
});
