/** The `test` of every journey: it serves the built app, and fails on anything that goes wrong behind the person's back. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import axe from 'axe-core';
import { createSiteServer, listen } from '../scripts/serve.mjs';

export { expect };

type SiteOptions = Parameters<typeof createSiteServer>[0];

interface Site {
	/** Address of the app's root, with a slash at its end. */
	readonly address: string;
	/** From here on the host cannot be reached. */
	close(): Promise<void>;
}

interface Fixtures {
	/** Serves the built app in another way than the default: below a path, without isolation, from another folder. */
	serve: (options?: Partial<SiteOptions>) => Promise<Site>;
	/** What the journey provokes on purpose. Anything else that goes wrong fails it. */
	expectedProblems: RegExp[];
	/** What went wrong so far. */
	problems: string[];
}

/** Every host that a journey served: no other may be asked for anything. */
const ownOrigins = new Set<string>();

async function start(options: Partial<SiteOptions> = {}): Promise<Site> {
	const server = createSiteServer({ root: 'build', ...options });
	const port = await listen(server, { port: 0 });
	ownOrigins.add(`http://localhost:${port}`);
	return { address: `http://localhost:${port}${options.base ?? '/'}`, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
	if (!server.listening) return;
	server.close();
	server.closeAllConnections();
	await once(server, 'close');
}

export const test = base.extend<Fixtures, { site: Site }>({
	expectedProblems: [[], { option: true }],

	site: [
		async ({}, use) => {
			const site = await start();
			await use(site);
			await site.close();
		},
		{ scope: 'worker' },
	],

	baseURL: async ({ site }, use) => use(site.address),

	serve: async ({}, use) => {
		const sites: Site[] = [];
		await use(async (options) => {
			const site = await start(options);
			sites.push(site);
			return site;
		});
		for (const site of sites) await site.close();
	},

	problems: [
		async ({ context, expectedProblems }, use) => {
			const problems: string[] = [];
			await watch(context, problems);
			await use(problems);
			expect(
				problems.filter((problem) => !expectedProblems.some((pattern) => pattern.test(problem))),
				'nothing goes wrong behind the person’s back',
			).toEqual([]);
		},
		{ auto: true },
	],
});

/** Collects uncaught errors, console errors (the page's and its workers'), policy violations, GPU errors, requests to any other host, and workers that the page's policy does not cover. */
async function watch(context: BrowserContext, problems: string[]): Promise<void> {
	await context.addInitScript(reportSilentFailures);
	context.on('weberror', (event) => problems.push(`uncaught: ${String(event.error())}`));
	context.on('console', (message) => {
		if (message.type() === 'error') problems.push(`console: ${message.text()}`);
	});
	context.on('page', (page) => {
		page.on('worker', (worker) => {
			if (worker.url().startsWith('http')) problems.push(`worker outside the page's policy: ${worker.url()}`);
		});
	});
	context.on('request', (request) => {
		const url = new URL(request.url());
		if (url.protocol.startsWith('http') && !ownOrigins.has(url.origin)) problems.push(`request to another host: ${url.href}`);
	});
}

/** Runs in the page, before its own scripts: turns what a page hears of but does not show into console errors. */
function reportSilentFailures(): void {
	document.addEventListener('securitypolicyviolation', (event) => {
		console.error(`policy violation: ${event.effectiveDirective} refused ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`);
	});
	if (!('GPUAdapter' in globalThis)) return;
	const requestDevice = GPUAdapter.prototype.requestDevice;
	GPUAdapter.prototype.requestDevice = async function (...options) {
		const device = await requestDevice.apply(this, options);
		device.addEventListener('uncapturederror', (event) => console.error(`GPU: ${event.error.message}`));
		return device;
	};
}

/** Fails on what axe-core finds on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
	// A colour half way between two would be measured as if it stayed.
	await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
	// An evaluated text is not subject to the page's policy, a script tag would be. It stays until the page is loaded anew.
	if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
	const violations = await page.evaluate(async () => {
		// What passes need not be described.
		const { violations: found } = await (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] });
		return found.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ target }) => target.join(' ')) }));
	});
	expect(violations, 'axe finds nothing').toEqual([]);
}

/** Resolves when the whole app is kept for use offline and answers for this page. */
export async function readyOffline(page: Page): Promise<void> {
	await page.evaluate(async () => {
		await navigator.serviceWorker.ready;
		if (navigator.serviceWorker.controller !== null) return;
		await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
	});
}
