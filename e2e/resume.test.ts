/** Stopping in the middle costs nothing: the same weights, to the last bit. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import {
	appears,
	checkpoints,
	computeWith,
	experiments,
	finished,
	makeSmall,
	openApp,
	openSample,
	patience,
	runBar,
	start,
} from './workbench.ts';

/** Pauses, then trains batch by batch until every run stands inside an epoch. */
async function pauseMidEpoch(page: Page): Promise<void> {
	await runBar(page).getByRole('button', { name: 'Pause' }).click();
	const resume = runBar(page).getByRole('button', { name: 'Resume' });
	await appears(resume);
	const isMidEpoch = async (): Promise<boolean> => {
		const [, experiment] = await experiments(page);
		const latest = (await checkpoints(page)).filter((entry) => entry.experimentId === experiment?.id && entry.tags.includes('latest'));
		return latest.length > 0 && latest.every((entry) => entry.partialLosses.length > 0);
	};
	for (let steps = 0; steps < 8 && !(await isMidEpoch()); steps++) {
		await runBar(page).getByRole('button', { name: 'Step' }).click();
		await expect(resume).toBeEnabled(patience);
	}
	expect(await isMidEpoch(), 'the runs stand inside an epoch').toBe(true);
}

/** Plain JavaScript and the other backends go the same way; it is tried without a browser in `engine/starts-from.test.ts`. */
const backend = 'wasm';
const losses = ['Cross-entropy', 'Dice'];

test('pause, reload, resume ends with the weights of a run never paused', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page);
	await computeWith(page, backend);
	await makeSmall(page, { epochs: 3, losses, batchSize: 1 });
	await start(page);
	await finished(page);
	await start(page);
	await pauseMidEpoch(page);
	await page.reload();
	// What was chosen is chosen again: on another backend the weights would not be the same to the bit.
	await expect(page.getByLabel('Computes with')).toHaveValue(backend);
	await runBar(page).getByRole('button', { name: 'Resume' }).click(patience);
	await finished(page);

	const [straight, resumed] = await experiments(page);
	expect(straight?.backend?.name).toBe(backend);
	expect(resumed?.backend?.name).toBe(backend);
	expect(resumed?.hash).toBe(straight?.hash);
	const weights = straight?.runs.map((run) => run.weightsHash);
	expect(weights).toHaveLength(losses.length);
	for (const hash of weights ?? []) expect(hash).toMatch(/^[0-9a-f]{64}$/);
	expect(resumed?.runs.map((run) => run.weightsHash)).toEqual(weights);
	await expect(page.getByText('Resumed on another backend.')).toBeHidden();
});
