import { appendFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { sealServiceWorker } from '../scripts/precache.mjs';
import { expect, readyOffline, test } from './fixtures.ts';

test.use({ serviceWorkers: 'allow' });

/** What the next version's page says. */
const nextVersion = ['data-version', 'next'] as const;

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
	const page = `${root}/index.html`;
	await writeFile(page, (await readFile(page, 'utf8')).replace('<html', `<html ${nextVersion[0]}="${nextVersion[1]}"`));
	await sealServiceWorker(root);
	return `${entry}/${chunk}`;
}

const html = (page: Page) => page.locator('html');

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
	await expect(html(page)).not.toHaveAttribute(...nextVersion);

	await page.getByRole('button', { name: 'Change to it now' }).click();
	// Chromium hands over when the old worker is idle. With a debugger attached, as here, it at times starts that worker again instead.
	const debuggerOfPage = await page.context().newCDPSession(page);
	await debuggerOfPage.send('ServiceWorker.enable');
	const handedOver = async (): Promise<string | null> => {
		await debuggerOfPage.send('ServiceWorker.stopAllWorkers');
		return html(page).getAttribute(nextVersion[0]);
	};
	await expect.poll(handedOver, { intervals: [1000] }).toBe(nextVersion[1]);
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
