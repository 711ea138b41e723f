// Runs the benches of this folder in Node or in real Chromium.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * @typedef {typeof import('./bench.ts').benches} Benches
 * @typedef {{ device: string, close(): Promise<void>, cpuMs(): Promise<number>,
 *   run<K extends keyof Benches>(name: K, request: Parameters<Benches[K]>[0]): Promise<Awaited<ReturnType<Benches[K]>>> }} Bench
 */

/**
 * The benches in this process. Node 20 has no relaxed SIMD.
 * @param {import('vite').ViteDevServer} server
 * @param {boolean} stock
 */
async function inNode(server, stock) {
	const { startNodeBench } = await server.ssrLoadModule('/bench/kernels/bench-node.ts');
	const { benches, device } = await startNodeBench({ stock });
	return {
		device: `Node ${process.version}, ${device}`,
		run: (/** @type {string} */ name, /** @type {unknown} */ request) => benches[name](request),
		cpuMs: async () => {
			const { user, system } = process.cpuUsage();
			return (user + system) / 1000;
		},
		close: () => server.close(),
	};
}

/**
 * A page of the folder `bench` in Chromium, isolated so that its clock is fine.
 * @param {string} path from `bench` on
 * @param {string} ready a global that the page sets last
 */
export async function openPage(path, ready) {
	const { chromium } = await import('playwright');
	const { chromiumLaunch } = await import('../../scripts/chromium.mjs');
	const server = await serve(`bench/${path}`);
	await server.listen();
	const browser = await chromium.launch(chromiumLaunch());
	const page = await browser.newPage();
	page.on('pageerror', (error) => console.error(error));
	await page.goto(new URL(`/bench/${path}`, server.resolvedUrls?.local[0]).href);
	await page.waitForFunction(`globalThis.${ready}`, undefined, { timeout: 60_000 });
	return {
		browser,
		page,
		close: async () => {
			await browser.close();
			await server.close();
		},
	};
}

/** The kernels' benches in a page. */
async function inChromium() {
	const { browser, page, close } = await openPage('kernels/bench.html', 'device');
	const devtools = await browser.newBrowserCDPSession();
	return {
		device: `Chromium ${browser.version()}, ${await page.evaluate('globalThis.device')}`,
		run: (/** @type {string} */ name, /** @type {unknown} */ request) =>
			page.evaluate(`globalThis.benches[${JSON.stringify(name)}](${JSON.stringify(request)})`),
		cpuMs: async () => {
			const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
			const renderers = processInfo.filter(({ type }) => type === 'renderer');
			return 1000 * renderers.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
		},
		close,
	};
}

/** @param {string} entry a page whose packages are made ready */
function serve(entry) {
	return createServer({
		root,
		configFile: false,
		logLevel: 'error',
		appType: 'mpa',
		cacheDir: `node_modules/.vite-bench/${entry.replaceAll('/', '-')}`,
		oxc: { target: 'es2022' },
		optimizeDeps: { entries: [entry] },
		server: {
			host: '127.0.0.1',
			hmr: false,
			watch: null,
			headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
		},
	});
}

/**
 * @param {{ chromium?: boolean, stock?: boolean }} options `stock` leaves our kernels out, in Node only
 * @returns {Promise<Bench>}
 */
export async function openBench({ chromium = false, stock = false }) {
	return chromium ? inChromium() : inNode(await serve('bench/kernels/bench.html'), stock);
}
