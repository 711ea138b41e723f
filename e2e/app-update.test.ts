import { appendFile, cp, readdir, rm } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { sealServiceWorker } from '../scripts/precache.mjs';
import { expect, readyOffline, test } from './fixtures.ts';

test.use({ serviceWorkers: 'allow' });

const mark = '<!-- the next version -->';

/** A copy of the built app that can be changed, as a host changes when a new version is deployed. */
async function copyOfApp(folder: string): Promise<string> {
	await cp('build', folder, { recursive: true });
	return folder;
}

/** Puts the next version in place: other bytes in a page, and a chunk of the old version gone. */
async function deploy(root: string): Promise<string> {
	const entry = '_app/immutable/entry';
	const [chunk] = await readdir(`${root}/${entry}`);
	await rm(`${root}/${entry}/${chunk}`);
	await appendFile(`${root}/index.html`, mark);
	await sealServiceWorker(root);
	return `${entry}/${chunk}`;
}

const html = async (page: Page) => page.evaluate(async () => (await fetch('./')).text());

async function findUpdate(page: Page): Promise<void> {
	await page.evaluate(async () => {
		const registration = await navigator.serviceWorker.ready;
		await registration.update();
		const installing = registration.installing;
		if (installing === null) return;
		await new Promise<void>((resolve) => installing.addEventListener('statechange', () => installing.state === 'installed' && resolve()));
	});
}

test('a new version waits until the page says so, and keeps the old one whole', async ({ page, serve }, testInfo) => {
	test.slow();
	const root = await copyOfApp(testInfo.outputPath('site'));
	const site = await serve({ root });
	await page.goto(site.address);
	await readyOffline(page);

	const oldChunk = await deploy(root);
	await findUpdate(page);
	expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state)).toBe('installed');

	await page.reload();
	expect(await html(page)).not.toContain(mark);

	await page.evaluate(async () => {
		const { waiting } = await navigator.serviceWorker.ready;
		if (waiting === null) throw new Error('no version waits: the reload let it take over');
		waiting.postMessage({ type: 'activate' });
	});
	// Chromium hands over only once the old worker has answered all that this page has asked it, at the latest when the page goes.
	const reloaded = async (): Promise<string> => {
		await page.reload();
		return html(page);
	};
	await expect.poll(reloaded, { timeout: 120_000 }).toContain(mark);
	// Another tab may still run the old version and ask for its chunks, which the host has no more.
	expect(await page.evaluate(async (chunk) => (await fetch(chunk)).status, oldChunk)).toBe(200);
});

test('a version that does not arrive whole is not installed', async ({ page, serve }, testInfo) => {
	const root = await copyOfApp(testInfo.outputPath('site'));
	const site = await serve({ root });
	await page.goto(site.address);
	await readyOffline(page);

	await deploy(root);
	// The host still hands out another byte than the one that was sealed.
	await appendFile(`${root}/index.html`, ' ');
	const state = await page.evaluate(async () => {
		const registration = await navigator.serviceWorker.ready;
		await registration.update();
		const { installing } = registration;
		if (installing === null) return 'not found';
		await new Promise<void>((resolve) => installing.addEventListener('statechange', () => resolve(), { once: true }));
		return installing.state;
	});
	expect(state).toBe('redundant');
	await page.reload();
	await expect(page.locator('body')).toContainText('Overlap');
});
