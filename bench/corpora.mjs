// Reads the shared corpora with the code of the app and holds every file against its reference.
// npm run corpora -- [--tifffile PYTHON] [--write]; PYTHON has tifffile and imagecodecs, and writes a TIFF of every variant.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { machine } from './machine.mjs';

const { values: options } = parseArgs({ options: { tifffile: { type: 'string' }, write: { type: 'boolean', default: false } } });

const server = await createServer({
	configFile: false,
	logLevel: 'error',
	appType: 'custom',
	server: { middlewareMode: true, hmr: false, watch: null },
});
const { hasCorpora, runCorpora, runTiffGrid } = await server.ssrLoadModule('/bench/corpora/suite.ts');
const { summary, tiffVariants, wrong } = await server.ssrLoadModule('/bench/corpora/report.ts');

if (!hasCorpora) {
	console.log('The shared corpora are missing: nothing measured. OVERLAP_SHARED says where they are.');
	await server.close();
	process.exit(1);
}

/** @param {string} python */
async function tiffGrid(python) {
	const folder = await mkdtemp(join(tmpdir(), 'tiff-grid-'));
	try {
		const run = spawnSync(python, ['bench/corpora/tiff_grid.py', folder], { encoding: 'utf8' });
		if (run.status !== 0) throw new Error(`${python} could not write the files. ${run.stderr.slice(-500)}`);
		return { writer: run.stdout.trim(), outcomes: await runTiffGrid(folder) };
	} finally {
		await rm(folder, { recursive: true });
	}
}

const grid = options.tifffile === undefined ? { writer: '', outcomes: [] } : await tiffGrid(options.tifffile);
const outcomes = [...(await runCorpora()), ...grid.outcomes];
const lines = summary(outcomes);
const failures = wrong(outcomes);
console.log(lines.join('\n'));
for (const { kind, name, verdict, detail } of failures) console.log(`${kind} ${name}: ${verdict}. ${detail}`);

if (options.write) {
	const file = join('bench', 'results', 'corpora.md');
	const rows = [
		'# Files that break decoders',
		'',
		'Every file of the shared corpora, read with the code of the app; `exact` is sample for sample the reference. Pixels of JPEG files are',
		`decoded by the browser and compared there by \`photo.browser.test.ts\`.${grid.writer === '' ? '' : ` \`tifffile\` are files written by ${grid.writer}.`}`,
		'',
		`Machine: ${await machine()}. Repeat with \`npm run corpora -- --write\`.`,
		'',
		...lines,
		'',
		'## TIFF variants that are read exactly',
		'',
		...tiffVariants(),
		'',
	];
	await writeFile(file, rows.join('\n'));
	console.log(`\nWrote ${file}.`);
}
await server.close();
if (failures.length > 0) process.exitCode = 1;
