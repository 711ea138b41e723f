/**
 * How smooth the wall of rows is while the epoch is scrubbed: 60 images × 6 runs of drawn predictions at 256², the epoch moving
 * with every frame, beside the same page at rest. `npm run bench:wall [-- --seconds 4 --rounds 5]`. Times are from frame to
 * frame by the page's own clock. The processor time of the page's
 * process is printed too: others on the machine change it less than the time that passes.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { chromiumLaunch } from '../scripts/chromium.mjs';
import { machine } from './machine.mjs';

const { values: options } = parseArgs({
	options: { seconds: { type: 'string', default: '4' }, rounds: { type: 'string', default: '5' } },
});
const target = 33;
const outDir = resolve('node_modules/.vite-bench/wall');

/** The value below which lies `share` of all. @param {readonly number[]} values @param {number} share */
function quantile(values, share) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const config = { root: resolve('bench/wall'), configFile: /** @type {const} */ (false), logLevel: /** @type {const} */ ('error') };
await build({
	...config,
	plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
	build: { outDir, emptyOutDir: true, target: 'esnext', rolldownOptions: { input: resolve('bench/wall/wall.html') } },
});
const server = await preview({ ...config, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
const browser = await chromium.launch(chromiumLaunch());
const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
page.on('pageerror', (error) => console.error(error));
await page.goto(new URL('wall.html', server.resolvedUrls?.local[0]).href, { waitUntil: 'commit' });
await page.waitForFunction('globalThis.wall', undefined, { timeout: 120_000 });

const devtools = await browser.newBrowserCDPSession();

/** Processor time of the pages' processes so far, milliseconds. */
async function cpuMs() {
	const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
	return 1000 * processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** @param {string} mode @param {boolean} scrubs @returns {Promise<{ times: number[], cells: number, painted: number, cpu: number }>} */
async function frames(mode, scrubs) {
	const before = await cpuMs();
	const measured = await page.evaluate(`globalThis.wall.frames(${Number(options.seconds)}, ${JSON.stringify(mode)}, ${scrubs})`);
	return { ...measured, cpu: (await cpuMs()) - before };
}

const cases = [
	{ name: 'at rest (control)', mode: 'overlay', scrubs: false },
	{ name: 'scrubbing, Fill', mode: 'overlay', scrubs: true },
	{ name: 'scrubbing, Errors', mode: 'errors', scrubs: true },
	{ name: 'scrubbing, Outline', mode: 'outline', scrubs: true },
	{ name: 'scrubbing, Probability', mode: 'probability', scrubs: true },
];
/** @type {Map<string, Awaited<ReturnType<typeof frames>>[]>} */
const rounds = new Map(cases.map(({ name }) => [name, []]));
const loads = [];
let cells = 0;
// What the compiler has not seen yet is slow once.
for (const { mode } of cases) await frames(mode, true);
for (let round = 0; round < Number(options.rounds); round++) {
	loads.push(loadavg()[0] ?? 0);
	for (const { name, mode, scrubs } of cases) {
		const measured = await frames(mode, scrubs);
		cells = measured.cells;
		rounds.get(name)?.push(measured);
	}
}
await browser.close();
await server.close();
await rm(outDir, { recursive: true, force: true });

const ms = (/** @type {number} */ value) => value.toFixed(1);
const rows = cases.map(({ name }) => {
	const measured = rounds.get(name) ?? [];
	const all = measured.flatMap(({ times }) => times);
	const p95 = measured.map(({ times }) => quantile(times, 0.95));
	const perFrame = (/** @type {'painted' | 'cpu'} */ what) => measured.reduce((sum, round) => sum + round[what], 0) / all.length;
	return {
		name,
		p50: quantile(all, 0.5),
		p95: quantile(all, 0.95),
		most: Math.max(...all),
		spread: `${ms(Math.min(...p95))} to ${ms(Math.max(...p95))}`,
		painted: perFrame('painted'),
		cpu: perFrame('cpu'),
	};
});
const worst = Math.max(...rows.map(({ p95 }) => p95));
const lines = [
	'# The wall of rows while the epoch is scrubbed',
	'',
	`Printed by \`npm run bench:wall\` on ${await machine()}.`,
	`60 images × 6 runs of drawn predictions at 256², in a window of 1600 × 1000: ${cells} pictures are in view or next to it. The epoch moves with every`,
	`frame; nothing painted is kept for later. ${options.rounds} rounds of ${options.seconds} s each; others worked on the machine meanwhile (load`,
	`${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)} on two cores, this bench included). Times are from frame to frame, in milliseconds; the screen asks for one every 16.7.`,
	'',
	'A frame paints for 12 ms at most; what is left over comes in the next one, so “pictures a frame” says how much of the wall followed at once.',
	'',
	'| what | p50 | p95 | p95 by round | max | pictures a frame | processor time a frame |',
	'|---|---|---|---|---|---|---|',
	...rows.map(
		({ name, p50, p95, spread, most, painted, cpu }) =>
			`| ${name} | ${ms(p50)} | ${ms(p95)} | ${spread} | ${ms(most)} | ${ms(painted)} | ${ms(cpu)} |`,
	),
	'',
	worst <= target
		? `The target, p95 of ${target} ms or less, is met in every mode.`
		: `The target, p95 of ${target} ms or less, is missed: ${rows.flatMap(({ name, p95 }) => (p95 > target ? [`${name} ${ms(p95)} ms`] : [])).join(', ')}.`,
	'',
];
console.log(lines.join('\n'));
await mkdir('bench/results', { recursive: true });
await writeFile('bench/results/wall.md', lines.join('\n'));
