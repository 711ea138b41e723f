/**
 * Trains a sample in the built app, in a headless browser, for people who have only a terminal.
 *
 * Prints progress and the comparison table; writes `demo/report.html` with pictures and `demo/metrics.json`.
 * Options: --sample cells|lesions|vessels|tissue, --epochs N, --out FOLDER.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startApp } from './drive-app.mjs';

const { values: options } = parseArgs({
	options: {
		sample: { type: 'string', default: 'cells' },
		epochs: { type: 'string', default: '16' },
		out: { type: 'string', default: 'demo' },
	},
});

const metrics = ['dice', 'iou', 'precision', 'recall'];

/** @param {{ done: number, total: number, label: string }} progress */
function bar({ done, total, label }) {
	const width = 30;
	const filled = total > 0 ? Math.round((width * done) / total) : 0;
	return `[${'█'.repeat(filled)}${'·'.repeat(width - filled)}] ${String(done).padStart(4)}/${total} ${label}`;
}

/** One line that is drawn over itself in a terminal, and once per epoch elsewhere. */
function progressPrinter() {
	let last = '';
	return (/** @type {{ done: number, total: number, label: string }} */ progress) => {
		if (process.stdout.isTTY) process.stdout.write(`\r${bar(progress)}\x1b[K`);
		else if (progress.label !== last && progress.label.startsWith('epoch')) console.log(bar(progress));
		last = progress.label;
	};
}

const number = (/** @type {number | null | undefined} */ value) => (typeof value === 'number' ? value.toFixed(3) : '–').padStart(10);

/** @param {any} results the document that "Save results as JSON" gives */
function table(results) {
	const head = [
		'run'.padEnd(22),
		...metrics.map((metric) => metric.padStart(10)),
		...metrics.map((metric) => `test ${metric}`.padStart(16)),
		'best epoch'.padStart(12),
	];
	const rows = results.runs.map((/** @type {any} */ run) =>
		[
			run.label.padEnd(22),
			...metrics.map((metric) => number(run.validation.best?.pooled[metric])),
			...metrics.map((metric) => number(run.test.best?.pooled[metric]).padStart(16)),
			String(run.bestEpoch ?? '–').padStart(12),
		].join(''),
	);
	return [head.join(''), ...rows].join('\n');
}

const escape = (/** @type {string} */ text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {any} results @param {string[]} pictures PNG data URLs @param {number} seconds */
function report(results, pictures, seconds) {
	const { hash, backend } = results.experiment;
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>Overlap: ${escape(results.experiment.name)}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 32px auto; padding: 0 16px; color-scheme: light dark; }
img { width: 100%; border: 1px solid #8884; border-radius: 8px; margin: 8px 0; }
pre { overflow-x: auto; font-size: 13px; }
</style>
<h1>${escape(results.experiment.name)}</h1>
<p>${escape(backend.name)}, ${escape(backend.device)}. ${seconds.toFixed(0)} s from Start to the last score. One seed (N = 1).
Everything but the loss is the same: <code>${escape(hash.slice(0, 12))}</code>.</p>
<p>Best epoch of each run, all pixels pooled, threshold ${results.threshold.toFixed(2)}.</p>
<pre>${escape(table(results))}</pre>
${pictures.map((source) => `<img alt="" src="${source}">`).join('\n')}
</html>
`;
}

const app = await startApp();
try {
	const { page } = app;
	console.log(`Training the sample “${options.sample}” in Chromium ${app.browserVersion} …`);
	await app.openSample(options.sample);
	await app.setEpochs(Number(options.epochs));
	const startedAt = performance.now();
	await app.start();
	await app.finished(progressPrinter());
	const seconds = (performance.now() - startedAt) / 1000;
	if (process.stdout.isTTY) process.stdout.write('\n');
	const results = await app.results();
	const pictures = [];
	for (const mode of ['Fill', 'Errors']) {
		await page.getByRole('radio', { name: mode, exact: true }).check();
		pictures.push(await page.getByRole('region', { name: 'Images' }).screenshot());
	}
	pictures.push(await page.getByRole('region', { name: 'Results' }).screenshot());
	await mkdir(options.out, { recursive: true });
	const sources = pictures.map((png) => `data:image/png;base64,${png.toString('base64')}`);
	await writeFile(join(options.out, 'report.html'), report(results, sources, seconds));
	const runs = results.runs.map((/** @type {any} */ run) => ({
		loss: run.loss,
		label: run.label,
		seed: run.seed,
		steps: run.steps,
		validation: pick(run.validation.best),
		test: pick(run.test.best),
	}));
	const backend = results.experiment.backend.name;
	await writeFile(
		join(options.out, 'metrics.json'),
		`${JSON.stringify({ backend, seconds: Number(seconds.toFixed(1)), runs }, null, '\t')}\n`,
	);
	console.log(`\n${table(results)}\n`);
	console.log(`${seconds.toFixed(1)} s on ${backend}. Report with pictures: ${join(options.out, 'report.html')}`);
} finally {
	await app.close();
}

/** @param {any} scores */
function pick(scores) {
	return scores && Object.fromEntries(metrics.map((metric) => [metric, scores.pooled[metric]]));
}
