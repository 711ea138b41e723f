/** A worker is covered by the page's policy only when it is started in the right way; this shows that ours are. */
import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { listen } from '../scripts/serve.mjs';
import { expect, test } from './fixtures.ts';

// Each refusal is reported; they are what is tested here.
test.use({ expectedProblems: [/./] });

const allRefused = {
	fetch: 'refused',
	xhr: 'refused',
	webSocket: 'refused',
	eventSource: 'refused',
	import: 'refused',
	nestedWorker: 'refused',
	eval: 'refused',
	newFunction: 'refused',
	timerText: 'refused',
};
const allNeeded = { ownFile: 'worked', webAssembly: 'worked', lazyChunk: 'worked', gpu: true };

const folder = 'test-results/worker-probe';

/** Builds the probe as the app is built: `index.html` under the policy of the app's own start page, `free.html` under none. */
test.beforeAll(async () => {
	await build({
		configFile: false,
		root: 'e2e/worker-probe',
		base: './',
		logLevel: 'error',
		worker: { format: 'es' },
		build: { outDir: resolve(folder), target: 'es2022', emptyOutDir: true },
	});
	const [policy] = /<meta http-equiv="content-security-policy"[^>]*>/.exec(await readFile('build/index.html', 'utf8')) ?? [];
	if (policy === undefined) throw new Error('the start page has no policy');
	const page = await readFile(`${folder}/index.html`, 'utf8');
	await writeFile(`${folder}/free.html`, page);
	await writeFile(`${folder}/index.html`, page.replace('<head>', `<head>${policy}`));
	await copyFile('build/_headers', `${folder}/_headers`);
});

/** Another host that welcomes everybody, and counts who comes. */
async function startStranger() {
	let visits = 0;
	const server = createServer((request, response) => {
		visits++;
		const type = request.headers.accept === 'text/event-stream' ? 'text/event-stream' : 'text/javascript';
		response.writeHead(200, { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin', 'content-type': type });
		response.end('globalThis.postMessage?.(1);');
	});
	server.on('upgrade', (_, socket) => {
		visits++;
		socket.destroy();
	});
	const port = await listen(server, { port: 0 });
	return {
		address: `http://localhost:${port}/`,
		visits: () => visits,
		close: async () => {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}

async function probe(page: Page, site: string, stranger: string): Promise<Record<string, unknown>> {
	await page.goto(`${site}?stranger=${encodeURIComponent(stranger)}`);
	await expect(page).toHaveTitle(/^\{/);
	return JSON.parse(await page.title()) as Record<string, unknown>;
}

for (const base of ['/', '/some/where/']) {
	for (const isolation of [true, false]) {
		test(`a worker reaches nobody and runs no text, below ${base}, ${isolation ? 'isolated' : 'not isolated'}`, async ({ page, serve }) => {
			const site = await serve({ root: folder, base, isolation });
			const stranger = await startStranger();
			expect(await probe(page, site.address, stranger.address)).toEqual({ ...allRefused, ...allNeeded, isolated: isolation });
			expect(stranger.visits()).toBe(0);
			await stranger.close();
		});
	}
}

test('the probe finds what a worker may do on a page without a policy', async ({ page, serve }) => {
	const site = await serve({ root: folder });
	const stranger = await startStranger();
	expect(await probe(page, `${site.address}free.html`, stranger.address)).toMatchObject({
		fetch: 'worked',
		xhr: 'worked',
		import: 'worked',
		eval: 'worked',
		newFunction: 'worked',
		timerText: 'worked',
		...allNeeded,
	});
	expect(stranger.visits()).toBeGreaterThan(0);
	await stranger.close();
});
