/**
 * What one training step of the net B asks of the GPU, with TensorFlow.js' own kernels and with ours. The device checks and counts but
 * executes nothing, so no GPU is needed; counts do not depend on the size of the images.
 * `npm ci --prefix bench/gpu` once, then `npm run bench:dispatches [-- --size 64] [--steps 10]`.
 */
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { installWebGpu } from './gpu/webgpu.mjs';

const { values: options } = parseArgs({ options: { size: { type: 'string', default: '64' }, steps: { type: 'string', default: '10' } } });
if (!(await installWebGpu('null'))) {
	console.log('The package `webgpu` is not installed: run `npm ci --prefix bench/gpu`.');
	process.exit(1);
}
const server = await createServer({
	configFile: false,
	logLevel: 'error',
	appType: 'custom',
	oxc: { target: 'es2022' },
	server: { middlewareMode: true, watch: null, hmr: false },
});
const steps = await server.ssrLoadModule('/bench/dispatches/steps.ts');
await steps.start();

/** @param {string} name @param {import('./dispatches/steps.ts').StepReport} report */
function print(name, { counts, minMs, medianMs, bufferBytes, parameters }) {
	const asked = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
	const host = `host ${minMs.toFixed(1)} ms at best, ${medianMs.toFixed(1)} in the median`;
	console.log(`${name}, ${parameters} parameters: ${[...asked, host, `${Math.round(bufferBytes / 1e6)} MB of buffers`].join(', ')}`);
}

let last = '';
for (const norm of /** @type {const} */ (['batch', 'none'])) {
	const request = { norm, size: Number(options.size), steps: Number(options.steps) };
	const stock = await steps.stockStep(request);
	const ours = await steps.ownStep(request);
	const net = norm === 'none' ? 'net B' : 'net B with batch norm';
	print(`${net}, stock`, stock);
	print(`${net}, ours`, ours);
	const times = stock.minMs / ours.minMs;
	console.log(`${net}: ${times.toFixed(1)} times less work for the host, by the fastest of ${options.steps} steps each`);
	last = `dispatches ${ours.counts.dispatches} (stock ${stock.counts.dispatches})`;
}
console.log(last);
process.exit(0);
