/**
 * What one training step of the net B asks of the GPU, with TensorFlow.js' own kernels and with ours. The device checks and counts but
 * executes nothing, so no GPU is needed; counts do not depend on the size of the images.
 * `npm ci --prefix bench/gpu` once, then `npm run bench:dispatches [-- --size 64] [--steps 10]`.
 */
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { installWebGpu } from './gpu/webgpu.mjs';
import { gpuNets } from './nets.mjs';

const { values: options } = parseArgs({ options: { size: { type: 'string', default: '64' }, steps: { type: 'string', default: '10' } } });
const size = Number(options.size);
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
const { restart } = /** @type {typeof import('./webgpu/device.ts')} */ (await server.ssrLoadModule('/bench/webgpu/device.ts'));
const { countSteps } = /** @type {typeof import('./webgpu/steps.ts')} */ (await server.ssrLoadModule('/bench/webgpu/steps.ts'));
console.log(`Device: ${await restart()}.`);

/** @param {number} bytes */
const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;

/**
 * Bytes of all buffers at 256², from those at two smaller sizes: a part that is the same for all sizes, and one for each pixel.
 * @param {(side: number) => Promise<number>} bytesAt
 */
async function bytesAt256(bytesAt) {
	const [small, large, check] = [await bytesAt(32), await bytesAt(64), await bytesAt(96)];
	const perPixel = (large - small) / (64 ** 2 - 32 ** 2);
	/** @param {number} side */
	const predicted = (side) => small + perPixel * (side ** 2 - 32 ** 2);
	const error = Math.abs(predicted(96) / check - 1);
	return `${megabytes(predicted(256))} of buffers at 256² (predicted from 32² and 64²; at 96² the same rule is off by ${(100 * error).toFixed(0)} %)`;
}

/**
 * @param {'ours' | 'stock'} by @param {'none' | 'batch'} norm
 */
async function report(by, norm) {
	/** @param {number} side @param {number} steps */
	const count = (side, steps) => countSteps({ by, net: { ...gpuNets.B, size: side }, norm }, steps);
	const name = norm === 'none' ? `net B, ${by}` : `net B with batch norm, ${by}`;
	const { counts, minMs, medianMs, bufferBytes, parameters } = await count(size, Number(options.steps));
	const asked = Object.entries(counts).map(([what, count]) => `${Number(count.toFixed(1))} ${what}`);
	const host = `host ${minMs.toFixed(1)} ms at best, ${medianMs.toFixed(1)} in the median`;
	console.log(`${name}, ${parameters} parameters: ${[...asked, host, `${megabytes(bufferBytes)} of buffers at ${size}²`].join(', ')}`);
	console.log(`${name}: ${await bytesAt256(async (side) => (await count(side, 1)).bufferBytes)}`);
	return { dispatches: counts.dispatches, minMs };
}

let last = '';
for (const norm of /** @type {const} */ (['batch', 'none'])) {
	const net = norm === 'none' ? 'net B' : 'net B with batch norm';
	const stock = await report('stock', norm);
	const ours = await report('ours', norm);
	console.log(
		`${net}: ${(stock.minMs / ours.minMs).toFixed(1)} times less work for the host, by the fastest of ${options.steps} steps each`,
	);
	last = `dispatches ${ours.dispatches} (stock ${stock.dispatches})`;
}
console.log(last);
process.exit(0);
