/**
 * Trains two experiments on real images in the built app and keeps their reports, as the app writes them.
 * `npm run reports [-- NAME …] [--seeds 3]`. The images are in `../shared/data`, or `$OVERLAP_SHARED/data`.
 * Writes `docs/reports/NAME.md` and pictures of the page to `docs/pictures`; the page itself, to `bench/.reports/NAME.html`.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { reports } from './trends/experiments.mjs';
import { startExperiment } from './trends/run.mjs';

/** @typedef {Awaited<ReturnType<typeof startExperiment>>} App */

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { seeds: { type: 'string', default: '3' } } });
const shared = process.env.OVERLAP_SHARED ?? '../shared';
const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed);

/** Pictures of the page, each from one heading to another. */
const parts = {
	story: { from: 'h1', until: 'Scores' },
	masks: { from: 'Masks', until: 'Losses' },
};

/** @param {import('playwright').Page} page @param {string} heading text of a part's heading, or a selector of the title */
async function topOf(page, heading) {
	const at = heading === 'h1' ? page.locator('h1') : page.getByRole('heading', { level: 2, name: heading, exact: true });
	const box = await at.boundingBox();
	if (!box) throw new Error(`The report has no heading ${heading}.`);
	return box.y - 16;
}

/** @param {App} app @param {string} file @param {string} name */
async function picture(app, file, name) {
	const page = await app.page.context().newPage();
	await page.setViewportSize({ width: 1152, height: 900 });
	await page.goto(pathToFileURL(file).href);
	for (const [part, { from, until }] of Object.entries(parts)) {
		const y = await topOf(page, from);
		const clip = { x: 0, y, width: 1152, height: (await topOf(page, until)) - y };
		await page.screenshot({ fullPage: true, clip, path: join('docs/pictures', `report-${name}-${part}.png`) });
	}
}

/** @param {string} name */
async function keepReport(name) {
	const experiment = reports[name];
	if (!experiment || !('folder' in experiment.data))
		throw new Error(`There is no report ${name}; there are ${Object.keys(reports).join(', ')}.`);
	if (!existsSync(join(shared, experiment.data.folder))) {
		console.log(`${name}: left out, ${experiment.data.folder} is not there`);
		return;
	}
	const startedAt = performance.now();
	const app = await startExperiment(experiment, seeds, shared, name);
	try {
		const file = resolve('bench/.reports', `${name}.html`);
		await mkdir('bench/.reports', { recursive: true });
		await mkdir('docs/reports', { recursive: true });
		await writeFile(file, await app.report());
		await writeFile(join('docs/reports', `${name}.md`), await app.report('Markdown'));
		await picture(app, file, name);
	} finally {
		await app.close();
	}
	console.log(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}

for (const name of positionals.length > 0 ? positionals : Object.keys(reports)) await keepReport(name);
