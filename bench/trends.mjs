/**
 * Trains the losses whose differences the literature describes, in the built app, and says which trends show.
 * `npm run trends [-- NAME …] [--seeds 5]`. The samples are drawn; MT_Blowhole and DRIVE are in `../shared/data`, or
 * `$OVERLAP_SHARED/data`, and are left out where missing. Results are kept in `bench/.trends`, so that
 * one experiment can be run again alone; the report reads all that are there, and `--report` trains nothing.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { machine } from './machine.mjs';
import { continuations, experiments } from './trends/experiments.mjs';
import { startExperiment } from './trends/run.mjs';

const { values: options, positionals } = parseArgs({
	allowPositionals: true,
	options: { seeds: { type: 'string', default: '5' }, report: { type: 'boolean', default: false } },
});
const shared = process.env.OVERLAP_SHARED ?? '../shared';
const kept = 'bench/.trends';
const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed);

/** @typedef {import('./trends/experiments.mjs').Experiment} Experiment */

/** @param {string} name @param {Experiment} experiment */
async function train(name, experiment) {
	const app = await startExperiment(experiment, seeds, shared, name);
	try {
		await mkdir(kept, { recursive: true });
		await writeFile(join(kept, `${name}.json`), JSON.stringify({ title: experiment.title, results: await app.results() }));
		await app.page.getByRole('region', { name: 'Images', exact: true }).screenshot({ path: join(kept, `${name}.png`) });
	} finally {
		await app.close();
	}
}

const wanted = positionals.length > 0 ? positionals : Object.keys(experiments);
const names = options.report ? [] : wanted;
for (const name of names) {
	const experiment = experiments[name];
	if (!experiment) throw new Error(`There is no experiment ${name}; there are ${Object.keys(experiments).join(', ')}.`);
	if ('folder' in experiment.data && !existsSync(join(shared, experiment.data.folder))) {
		console.log(`${name}: left out, ${experiment.data.folder} is not there`);
		continue;
	}
	const startedAt = performance.now();
	await train(name, experiment);
	console.log(`\n${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}

const finished = {};
for (const name of Object.keys(experiments)) {
	if (existsSync(join(kept, `${name}.json`)))
		Object.assign(finished, { [name]: JSON.parse(await readFile(join(kept, `${name}.json`), 'utf8')) });
}
const { module } = await runnerImport(resolve('bench/trends/report.ts'), { configFile: false, logLevel: 'error' });
const { markdown, charts } = module.trendsReport(finished, await machine());
console.log(markdown);
await mkdir('bench/results', { recursive: true });
await writeFile('bench/results/trends.md', markdown);
for (const [file, svg] of Object.entries(charts)) await writeFile(join('bench/results', file), String(svg));
// A continuation's losses stand in the table of the experiment that it continues.
const shown = Object.keys(finished).filter((name) => !Object.values(continuations).includes(name));
for (const name of shown) await cp(join(kept, `${name}.png`), join('bench/results', `trends-${name}.png`));
