/** What a person does on the workbench, in a person's words. Nothing here waits for time to pass, only for what appears. */
import type { Locator, Page } from '@playwright/test';
import { zipSync } from 'fflate';
import type { CheckpointManifest } from '#lib/core/records.ts';
import type { ExperimentRecord } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { expect } from './fixtures.ts';
import type { PictureFile } from './pictures.ts';

/** Training on a shared two-core machine without a GPU: what a run may take, not what it should. */
export const patience = { timeout: 90_000 };

/** Waits for something that takes its time. `expect` would describe the whole page at each look until then, which slows the page down. */
export const appears = (locator: Locator): Promise<void> => locator.waitFor({ state: 'visible', ...patience });

export const runBar = (page: Page): Locator => page.getByRole('region', { name: 'Run', exact: true });
export const scores = (page: Page): Locator => page.getByRole('region', { name: 'Scores, table' });
export const images = (page: Page): Locator => page.getByRole('region', { name: 'Images', exact: true });
export const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });

/** The scores' row of a run: its loss names it. */
export const scoreRow = (page: Page, name: string | RegExp): Locator =>
	scores(page)
		.locator('tbody')
		.getByRole('row')
		.filter({ has: page.getByRole('button', { name, exact: true }) });

export async function openApp(page: Page): Promise<void> {
	await page.goto('');
	await appears(page.getByRole('heading', { name: 'Which loss fits your masks?' }));
}

/** Draws a sample of few and small images and opens it. */
export async function openSample(page: Page, name = 'Cells', { count = 8 } = {}): Promise<void> {
	await page
		.getByRole('listitem')
		.filter({ has: page.getByRole('button', { name: new RegExp(`^${name}`, 'u') }) })
		.getByRole('button', { name: 'Change it first…' })
		.click();
	const dialog = page.getByRole('dialog');
	await type(dialog, 'Images', count);
	await type(dialog, 'Image size', 64);
	await dialog.getByRole('button', { name: 'Use this sample' }).click();
	await appears(images(page));
}

/** Opens one of the four steps, if it is closed. */
export async function openStep(page: Page, name: 'Data' | 'Model' | 'Losses' | 'Train'): Promise<Locator> {
	const step = page.getByRole('group', { name, exact: true });
	const heading = page.getByRole('complementary', { name: 'Experiment' }).getByRole('button', { name: new RegExp(`^\\d ${name}\\b`, 'u') });
	if ((await heading.getAttribute('aria-expanded')) !== 'true') await heading.click();
	return step;
}

/** Types a number into a field. */
export async function type(within: Locator, label: string, value: number): Promise<void> {
	const field = within.getByLabel(label, { exact: true });
	await field.fill(String(value));
	await field.press('Tab');
	await expect(field).toHaveValue(String(value));
}

interface Small {
	readonly epochs?: number;
	readonly size?: number;
	/** Names of the losses, in this order, as the list of losses has them. */
	readonly losses?: readonly string[];
	readonly batchSize?: number;
}

/** Makes the experiment as small as it can be: the smallest net on small squares, few epochs. */
export async function makeSmall(page: Page, { epochs = 2, size = 32, losses, batchSize = 2 }: Small = {}): Promise<void> {
	const model = await openStep(page, 'Model');
	await model.getByRole('radio', { name: 'Tiny' }).check();
	await type(model, 'Size', size);
	const train = await openStep(page, 'Train');
	await type(train, 'Epochs', epochs);
	await type(train, 'Batch size', batchSize);
	if (losses) await chooseLosses(page, losses);
}

export async function chooseLosses(page: Page, losses: readonly string[]): Promise<void> {
	const step = await openStep(page, 'Losses');
	const remove = step.getByRole('button', { name: /^Remove / });
	for (let left = await remove.count(); left > 0; left--) {
		await remove.first().click();
		await expect(remove).toHaveCount(left - 1);
	}
	await step.getByRole('button', { name: 'Add a loss…' }).click();
	const picker = page.getByRole('dialog', { name: 'Add losses' });
	for (const [index, loss] of losses.entries()) {
		await picker.getByRole('button', { name: loss, exact: true }).click();
		await expect(remove).toHaveCount(index + 1);
	}
	await picker.getByRole('button', { name: 'Done' }).click();
}

/** Makes the page compute with one backend. */
export async function computeWith(page: Page, backend: 'wasm' | 'cpu'): Promise<void> {
	await page.getByLabel('Computes with').selectOption(backend);
}

export async function start(page: Page): Promise<void> {
	await runBar(page)
		.getByRole('button', { name: /^(Start|Start again|Restart with these changes)$/ })
		.click();
}

/** Waits until every run is done. */
export async function finished(page: Page): Promise<void> {
	await appears(runBar(page).getByRole('button', { name: 'Start again' }));
}

/** Waits until the first epoch of every run is scored: each pane over the images has a number. */
export async function firstEpoch(page: Page): Promise<void> {
	const last = scores(page).getByRole('row').last().getByRole('cell').last();
	await appears(last.filter({ hasText: /^\s*\d+\s*$/ }));
}

/** Drops files anywhere on the page, as the browser does it. */
export async function drop(page: Page, files: readonly PictureFile[]): Promise<void> {
	const transfer = await page.evaluateHandle(
		(list) => {
			const data = new DataTransfer();
			for (const { name, mimeType, base64 } of list) {
				const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
				data.items.add(new File([bytes], name, { type: mimeType }));
			}
			return data;
		},
		files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') })),
	);
	for (const event of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', event, { dataTransfer: transfer });
	await transfer.dispose();
}

/** Opens files by the button. */
export async function choose(page: Page, files: readonly PictureFile[]): Promise<void> {
	const chooser = page.waitForEvent('filechooser');
	await button(page, 'Open files…').click();
	await (await chooser).setFiles([...files]);
}

/** A zip of files by path. */
export const zip = (entries: Readonly<Record<string, Uint8Array>>): Buffer => Buffer.from(zipSync({ ...entries }, { level: 0 }));

/** Takes what the table of pairs proposes. */
export async function usePairs(page: Page, count: number): Promise<void> {
	await button(page, `Use ${count} pairs`).click();
	await appears(images(page));
}

/** Everything in one store of the app's database, read as the page itself would. */
async function stored(page: Page, store: string): Promise<unknown[]> {
	return page.evaluate(async (name) => {
		const settled = <T>(request: IDBRequest<T>): Promise<T> =>
			new Promise((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error ?? new Error('the store cannot be read'));
			});
		const database = await settled(indexedDB.open('overlap:/'));
		const all: unknown[] = await settled(database.transaction(name).objectStore(name).getAll());
		database.close();
		return all;
	}, store);
}

/** The stored data sets, the newest last. */
export async function datasets(page: Page): Promise<DatasetMeta[]> {
	const all = (await stored(page, 'datasets')) as DatasetMeta[];
	return all.sort((a, b) => a.createdAt - b.createdAt);
}

/** The stored experiments, the newest last. */
export async function experiments(page: Page): Promise<ExperimentRecord[]> {
	const all = (await stored(page, 'experiments')) as ExperimentRecord[];
	return all.sort((a, b) => a.createdAt - b.createdAt);
}

/** The commit records of all stored checkpoints. */
export async function checkpoints(page: Page): Promise<CheckpointManifest[]> {
	return ((await stored(page, 'checkpoints')) as { manifest: CheckpointManifest }[]).map(({ manifest }) => manifest);
}
