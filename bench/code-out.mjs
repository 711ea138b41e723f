// Checks the Python that losses are written out as, by running it: npm run golden:code -- [--python PATH] [--library torch|keras]
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';

const { values: options } = parseArgs({
	options: { python: { type: 'string', default: 'python3' }, library: { type: 'string', default: 'torch' } },
});
const { library, python } = options;
if (library !== 'torch' && library !== 'keras') throw new Error(`There is no library ${library}: torch or keras.`);

const probe = spawnSync(python, ['-c', `import ${library}; print(${library}.__version__)`], { encoding: 'utf8' });
if (probe.status !== 0) {
	console.log(`${python} has no ${library}: not measured.`);
	process.exit(1);
}

const server = await createServer({
	configFile: false,
	logLevel: 'error',
	appType: 'custom',
	server: { middlewareMode: true, hmr: false, watch: null },
});
const { codeCases } = await server.ssrLoadModule('/bench/code-out/cases.ts');
/** @type {import('./code-out/cases.ts').CodeCase[]} */
const cases = await codeCases(library);
await server.close();

const written = cases.filter(({ code }) => code !== '');
const run = spawnSync(python, ['bench/code-out/check.py', library], {
	input: JSON.stringify(written),
	encoding: 'utf8',
	maxBuffer: 1 << 26,
});
/** @type {{ loss: string, channels: number, value?: number, error?: string }[]} */
const results = run.stdout
	.trim()
	.split('\n')
	.map((line) => JSON.parse(line));
if (results.length !== written.length) throw new Error(`${results.length} of ${written.length} cases answered. ${run.stderr.slice(-500)}`);

let failed = 0;
let largest = 0;
written.forEach(({ loss, channels, expected }, place) => {
	const { value = Number.NaN, error = '' } = results[place] ?? {};
	const off = Math.abs(value - expected) / Math.max(1e-3, Math.abs(expected));
	if (off <= 1e-4) {
		largest = Math.max(largest, off);
		return;
	}
	failed++;
	console.log(`${loss}, ${channels} channel(s): ${value} instead of ${expected}. ${error}`);
});
for (const { loss, channels, reason } of cases.filter(({ code }) => code === ''))
	console.log(`${loss}, ${channels} channel(s): no code. ${reason}`);
console.log(
	`${library} ${probe.stdout.trim()}: ${written.length - failed} of ${written.length} equal within 1e-4 (largest relative difference ${largest.toExponential(1)}), ${cases.length - written.length} without code`,
);
process.exitCode = failed === 0 ? 0 : 1;
