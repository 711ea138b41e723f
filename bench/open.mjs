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

/**
 * Watches the gaps between frames; what it returns gives the longest since the last call, milliseconds. It begins anew when the browser
 * has handed the files over: Playwright makes them on the page's thread, which takes seconds for thousands, and no person's chooser does.
 * @param {import('playwright').Page} page
 */
async function watchFrames(page) {
	await page.evaluate(() => {
		const watch = { last: performance.now(), longest: 0, givenAt: 0 };
		Object.assign(globalThis, { frameWatch: watch });
		const beginAnew = () => Object.assign(watch, { last: performance.now(), longest: 0, givenAt: performance.now() });
		addEventListener('change', beginAnew, { capture: true, once: true });
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

/** Runs in the page: resolves when the panes show the first image, and the frame after is drawn. */
function firstPicture() {
	return new Promise((resolve) => {
		const look = () =>
			requestAnimationFrame(() => (document.querySelector('[role=img] canvas:not(.empty)') ? requestAnimationFrame(resolve) : look()));
		look();
	});
}

/** @param {Set} set */
async function measure(set) {
	const folder = await mkdtemp(join(tmpdir(), 'overlap-open-'));
	const app = await startApp();
	try {
		await writeSet(join(folder, 'set'), set);
		const longestGap = await watchFrames(app.page);
		const use = app.page.getByRole('button', { name: /^Use [\d\s]+ pairs?$/ });
		await app.page.locator('input[type=file][webkitdirectory]').setInputFiles(join(folder, 'set'));
		await use.waitFor({ timeout: 1_200_000 });
		const readMs = Number(await app.page.evaluate('performance.now() - frameWatch.givenAt'));
		const proposing = await longestGap();
		const count = Number((await use.innerText()).replace(/\D/gu, ''));
		const expected = set.pairs * (set.tiles ?? 1);
		if (count !== expected) throw new Error(`${set.words}: ${count} of ${expected} pairs are offered`);
		const pressedAt = performance.now();
		await use.click();
		await app.page.getByRole('button', { name: 'Start', exact: true }).waitFor({ timeout: 1_200_000 });
		const storedMs = performance.now() - pressedAt;
		const storing = await longestGap();
		await app.page.evaluate(firstPicture);
		const seconds = (/** @type {number} */ milliseconds) => (milliseconds / 1000).toFixed(1);
		const gaps = [proposing, storing, await longestGap()].map((gap) => gap.toFixed(0));
		return [set.words, seconds(readMs), gaps[0], seconds(storedMs), gaps[1], gaps[2], (await peakMiB(app.browser)).toFixed(0)];
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
From the files in the page's hands to the table of pairs, from “Use …” to the stored data set, and from there to the first image in the
panes. The longest gap is between two frames of the page, in milliseconds; the screen asks for one every 16.7. Memory is the peak of the
page's process with its workers, MiB. It is bounded by the largest picture, not by their number: while a picture is read, the worker
holds its bytes and its pixels while it unpacks them; a picture that is cut into tiles stays in memory, with its mask, until all its tiles are
read; one sample at a time is measured and written, in pieces of 4 MiB; the table keeps small pictures of at most 300 pairs.

| what | read, s | longest gap, ms | stored, s | longest gap, ms | first image: longest gap, ms | peak, MiB |
|---|---|---|---|---|---|---|
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;
console.log(report);
await writeFile('bench/results/open.md', report);
