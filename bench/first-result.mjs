/**
 * How soon a first visit sees something: sample `cells` at 96², Small, batch 4, three losses, from the click on Start.
 * `npm run bench:first`. Measured by the page's own clock; long tasks are those that the browser reports on the page.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { startApp } from '../scripts/drive-app.mjs';
import { machine } from './machine.mjs';

const app = await startApp();
const { page } = app;
await app.openSample('cells');
await app.keepLosses(['Cross-entropy', 'Dice', 'Tversky .3/.7']);
await app.setEpochs(20);
await page.evaluate(() => {
	const seen = { startedAt: 0, overlayMs: 0, dice08Ms: 0, longTasks: /** @type {number[]} */ ([]) };
	Object.assign(globalThis, { seen });
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries())
			if (seen.startedAt > 0 && entry.startTime > seen.startedAt) seen.longTasks.push(Math.round(entry.duration));
	}).observe({ type: 'longtask' });
	document.addEventListener(
		'click',
		(event) => {
			if (event.target instanceof Element && event.target.closest('button')?.textContent.trim() === 'Start')
				seen.startedAt = performance.now();
		},
		true,
	);
	new MutationObserver(() => {
		if (seen.startedAt === 0) return;
		const spoken = document.querySelector('[aria-label="Run"] [aria-live]')?.textContent ?? '';
		const scores = [...spoken.matchAll(/(\d\.\d\d)(?=,|$)/g)].map((match) => Number(match[1]));
		if (scores.length > 0) seen.overlayMs ||= performance.now() - seen.startedAt;
		if (scores.some((score) => score >= 0.8)) seen.dice08Ms ||= performance.now() - seen.startedAt;
	}).observe(document.body, { subtree: true, childList: true, characterData: true });
});
const clickedAt = performance.now();
await app.start();
await app.finished();
const seconds = (performance.now() - clickedAt) / 1000;
const seen = await page.evaluate(() => /** @type {any} */ (globalThis).seen);
const results = await app.results();
await app.close();

const steps = results.runs[0].steps;
const worst = seen.longTasks.length > 0 ? `, the longest ${Math.max(...seen.longTasks)} ms` : '';
const lines = [
	'# First result',
	'',
	`Printed by \`npm run bench:first\` on ${await machine()}; backend ${results.experiment.backend.name} (${results.experiment.backend.device}).`,
	'Sample cells, 96², Small, batch 4, three losses in lock-step, from the click on Start.',
	'',
	'| what | measured |',
	'|---|---|',
	`| first overlay (end of the first epoch of a run) | ${(seen.overlayMs / 1000).toFixed(1)} s |`,
	`| a run's validation Dice reaches 0.8 | ${(seen.dice08Ms / 1000).toFixed(1)} s |`,
	`| lock-step steps a second, all three losses, validation and checkpoints included | ${(steps / seconds).toFixed(2)} |`,
	`| whole run: ${steps} steps × 3 losses, then the test part | ${seconds.toFixed(1)} s |`,
	`| long tasks over 50 ms on the page | ${seen.longTasks.length}${worst} |`,
	'',
];
console.log(lines.join('\n'));
await mkdir('bench/results', { recursive: true });
await writeFile('bench/results/first-result.md', lines.join('\n'));
