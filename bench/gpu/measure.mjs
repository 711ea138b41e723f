/**
 * One measurement in a process of its own, so that none leaves anything to the next and a crash costs no other; `run.mjs` starts it.
 * node measure.mjs '{"what", …}'; the answer goes to file descriptor 3 as JSON.
 */
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { openJax } from '../peers/jax.mjs';
import { installWebGpu } from './webgpu.mjs';

/**
 * @typedef {import('../nets.mjs').GpuNet} GpuNet
 * @typedef {import('../webgpu/stepper.ts').Protocol} Protocol
 * @typedef {{ what: 'device', software: boolean }
 *   | { what: 'weights', net: GpuNet, file: string }
 *   | { what: 'steps', by: 'ours' | 'stock', net: GpuNet, protocol: Protocol }
 *   | { what: 'fit', net: GpuNet, flags: Record<string, number | boolean>, protocol: Protocol }
 *   | { what: 'jax', net: GpuNet, file: string, protocol: Protocol }
 *   | { what: 'layers', request: import('../webgpu/layers.ts').LayerRequest }} Request
 * @typedef {{ name: string, kernels: string, timestamps: boolean } | { missing: string }} Device
 */

/** The bundle lies beside this file in the folder that is carried. @type {string} */
const bundle = './bench.mjs';

/** What is here, or why nothing can be measured. @param {boolean} software @returns {Promise<Device>} */
async function device(software) {
	const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
	if (!adapter) return { missing: 'Vulkan offers no adapter here' };
	const words = `${adapter.info.architecture} ${adapter.info.device} ${adapter.info.description}`;
	if (!software && (adapter.info.isFallbackAdapter || /swiftshader|llvmpipe/i.test(words)))
		return { missing: 'only a software adapter is here' };
	const bench = await import(bundle);
	const opened = await bench.restart();
	return { name: opened, kernels: await bench.checkKernels(), timestamps: bench.openDevice().features.has('timestamp-query') };
}

/** @param {GpuNet} net @param {string} file @param {Protocol} protocol */
async function jaxSteps(net, file, protocol) {
	const jax = await openJax('webgpu');
	if (!jax) throw new Error('jax-js is not here: `npm ci --prefix bench/peers` before `npm run bench:gpu`');
	const { timeSteps } = await import(bundle);
	const { buffer } = Uint8Array.from(readFileSync(file));
	return {
		version: jax.version,
		...(await timeSteps(jax.openNet(net, { loss: 'cross-entropy', weights: new Float32Array(buffer) }), protocol)),
	};
}

/** @param {GpuNet} net @param {string} file */
async function writeWeights(net, file) {
	const bench = await import(bundle);
	await bench.restart();
	writeFileSync(file, await bench.firstWeights(net));
	return {};
}

/** @param {Request} request */
async function measure(request) {
	if (request.what === 'device') return device(request.software);
	if (request.what === 'jax') return jaxSteps(request.net, request.file, request.protocol);
	if (request.what === 'weights') return writeWeights(request.net, request.file);
	const bench = await import(bundle);
	if (request.what === 'layers') {
		await bench.restart();
		return bench.layerSpeeds(request.request);
	}
	const stepRequest = { by: 'stock', norm: 'none', ...request };
	return request.what === 'fit' ? bench.fitSteps(stepRequest, request.protocol) : bench.gpuSteps(stepRequest, request.protocol);
}

if (!(await installWebGpu('hardware'))) throw new Error('the package `webgpu` is not here: `npm ci --prefix bench/gpu`');
writeSync(3, JSON.stringify(await measure(JSON.parse(process.argv[2] ?? ''))));
process.exit(0);
