/** Drives the built app in a headless browser the way a person would, for the demo and the benchmarks. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright';
import { chromiumLaunch } from './chromium.mjs';

/** Starts the server of the built app. Resolves with its address. */
async function serve() {
	if (!existsSync('build/index.html')) throw new Error('There is no build. Run `npm run build` first.');
	const server = spawn(process.execPath, ['scripts/serve.mjs', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
	for await (const line of createInterface(server.stdout)) {
		const address = /https?:\/\/\S+/.exec(line)?.[0];
		if (address) return { server, address };
	}
	throw new Error('The server ended before it was ready.');
}

/**
 * The app in a fresh browser profile.
 * @param {{ width?: number, height?: number, colorScheme?: 'light' | 'dark', hash?: string }} [options] `hash`: a link to an experiment's choices
 */
export async function startApp({ width = 1440, height = 900, colorScheme = 'light', hash = '' } = {}) {
	const { server, address } = await serve();
	const browser = await chromium.launch(chromiumLaunch());
	const context = await browser.newContext({ viewport: { width, height }, colorScheme, acceptDownloads: true });
	const page = await context.newPage();
	page.on('pageerror', (error) => {
		console.error(error);
		process.exitCode = 1;
	});
	await page.goto(`${address}${hash}`);
	await page.getByRole('heading', { name: 'Which loss fits your masks?' }).waitFor();

	/** Opens a step of the left column unless it is open. @param {string} name */
	async function openStep(name) {
		const heading = page.getByRole('button', { name: new RegExp(`^\\d\\s*${name}`) });
		if ((await heading.getAttribute('aria-expanded')) !== 'true') await heading.click();
	}

	/** Types into a number field and leaves it. @param {string} label @param {number} value */
	async function setNumber(label, value) {
		const field = page.getByRole('textbox', { name: label, exact: true });
		await field.fill(String(value));
		await field.press('Tab');
	}

	const runRegion = page.getByRole('region', { name: 'Run', exact: true });

	return {
		page,
		browser,
		browserVersion: browser.version(),
		openStep,
		setNumber,

		/** @param {string} name as on its card, any case */
		async openSample(name) {
			await page
				.getByRole('button', { name: new RegExp(`^${name}\\b`, 'i') })
				.first()
				.click();
			await page.getByRole('button', { name: 'Start', exact: true }).waitFor();
		},

		/** A sample drawn otherwise. @param {string} name as on its card @param {Record<string, number>} values by the label of the field */
		async openSampleWith(name, values) {
			const card = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: new RegExp(`^${name}\\b`) }) });
			await card.getByRole('button', { name: 'Change it first…' }).click();
			for (const [label, value] of Object.entries(values)) await setNumber(label, value);
			await page.getByRole('button', { name: 'Use this sample' }).click();
			await page.getByRole('button', { name: 'Start', exact: true }).waitFor({ timeout: 120_000 });
		},

		/** Opens a folder from the disk, as the folder chooser does. @param {string} folder */
		async openFolder(folder) {
			await page.locator('input[type=file][webkitdirectory]').setInputFiles(folder);
			await page.getByRole('button', { name: /^Use [\d\s]+ pairs$/ }).waitFor({ timeout: 300_000 });
		},

		/** Makes the masks binary: foreground above a stored value. @param {number} threshold */
		async setThreshold(threshold) {
			await page.getByRole('radio', { name: 'Foreground above a threshold' }).check();
			await setNumber('Threshold', threshold);
		},

		async acceptFiles() {
			await page.getByRole('button', { name: /^Use [\d\s]+ pairs$/ }).click({ timeout: 300_000 });
			await page.getByRole('button', { name: 'Start', exact: true }).waitFor({ timeout: 300_000 });
		},

		/** @param {number} epochs */
		async setEpochs(epochs) {
			await openStep('Train');
			await setNumber('Epochs', epochs);
		},

		/** Keeps only these losses, by label. @param {string[]} labels */
		async keepLosses(labels) {
			await openStep('Losses');
			const removers = page.getByRole('button', { name: /^Remove / });
			for (const name of await removers.evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? ''))) {
				if (!labels.includes(name.replace('Remove ', ''))) await page.getByRole('button', { name, exact: true }).click();
			}
		},

		/** Presses Start, and comes back once the page has answered: the end of an earlier experiment must not pass for this one's. */
		async start() {
			const button = page.getByRole('button', { name: /^(Start|Start again|Restart with these changes)$/ });
			await button.click();
			await button.waitFor({ state: 'hidden' });
		},

		/** Waits for the end of the runs. @param {(progress: { done: number, total: number, label: string }) => void} [tell] */
		async finished(tell = () => undefined) {
			const over = page.getByRole('button', { name: /^(Start again|Restart with these changes)$/ });
			for (;;) {
				if (await over.isVisible()) return;
				const progress = await runRegion
					.locator('progress')
					.first()
					.evaluate((bar) => (bar instanceof HTMLProgressElement ? { done: bar.value, total: bar.max } : null))
					.catch(() => null);
				if (progress && progress.total > 1) {
					const lines = (await runRegion.innerText().catch(() => '')).split('\n');
					tell({ ...progress, label: lines.find((line) => line.startsWith('epoch')) ?? '' });
				}
				await over.waitFor({ timeout: 500 }).catch(() => undefined);
			}
		},

		/** The document that "Save results as JSON" gives. */
		async results() {
			const download = page.waitForEvent('download');
			await page.getByRole('button', { name: 'Save results as JSON' }).click();
			return JSON.parse(await readFile(await (await download).path(), 'utf8'));
		},

		/** The report that "Save report" gives. @param {'HTML, with pictures' | 'Markdown'} [format] */
		async report(format = 'HTML, with pictures') {
			await page.getByRole('button', { name: 'Save report' }).click();
			const download = page.waitForEvent('download');
			await page.getByRole('button', { name: format }).click();
			return readFile(await (await download).path(), 'utf8');
		},

		async close() {
			await browser.close();
			server.kill();
		},
	};
}
