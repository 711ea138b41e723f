/**
 * What "How fast is this computer?" promises beside what the experiment then takes, in the app in Chromium.
 * `npm run bench:speed` writes `bench/results/speed.md`. The first row is measured before all others are reckoned from it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { startApp } from '../scripts/drive-app.mjs';
import { machine } from './machine.mjs';

const allowed = 2;
const all = ['Cross-entropy', 'Dice', 'Focal', 'Tversky .3/.7'];

/** @typedef {{ name: string, net: 'Tiny' | 'Small' | 'Medium', size: number, batch: number, epochs: number, losses: string[], sizing?: 'Crop', seeds?: string, side?: number }} Case */
/** @type {Case[]} */
const cases = [
	{ name: '96², Small, 4 losses, 20 epochs: the defaults', net: 'Small', size: 96, batch: 4, epochs: 20, losses: all },
	{ name: '64², Tiny, 3 losses, 40 epochs', net: 'Tiny', size: 64, batch: 2, epochs: 40, losses: all.slice(0, 3) },
	{ name: '128², Small, 1 loss, 2 seeds, 10 epochs', net: 'Small', size: 128, batch: 8, epochs: 10, losses: ['Dice'], seeds: '1, 2' },
	{ name: '128², Medium, 2 losses, 6 epochs', net: 'Medium', size: 128, batch: 4, epochs: 6, losses: ['Dice', 'Focal'] },
	{
		name: 'crops of 64² from 256², Small, 2 losses, 10 epochs',
		net: 'Small',
		size: 64,
		batch: 4,
		epochs: 10,
		losses: ['Dice', 'Focal'],
		sizing: 'Crop',
		side: 256,
	},
];

/** Seconds of `about 2 min`. @param {string} text */
function secondsOf(text) {
	const [, number, unit] = /about ([\d.]+) (s|min|h)/u.exec(text) ?? [];
	if (!number || !unit) throw new Error(`no time of 10 s or more in: ${text}`);
	return Number(number) * { s: 1, min: 60, h: 3600 }[unit];
}

const app = await startApp();
const { page } = app;
const speed = page.getByRole('region', { name: 'Speed' });
const rows = [];
let side = 96;
await app.openSample('cells');
for (const { name, net, size, batch, epochs, losses, sizing, seeds = '1', side: wanted = 96 } of cases) {
	if (wanted !== side) {
		await app.openStep('Data');
		await page.getByRole('button', { name: 'Other data…' }).click();
		await app.openSampleWith('Cells', { 'Image size': wanted });
		side = wanted;
	}
	await app.openStep('Model');
	await page.getByRole('radio', { name: net }).check();
	await app.setNumber('Size', size);
	await page.getByRole('radio', { name: sizing ?? 'Stretch' }).check();
	await app.keepLosses(losses);
	await app.openStep('Train');
	await app.setNumber('Epochs', epochs);
	await app.setNumber('Batch size', batch);
	await page.getByLabel('Seeds', { exact: true }).fill(seeds);
	await page.getByLabel('Seeds', { exact: true }).press('Tab');
	const reckoned = rows.length > 0 ? secondsOf(await speed.getByRole('status').innerText()) : null;
	await speed.getByRole('button', { name: /computer\?|Measure/ }).click();
	await speed.getByRole('button', { name: 'Measure again' }).waitFor({ timeout: 60_000 });
	const promised = secondsOf(await speed.getByRole('status').innerText());
	const load = loadavg()[0] ?? 0;
	const startedAt = performance.now();
	await app.start();
	await app.finished();
	const tookSeconds = (performance.now() - startedAt) / 1000;
	rows.push({ name, reckoned, promised, tookSeconds, load });
	console.log(JSON.stringify(rows.at(-1)));
}
await app.close();

const ratio = (/** @type {number} */ a, /** @type {number} */ b) => Math.max(a / b, b / a);
const worst = Math.max(...rows.map(({ promised, tookSeconds }) => ratio(promised, tookSeconds)));
const worstReckoned = Math.max(...rows.map(({ reckoned, tookSeconds }) => (reckoned === null ? 1 : ratio(reckoned, tookSeconds))));
const lines = [
	'# What the speed test promises',
	'',
	`Printed by \`npm run bench:speed\` on ${await machine()}; 40 drawn cells, split 24 / 8 / 8. Others worked on the machine meanwhile: the load`,
	'at the start is given. “Promised” is what the page says after measuring these very choices for 7 s, as roundly as it says it;',
	'“reckoned” what it said before that, from the rows above. “Took” is from the click on Start to the end of all runs.',
	'',
	'| experiment | reckoned | promised | took | promised / took | load |',
	'|---|---|---|---|---|---|',
	...rows.map(
		({ name, reckoned, promised, tookSeconds, load }) =>
			`| ${name} | ${reckoned === null ? '' : `${reckoned} s`} | ${promised} s | ${tookSeconds.toFixed(0)} s | ${(promised / tookSeconds).toFixed(2)} | ${load.toFixed(1)} |`,
	),
	'',
	worst <= allowed
		? `Every promise is within a factor of ${allowed} of the time it took (worst ${worst.toFixed(2)}); what was reckoned, within ${worstReckoned.toFixed(2)}.`
		: `MISSED: a promise is off by a factor of ${worst.toFixed(2)}; what was reckoned, by ${worstReckoned.toFixed(2)}.`,
	'',
];
console.log(lines.join('\n'));
await mkdir('bench/results', { recursive: true });
await writeFile('bench/results/speed.md', lines.join('\n'));
if (worst > allowed) process.exitCode = 1;
