/** The same app in two tabs: one trains, the other says so. */
import { expect, test } from './fixtures.ts';
import { appears, checkpoints, firstEpoch, makeSmall, openApp, openSample, patience, runBar, start } from './workbench.ts';

test('the second tab cannot start; when it takes over, the first pauses and keeps its checkpoint', async ({ page, context }) => {
	await openApp(page);
	await openSample(page);
	await makeSmall(page, { epochs: 200, losses: ['Dice'] });
	await start(page);
	await firstEpoch(page);

	const second = await context.newPage();
	await second.goto('');
	await appears(second.getByText('Overlap is open in another tab.'));
	await expect(runBar(second).getByRole('button', { name: 'Resume' })).toBeDisabled();
	await expect(runBar(page).getByRole('button', { name: 'Pause' })).toBeEnabled();

	await second.getByRole('button', { name: 'Take over here' }).click();
	await expect(second.getByText('Overlap is open in another tab.')).toBeHidden(patience);
	await expect(page.getByText('Overlap is open in another tab.')).toBeVisible();
	await expect(runBar(page).getByRole('button', { name: 'Resume' })).toBeDisabled();
	const [left] = (await checkpoints(second)).filter((entry) => entry.tags.includes('latest'));
	expect(left?.step).toBeGreaterThan(0);

	await runBar(second).getByRole('button', { name: 'Resume' }).click();
	await expect(runBar(second).getByRole('button', { name: 'Pause' })).toBeEnabled(patience);
	await runBar(second).getByRole('button', { name: 'Pause' }).click();
	await expect(runBar(second).getByRole('button', { name: 'Resume' })).toBeEnabled(patience);
	const [next] = (await checkpoints(second)).filter((entry) => entry.tags.includes('latest'));
	expect(next?.step).toBeGreaterThanOrEqual(left?.step ?? Infinity);

	// The tab that waited takes its turn when the other closes, and shows where that one stood.
	await second.close();
	await expect(page.getByText('Overlap is open in another tab.')).toBeHidden(patience);
	await expect(runBar(page).getByRole('button', { name: 'Resume' })).toBeEnabled();
});
