// Starts the golden suite in this process, or in real Chromium for WebGPU.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * @typedef {typeof import('./golden-node.ts')} Suite
 * @typedef {Pick<Suite, 'runCases' | 'runRelations' | 'readCases' | 'readRelations' | 'checkReductions' | 'checkMetrics' | 'markdown' | 'plainTable'>
 *   & { device: string, read: Suite['readGolden'], close(): Promise<void> }} Golden
 */

/** @param {import('vite').ViteDevServer} server */
async function inChromium(server) {
	const { chromium } = await import('playwright');
	const { chromiumLaunch } = await import('../../scripts/chromium.mjs');
	await server.listen();
	const browser = await chromium.launch(chromiumLaunch());
	const page = await browser.newPage();
	page.on('pageerror', (error) => console.error(error));
	await page.goto(new URL('/bench/golden/golden.html', server.resolvedUrls?.local[0]).href);
	await page.waitForFunction('globalThis.golden', undefined, { timeout: 120_000 });
	/** @type {(name: string, given: unknown) => Promise<any>} */
	const call = (name, given) => page.evaluate(`globalThis.golden[${JSON.stringify(name)}](${JSON.stringify(given)})`);
	return {
		device: `Chromium ${browser.version()}, ${await page.evaluate('globalThis.golden.device')}`,
		/** @type {Suite['runCases']} */
		runCases: (cases) => call('runCases', cases),
		/** @type {Suite['runRelations']} */
		runRelations: (file) => call('runRelations', file),
		close: () => browser.close(),
	};
}

/**
 * @param {'cpu' | 'wasm' | 'webgpu'} backend
 * @returns {Promise<Golden>}
 */
export async function openGolden(backend) {
	const server = await createServer({
		root,
		configFile: false,
		logLevel: 'error',
		appType: 'mpa',
		cacheDir: 'node_modules/.vite-golden',
		oxc: { target: 'es2022' },
		optimizeDeps: { entries: ['bench/golden/golden.html'] },
		server: { host: '127.0.0.1', hmr: false, watch: null },
	});
	const suite = await server.ssrLoadModule('/bench/golden/golden-node.ts');
	const here = {
		runCases: suite.runCases,
		runRelations: suite.runRelations,
		device: backend === 'webgpu' ? '' : `Node ${process.version}, ${await suite.start(backend)}`,
		close: async () => {},
	};
	const there = backend === 'webgpu' ? await inChromium(server) : here;
	const { readCases, readRelations, checkMetrics, checkReductions, markdown, plainTable } = suite;
	const { runCases, runRelations, device } = there;
	const close = async () => {
		await there.close();
		await server.close();
	};
	const read = suite.readGolden;
	return { read, readCases, readRelations, checkMetrics, checkReductions, markdown, plainTable, runCases, runRelations, device, close };
}
