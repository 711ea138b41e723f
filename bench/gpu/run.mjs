/**
 * A training step on this machine's GPU: ours, TensorFlow.js' own, and PyTorch where it is. Part of the folder that `npm run bench:gpu` makes.
 * node run.mjs [--software] [--nets S,A,B,C] [--steps 50] [--out results.json]
 */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installWebGpu } from './webgpu.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
	options: {
		// The software adapter: tiny images and few steps, to see that all of it works.
		software: { type: 'boolean', default: false },
		nets: { type: 'string', default: 'S,A,B,C' },
		steps: { type: 'string', default: '50' },
		out: { type: 'string', default: join(here, 'gpu.json') },
	},
});
const { software } = options;

/** @param {string} why */
function leave(why) {
	console.log(why);
	process.exit(0);
}

if (!(await installWebGpu(software ? 'software' : 'hardware'))) leave('The package `webgpu` is not here: run `npm ci --prefix bench/gpu`.');
const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
if (!adapter)
	leave('No GPU: Vulkan offers no adapter here. Nothing was measured. With --software the kernels run on Chromium’s software adapter.');
const isSoftware =
	adapter?.info.isFallbackAdapter || /swiftshader|llvmpipe/.test(`${adapter?.info.architecture} ${adapter?.info.description}`);
if (isSoftware && !software)
	leave('No GPU: only a software adapter is here. Nothing was measured. --software runs the kernels on it all the same.');

/** @type {string} The bundle lies beside this file in the folder that is carried. */
const bundle = './bench.mjs';
const bench = await import(bundle);
const device = await bench.restart();
const failed = await bench.checkKernels();
console.log(`${device}; ${cpus()[0]?.model}; Node ${process.version}. Our kernels ${failed || 'pass their test'}.`);
if (failed) process.exit(1);

const steps = software ? 1 : Number(options.steps);
const tuned = { WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE: false, WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE: 256 };
/** @type {Record<string, any>} */
const result = {
	device,
	software,
	steps,
	nets: {},
	layers: await bench.layerSpeeds(software ? { scale: 32, repeats: 1 } : { scale: 1, repeats: 20 }),
};
for (const { layer, forward, inputGradient, weightGradient } of result.layers) {
	const [first, second, third] = [forward, inputGradient, weightGradient].map((speed) => speed.toFixed(1));
	console.log(`${layer}: forward ${first}, input gradient ${second}, weight gradient ${third} GFLOP/s`);
}
for (const net of options.nets.split(',')) {
	const request = { net, norm: 'none', steps, ...(software ? { size: 16 } : {}) };
	const takers = {
		ours: () => bench.ownSteps(request),
		stock: () => bench.stockSteps(request),
		'stock, tuned flags': () => bench.stockSteps({ ...request, flags: tuned }),
	};
	/** @type {Record<string, any>} */
	const row = (result.nets[net] = {});
	for (const [who, take] of Object.entries(takers)) {
		row[who] = await take();
		console.log(
			`${net}, ${who}: ${row[who].medianMs.toFixed(2)} ms a step in the median, ${row[who].counts.dispatches} dispatches, loss ${row[who].loss.toFixed(4)}`,
		);
	}
	console.log(`${net}: ours takes ${(row['ours'].medianMs / row['stock'].medianMs).toFixed(3)} of the time of stock`);
}
if (!software) {
	try {
		const python = process.env.PYTHON ?? 'python3';
		const lines = execFileSync(python, [join(here, 'pytorch_gpu.py'), options.nets, String(steps)], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		result.pytorch = lines
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line));
		for (const { net, mode, medianMs } of result.pytorch) {
			const ours = result.nets[net]?.ours.medianMs;
			console.log(`${net}, PyTorch ${mode}: ${medianMs.toFixed(2)} ms a step; ours takes ${(ours / medianMs).toFixed(2)} of it`);
		}
	} catch {
		console.log('PyTorch with CUDA is not here: not compared.');
	}
}
await writeFile(options.out, `${JSON.stringify(result, null, '\t')}\n`);
console.log(`Wrote ${options.out}.`);
process.exit(0);
