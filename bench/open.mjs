/**
 * How long it takes to open many files, and large ones, in the built app, and whether the page stays free meanwhile.
 * `npm run bench:open [-- --sets 120,1000,10000,4096]`. Images and masks are drawn here: noise and discs, as PNG.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { startApp } from '../scripts/drive-app.mjs';
import { machine } from './machine.mjs';

/** @typedef {{ words: string, pairs: number, side: number, channels: 1 | 3, tiles?: number }} Set */

/** @type {Record<string, Set>} */
const sets = {
	120: { words: '120 files of 128²', pairs: 60, side: 128, channels: 3 },
	1000: { words: '1,000 files of 128²', pairs: 500, side: 128, channels: 3 },
	10000: { words: '10,000 files of 128²', pairs: 5000, side: 128, channels: 3 },
	4096: { words: 'two pairs of 4,096², RGB', pairs: 2, side: 4096, channels: 3 },
	16384: { words: 'a pair of 16,384², grey, as 64 tiles', pairs: 1, side: 16_384, channels: 1, tiles: 64 },
};

const { values: options } = parseArgs({ options: { sets: { type: 'string', default: Object.keys(sets).join(',') } } });
const { module } = await runnerImport(resolve('src/lib/importers/png-encode.ts'), { configFile: false, logLevel: 'error' });

/** Grey noise of a linear congruential generator, with a brighter disc where the mask has one. @param {Set} set @param {number} seed */
function drawPair({ side, channels }, seed) {
	let state = seed + 1;
	const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
	const data = new Uint8Array(side * side * channels);
	const mask = new Uint8Array(side * side);
	const [centre, radius] = [side * (0.3 + (seed % 5) / 10), side / 6];
	for (let y = 0; y < side; y++) {
		for (let x = 0; x < side; x++) {
			const inside = (x - centre) ** 2 + (y - side / 2) ** 2 < radius ** 2;
			const at = y * side + x;
			mask[at] = inside ? 255 : 0;
			data.fill((next() >> 1) + (inside ? 100 : 0), at * channels, (at + 1) * channels);
		}
	}
	return { image: module.encodeSamples({ width: side, height: side, channels, data }), mask: module.encodePng(side, side, mask) };
}

/** @param {string} folder @param {Set} set */
async function writeSet(folder, set) {
	await mkdir(join(folder, 'images'), { recursive: true });
	await mkdir(join(folder, 'masks'));
	for (let index = 0; index < set.pairs; index++) {
		const { image, mask } = drawPair(set, index);
		const name = `${String(index).padStart(5, '0')}.png`;
		await writeFile(join(folder, 'images', name), image);
		await writeFile(join(folder, 'masks', name), mask);
	}
}

/** Peak of the memory that the page's process held, MiB; also that of its workers, which share it. @param {import('playwright').Browser} browser */
async function peakMiB(browser) {
	const devtools = await browser.newBrowserCDPSession();
	const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
	const peaks = processInfo
		.filter(({ type }) => type === 'renderer')
		.map(async ({ id }) => Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${id}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024);
	return Math.max(...(await Promise.all(peaks)));
}

/** Watches the gaps between frames; what it returns gives the longest since the last call, milliseconds. @param {import('playwright').Page} page */
async function watchFrames(page) {
	await page.evaluate(() => {
		const watch = { last: performance.now(), longest: 0 };
		Object.assign(globalThis, { frameWatch: watch });
		const frame = () => {
			const now = performance.now();
			watch.longest = Math.max(watch.longest, now - watch.last);
			watch.last = now;
			requestAnimationFrame(frame);
		};
		requestAnimationFrame(frame);
	});
	return () => page.evaluate('{ const longest = frameWatch.longest; frameWatch.longest = 0; longest; }').then(Number);
}

/** @param {Set} set */
async function measure(set) {
	const folder = await mkdtemp(join(tmpdir(), 'overlap-open-'));
	const app = await startApp();
	try {
		await writeSet(join(folder, 'set'), set);
		const longestGap = await watchFrames(app.page);
		const use = app.page.getByRole('button', { name: /^Use [\d\u202f]+ pairs?$/ });
		const startedAt = performance.now();
		await app.page.locator('input[type=file][webkitdirectory]').setInputFiles(join(folder, 'set'));
		await use.waitFor({ timeout: 1_200_000 });
		const proposedAt = performance.now();
		const proposing = await longestGap();
		const count = Number((await use.innerText()).replace(/\D/gu, ''));
		const expected = set.pairs * (set.tiles ?? 1);
		if (count !== expected) throw new Error(`${set.words}: ${count} of ${expected} pairs are offered`);
		const pressedAt = performance.now();
		await use.click();
		await app.page.getByRole('button', { name: 'Start', exact: true }).waitFor({ timeout: 1_200_000 });
		const storedAt = performance.now();
		const seconds = (/** @type {number} */ from, /** @type {number} */ to) => ((to - from) / 1000).toFixed(1);
		const gaps = [proposing, await longestGap()].map((gap) => gap.toFixed(0));
		return [
			set.words,
			seconds(startedAt, proposedAt),
			gaps[0],
			seconds(pressedAt, storedAt),
			gaps[1],
			(await peakMiB(app.browser)).toFixed(0),
		];
	} finally {
		await app.close();
		await rm(folder, { recursive: true });
	}
}

const rows = [];
for (const name of options.sets.split(',')) {
	const set = sets[name];
	if (!set) throw new Error(`There is no set ${name}; there are ${Object.keys(sets).join(', ')}.`);
	rows.push(await measure(set));
	console.log(rows.at(-1)?.join(' | '));
}
const report = `# Opening many files, and large ones

Printed by \`npm run bench:open\` on ${await machine()}.
From the choice of the folder to the table of pairs, and from “Use …” to the stored data set. The longest gap is between two frames of the page, in
milliseconds; the screen asks for one every 16.7. Memory is the peak of the page's process with its workers, MiB.

| what | read, s | longest gap, ms | stored, s | longest gap, ms | peak, MiB |
|---|---|---|---|---|---|
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;
console.log(report);
await writeFile('bench/results/open.md', report);
