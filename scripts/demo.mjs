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

const app = await startApp();
try {
	console.log(`Training the sample “${options.sample}” in Chromium ${app.browserVersion} …`);
	await app.openSample(options.sample);
	await app.setEpochs(Number(options.epochs));
	const startedAt = performance.now();
	await app.start();
	await app.finished(progressPrinter());
	const seconds = (performance.now() - startedAt) / 1000;
	if (process.stdout.isTTY) process.stdout.write('\n');
	const results = await app.results();
	await mkdir(options.out, { recursive: true });
	await writeFile(join(options.out, 'report.html'), await app.report());
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
