// Mutates files of every format and opens each as the app does, in workers that end where a file takes too long.
// npm run mutate -- [--count N] [--seed N] [--limit SECONDS] [--only NUMBER] [--made]; --made leaves the shared corpora out.
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';

const { values: options } = parseArgs({
	options: {
		count: { type: 'string', default: '20000' },
		seed: { type: 'string', default: '1' },
		limit: { type: 'string', default: '10' },
		only: { type: 'string' },
		made: { type: 'boolean', default: false },
	},
});
const [count, seed, limitMs] = [Number(options.count), Number(options.seed), 1000 * Number(options.limit)];
const folder = resolve('node_modules/.mutations');

await build({
	configFile: false,
	logLevel: 'error',
	build: { ssr: 'bench/mutations/worker.ts', outDir: folder, emptyOutDir: true, target: 'node20' },
	ssr: { noExternal: true },
});

/** @typedef {import('./mutations/attempt.ts').Attempt} Attempt */
/** @typedef {Omit<Attempt, 'verdict'> & { number: number, ms: number, verdict: Attempt['verdict'] | 'hung' }} Result */

/** @type {Result[]} */
const results = [];
const numbers = options.only === undefined ? Array.from({ length: count }, (_, number) => number) : [Number(options.only)];

/** @returns {Promise<Worker>} */
function startWorker() {
	return new Promise((done, failed) => {
		const worker = new Worker(`${folder}/worker.js`, { workerData: { seed, shared: !options.made } });
		worker.once('message', () => done(worker));
		worker.once('error', failed);
	});
}

/**
 * One mutant in a worker; a worker that dies or takes too long is what came of it.
 * @param {Worker} worker
 * @param {number} number
 * @returns {Promise<Result>}
 */
async function open(worker, number) {
	const start = performance.now();
	const unknown = /** @type {const} */ ({ kind: 'png', name: 'unknown' });
	const ending = new AbortController();
	const { signal } = ending;
	worker.postMessage(number);
	try {
		const result = await Promise.race([
			once(worker, 'message', { signal }).then(([attempt]) => attempt),
			once(worker, 'exit', { signal }).then(() => ({ ...unknown, verdict: 'crashed', detail: 'the worker ended' })),
			setTimeout(limitMs, { ...unknown, verdict: 'hung', detail: `no answer in ${limitMs / 1000} s` }, { signal }),
		]).catch((/** @type {unknown} */ error) => ({ ...unknown, verdict: 'crashed', detail: String(error) }));
		return { ...result, number, ms: performance.now() - start };
	} finally {
		ending.abort();
	}
}

async function work() {
	let worker = await startWorker();
	for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
		const result = await open(worker, number);
		results.push(result);
		if (result.verdict === 'hung' || result.name === 'unknown') {
			await worker.terminate();
			worker = await startWorker();
		}
		if (results.length % 2000 === 0) console.log(`${results.length} opened`);
	}
	await worker.terminate();
}

const start = performance.now();
await Promise.all(Array.from({ length: Math.min(numbers.length, availableParallelism()) }, work));
await rm(folder, { recursive: true });

const verdicts = /** @type {const} */ (['read', 'refused', 'crashed', 'hung', 'different']);
/** @param {readonly Result[]} list */
const counts = (list) => verdicts.map((verdict) => list.filter((result) => result.verdict === verdict).length);
const kinds = [...new Set(results.map(({ kind }) => kind))].sort();
const row = (/** @type {readonly (string | number)[]} */ cells) => `| ${cells.join(' | ')} |`;
console.log(row(['', 'files', 'read', 'refused', 'crashed', 'hung', 'silently different']));
console.log(row(['---', '---:', '---:', '---:', '---:', '---:', '---:']));
for (const kind of kinds) {
	const list = results.filter((result) => result.kind === kind);
	console.log(row([kind, list.length, ...counts(list)]));
}
console.log(row(['all', results.length, ...counts(results)]));
const slowest = results.reduce((most, { ms }) => Math.max(most, ms), 0);
console.log(
	`Seed ${seed}, ${results.length} files in ${Math.round((performance.now() - start) / 1000)} s; the slowest took ${(slowest / 1000).toFixed(1)} s.`,
);

const bad = results.filter(({ verdict }) => verdict !== 'read' && verdict !== 'refused');
for (const { number, kind, name, verdict, detail } of bad.slice(0, 20))
	console.log(`--only ${number} (${kind}, ${name}): ${verdict}. ${detail}`);
if (bad.length > 0) process.exitCode = 1;
