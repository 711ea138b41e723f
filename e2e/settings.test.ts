/** What was chosen differently: settings of runs side by side, and only those that differ. */
import { expect, test } from './fixtures.ts';
import { chooseLosses, finished, makeSmall, openApp, openSample, openStep, start, type } from './workbench.ts';

test('settings stand side by side, also with those of an earlier experiment, and can be cut down to what differs', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page);
	await makeSmall(page, { epochs: 1, losses: ['Dice', 'Focal'] });
	await start(page);
	await finished(page);
	const results = page.getByRole('region', { name: 'Results' });
	await results.getByText('Settings of the runs, side by side').click();
	const table = results.getByRole('region', { name: 'Settings, table' });
	const row = (name: string) => table.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
	await expect(row('Epochs').getByRole('cell')).toHaveText(['1', '1']);
	await expect(row('Loss').getByRole('cell')).toHaveText(['Dice', 'Focal']);

	// Within one experiment only the loss differs.
	await results.getByRole('switch', { name: 'Differences only' }).check();
	await expect(row('Epochs')).toHaveCount(0);
	for (const name of await table.getByRole('rowheader').allInnerTexts()) expect(name).toMatch(/^Loss/u);

	await chooseLosses(page, ['Dice']);
	await type(await openStep(page, 'Train'), 'Epochs', 2);
	await start(page);
	await finished(page);
	const earlier = results.getByLabel('Beside', { exact: true });
	await earlier.selectOption({ index: 1 });
	await expect(row('Epochs').getByRole('cell')).toHaveText(['2', '1', '1']);
	await expect(row('Optimizer')).toHaveCount(0);
	await results.getByRole('switch', { name: 'Differences only' }).uncheck();
	await expect(row('Optimizer').getByRole('cell')).toHaveText(['adam', 'adam', 'adam']);
});
