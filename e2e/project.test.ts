/** A project goes to a file and opens in another browser as it was: results at once, and training that goes on to the same bits. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import {
	appears,
	button,
	chooseLosses,
	computeWith,
	experiments,
	finished,
	firstEpoch,
	makeSmall,
	openApp,
	openSample,
	openStep,
	patience,
	runBar,
	scoreRow,
	start,
	zip,
} from './workbench.ts';

async function saveProject(page: Page): Promise<Buffer> {
	const download = page.waitForEvent('download');
	await button(page, 'Save project').click();
	const saved = await download;
	expect(saved.suggestedFilename()).toMatch(/\.overlap\.zip$/u);
	return readFileSync(await saved.path());
}

async function openFile(page: Page, name: string, buffer: Buffer): Promise<void> {
	const chooser = page.waitForEvent('filechooser');
	await button(page, 'Open files…').click();
	await (await chooser).setFiles([{ name, mimeType: 'application/zip', buffer }]);
}

async function freshBrowser(page: Page): Promise<Page> {
	const browser = page.context().browser();
	if (!browser) throw new Error('there is no browser');
	const fresh = await (await browser.newContext({ baseURL: new URL('.', page.url()).href })).newPage();
	await openApp(fresh);
	return fresh;
}

/** Pauses at once, then trains batch by batch until an epoch is scored: tiny runs end before a later pause would reach them. */
async function pauseAfterEpoch(page: Page): Promise<void> {
	await runBar(page).getByRole('button', { name: 'Pause' }).click();
	const resume = runBar(page).getByRole('button', { name: 'Resume' });
	await appears(resume);
	const hasEpoch = async (): Promise<boolean> => (await experiments(page)).at(-1)?.runs.every(({ epoch }) => epoch > 0) ?? false;
	for (let steps = 0; steps < 8 && !(await hasEpoch()); steps++) {
		await runBar(page).getByRole('button', { name: 'Step' }).click();
		await expect(resume).toBeEnabled(patience);
	}
	await firstEpoch(page);
}

const hashes = async (page: Page): Promise<(string | null)[]> => (await experiments(page)).at(-1)?.runs.map((run) => run.weightsHash) ?? [];

test('saved in the middle, opened elsewhere, resumed to the end: the weights of a run never paused', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page);
	await computeWith(page, 'wasm');
	await makeSmall(page, { epochs: 4, losses: ['Cross-entropy', 'Dice'], batchSize: 1 });
	await start(page);
	await finished(page);
	const straight = await hashes(page);
	for (const hash of straight) expect(hash).toMatch(/^[0-9a-f]{64}$/u);

	await start(page);
	await pauseAfterEpoch(page);
	const shown = await scoreRow(page, 'Dice').getByRole('cell').allInnerTexts();
	const saved = await saveProject(page);

	const fresh = await freshBrowser(page);
	await openFile(fresh, 'mine.overlap.zip', saved);
	await appears(fresh.getByText(/The project “.+” is open\./u));
	expect(await scoreRow(fresh, 'Dice').getByRole('cell').allInnerTexts()).toEqual(shown);
	await expectAccessible(fresh);
	expect(Buffer.compare(await saveProject(fresh), saved), 'saved again, the same bytes').toBe(0);

	await computeWith(fresh, 'wasm');
	await runBar(fresh).getByRole('button', { name: 'Resume' }).click(patience);
	await finished(fresh);
	expect(await hashes(fresh)).toEqual(straight);
	await expect(fresh.getByText('Resumed on another backend.')).toBeHidden();

	// The older state beside the newer one: a copy, and nothing is lost.
	await openStep(fresh, 'Data');
	await button(fresh, 'Other data…').click();
	await openFile(fresh, 'mine.overlap.zip', saved);
	await appears(fresh.getByText(/opened as a copy/u));
	expect((await experiments(fresh)).map(({ name }) => name).sort()).toEqual([expect.any(String), expect.stringMatching(/\(copy\)$/u)]);
	await fresh.context().close();
});

test('a loss of one’s own goes along as code, and does not run before it is allowed', async ({ page }) => {
	test.slow();
	await openApp(page);
	await openSample(page);
	await computeWith(page, 'wasm');
	await makeSmall(page, { epochs: 3, batchSize: 1 });
	await chooseLosses(page, ['Dice']);
	await page.getByRole('link', { name: 'Write a loss of your own' }).click();
	await page.getByRole('textbox', { name: 'Loss code' }).fill('(yTrue, yPred) => yTrue.sub(yPred).square().mean()');
	await button(page, 'Check').click();
	await button(page, 'Use in the experiment').click({ timeout: 20_000 });
	await start(page);
	await finished(page);
	const straight = await hashes(page);
	await start(page);
	await pauseAfterEpoch(page);
	const saved = await saveProject(page);

	const fresh = await freshBrowser(page);
	await openFile(fresh, 'mine.overlap.zip', saved);
	await appears(scoreRow(fresh, 'My Dice'));
	await expect(runBar(fresh).getByRole('button', { name: 'Resume' })).toBeDisabled();
	await expect(fresh.getByText('My Dice has code that was not written here')).toBeVisible();
	expect(await fresh.locator('iframe').count()).toBe(0);
	const step = await openStep(fresh, 'Losses');
	await step.locator('summary').filter({ hasText: 'My Dice' }).click();
	await button(fresh, 'Allow My Dice to run').click();
	await computeWith(fresh, 'wasm');
	await runBar(fresh).getByRole('button', { name: 'Resume' }).click(patience);
	await finished(fresh);
	expect(await hashes(fresh)).toEqual(straight);
	await fresh.context().close();
});

test('a project file that is not whole is refused in a sentence, and nothing is kept', async ({ page }) => {
	await openApp(page);
	await openFile(page, 'odd.zip', zip({ 'overlap-project.json': new TextEncoder().encode('{"format":"overlap-project","version":9}') }));
	await expect(page.getByRole('alert')).toContainText('odd.zip was saved by a newer version of Overlap');
	await openFile(page, 'odd.zip', zip({ 'overlap-project.json': new TextEncoder().encode('{') }));
	await expect(page.getByRole('alert')).toContainText('odd.zip could not be opened');
	expect(await experiments(page)).toEqual([]);
});
