/**
 * A training step without a GPU, ours in Chromium beside PyTorch's and others', in turn, and what else a person waits for.
 * `npm run bench [-- --rounds 7] [--profile]` writes `bench/results/cpu.json` and `cpu.md`; the last line is the worst ratio to PyTorch.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openBench, openPage } from './kernels/host.mjs';
import { machine } from './machine.mjs';
import { configs, nets } from './nets.mjs';
import { openJax } from './peers/jax.mjs';
import { openPyTorch } from './peers/pytorch.mjs';
import { median, pairedRatio } from './statistics.mjs';

const { values: options } = parseArgs({
	options: { rounds: { type: 'string', default: '7' }, profile: { type: 'boolean', default: false } },
});
const rounds = Number(options.rounds);
/** Steps of a turn, by net: long enough to time, short enough to alternate. */
const stepsPerTurn = { T: 20, S: 4, R: 2 };

/** @typedef {{ config: string, threads: number, oursMs: number, peers: Record<string, number>, ratioToPyTorch: number | null }} Row */
/** @typedef {Record<string, number[]>} Turns milliseconds a step by who took it, one value a round */
/** @type {Row[]} */
const rows = [];
/** @type {string[]} */
const facts = [];
/** One thread of ours over two of PyTorch's, net by net. @type {number[]} */
const againstTwo = [];

const torch = await openPyTorch();
const jax = await openJax('wasm');
const stock = await openPage('stock/stock.html', 'timeSteps');
const bench = await openBench({ chromium: true });
const second = await openBench({ chromium: true });
const versions = [torch ? `PyTorch ${torch.version}` : 'no PyTorch', jax ? `${jax.version} in Node ${process.version}` : 'no jax-js'];
const where = [await machine(), bench.device, ...versions].join('; ');
console.log(where);

/** @param {1 | 2} threads */
const pyTorch = (threads) => `PyTorch, ${threads} thread${threads === 1 ? '' : 's'}`;

/** @param {number} value */
const rounded = (value) => Number(value.toPrecision(3));

/**
 * Lets each take its turn in every round.
 * @param {Record<string, () => Promise<number>>} takers
 * @returns {Promise<Turns>}
 */
async function alternate(takers) {
	/** @type {Turns} */
	const turns = Object.fromEntries(Object.keys(takers).map((name) => [name, []]));
	for (let round = 0; round < rounds; round++) {
		for (const [name, take] of Object.entries(takers)) turns[name]?.push(await take());
	}
	return turns;
}

/**
 * @param {string} config @param {1 | 2} threads what ours took
 * @param {readonly number[]} ours @param {readonly number[] | undefined} theirs PyTorch's with as many threads, if it is there
 * @param {Turns} [others]
 */
function addRow(config, threads, ours, theirs, others = {}) {
	const known = Object.entries({ ...(theirs ? { [pyTorch(threads)]: theirs } : {}), ...others });
	const peers = Object.fromEntries(known.map(([name, turns]) => [name, rounded(median(turns))]));
	const ratioToPyTorch = theirs ? rounded(pairedRatio(ours, theirs).median) : null;
	rows.push({ config, threads, oursMs: rounded(median(ours)), peers, ratioToPyTorch });
	console.log(JSON.stringify(rows.at(-1)));
}

/** Opens the net for us and for PyTorch, and takes the steps that nobody times. @param {import('./nets.mjs').Config} config */
async function open(config) {
	const start = performance.now();
	await bench.run('openNet', config);
	await bench.run('timeSteps', { steps: 1 });
	facts.push(`${config.name}: net built and first step done after ${Math.round(performance.now() - start)} ms`);
	await bench.run('timeSteps', { steps: 2 });
	for (const threads of torch ? [1, 2] : []) {
		await torch?.open(`${threads}`, config, threads);
		await torch?.steps(`${threads}`, 2);
	}
}

/** The rivals that need seconds for the smallest net. */
async function slowPeers() {
	/** @type {Record<string, () => Promise<number>>} */
	const peers = {};
	for (const backend of ['cpu', 'webgl', 'webgpu']) {
		const request = JSON.stringify({ backend, net: 'T', steps: 1 });
		peers[`TensorFlow.js ${backend}`] = async () => (await stock.page.evaluate(`globalThis.timeSteps(${request})`)).msPerStep;
	}
	const net = jax?.openNet({ ...nets.T, channels: 1, up: 'nearest' }, { loss: 'dice' });
	if (!net) return peers;
	const step = async () => {
		const start = performance.now();
		await net.read([net.take()]);
		return performance.now() - start;
	};
	await step();
	peers['jax-js wasm'] = step;
	return peers;
}

/** @param {string} name */
async function printProfile(name) {
	const { stepMs, kernels } = await bench.run('profileSteps', { steps: 5 });
	console.log(`Profile of ${name}, a step of ${stepMs.toFixed(1)} ms:`);
	for (const kernel of kernels.slice(0, 16))
		console.log(`  ${((100 * kernel.ms) / stepMs).toFixed(1).padStart(5)} %  ${kernel.calls} × ${kernel.name}`);
}

for (const config of configs) {
	await open(config);
	const steps = stepsPerTurn[config.net];
	const others = config.name === 'T' ? await slowPeers() : {};
	const {
		ours = [],
		one,
		two,
		...turns
	} = await alternate({
		ours: async () => (await bench.run('timeSteps', { steps })).medianMs,
		...(torch ? { one: () => torch.steps('1', steps), two: () => torch.steps('2', steps) } : {}),
		...others,
	});
	addRow(config.name, 1, ours, one, { ...(two ? { [pyTorch(2)]: two } : {}), ...turns });
	if (two) againstTwo.push(pairedRatio(ours, two).median);
	facts.push(
		`${config.name}: WebAssembly memory at its peak ${Math.round((await bench.run('heapBytes', undefined)) / 2 ** 20)} MiB, which never shrinks between nets`,
	);
	if (options.profile) await printProfile(config.name);
}

/** Three runs on two cores as the app's pool of workers trains them: a worker has two of them, the other one. */
async function lockStep() {
	const config = /** @type {const} */ ({ name: 'S', net: 'S', norm: 'none' });
	await open(config);
	await second.run('openNet', config);
	await second.run('timeSteps', { steps: 3 });
	const {
		together = [],
		apart = [],
		theirs,
	} = await alternate({
		together: async () => {
			const start = performance.now();
			await Promise.all([bench.run('timeSteps', { steps: 8 }), second.run('timeSteps', { steps: 4 })]);
			return (performance.now() - start) / 4;
		},
		apart: async () => 3 * (await bench.run('timeSteps', { steps: 4 })).medianMs,
		...(torch ? { theirs: async () => 3 * (await torch.steps('2', 4)) } : {}),
	});
	addRow('three losses in lock-step on S', 2, together, theirs);
	facts.push(
		`three losses in lock-step take ${pairedRatio(together, apart).median.toFixed(2)} × the time of three single runs, one after the other`,
	);
}

await lockStep();
facts.push(`a 2048 × 2048 image in tiles through S: ${((await bench.run('predictImage', { side: 2048 })) / 1000).toFixed(1)} s`);
await Promise.all([bench.close(), second.close(), stock.close()]);
torch?.close();

if (againstTwo.length > 0) facts.push(`one thread of ours against two of PyTorch: at worst ${rounded(Math.max(...againstTwo))} × its time`);

/** @param {Row} row */
function tableRow({ config, threads, oursMs, peers, ratioToPyTorch }) {
	const own = [pyTorch(1), pyTorch(2)];
	const rest = Object.entries(peers).flatMap(([name, ms]) => (own.includes(name) ? [] : [`${name} ${ms}`]));
	const theirs = own.map((name) => peers[name] ?? '–');
	return `| ${[config, threads, oursMs, ratioToPyTorch ?? 'not measured', ...theirs, rest.join(', ')].join(' | ')} |`;
}

const report = `# Training without a GPU

Printed by \`npm run bench\` on ${where}. Milliseconds a step, median of ${rounds} turns; the ratio is the median over turns that
alternated, against PyTorch with as many threads. The nets are those of \`bench/nets.mjs\`, with Dice and Adam. A run of ours takes one thread. The other peers take seconds
for a step of the smallest net, so they are timed on that one only.

| net | threads | ours | ratio | PyTorch, 1 thread | 2 threads | others |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
${rows.map(tableRow).join('\n')}

${facts.map((fact) => `- ${fact}`).join('\n')}
`;
await writeFile('bench/results/cpu.md', report);
await writeFile('bench/results/cpu.json', `${JSON.stringify({ machine: where, rows }, null, '\t')}\n`);
for (const fact of facts) console.log(fact);
const ratios = rows.flatMap(({ ratioToPyTorch }) => (ratioToPyTorch === null ? [] : [ratioToPyTorch]));
console.log(ratios.length > 0 ? `worst ratio to PyTorch ${Math.max(...ratios)}` : 'worst ratio to PyTorch: not measured');
process.exit(0);
