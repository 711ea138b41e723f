/** Who takes a step of a net, and how each is asked. */
import { join } from 'node:path';
import { gpuNets } from '../nets.mjs';
import { measure, pyTorch } from './processes.mjs';

/** @typedef {import('../nets.mjs').GpuNetName} NetName */
/** @typedef {import('../webgpu/stepper.ts').Protocol} Protocol */

/** The other way of the input gradient, and fewer submissions. */
const tunedFlags = { WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE: false, WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE: 256 };

export const names = {
	ours: 'ours',
	stock: 'stock, own loop',
	fit: 'stock fit',
	tunedFit: 'stock fit, tuned flags',
	jax: 'jax-js',
	eager: 'PyTorch eager fp32, cudnn.allow_tf32=False',
};

const pyTorchModes = {
	[names.eager]: { tf32: false, channelsLast: false, compiled: false },
	'PyTorch eager TF32': { tf32: true, channelsLast: false, compiled: false },
	'PyTorch eager TF32, channels_last': { tf32: true, channelsLast: true, compiled: false },
	'PyTorch compiled TF32, channels_last': { tf32: true, channelsLast: true, compiled: true },
};

/** Steps by the thousand on a GPU; on a software adapter as few as show that all of it works. @param {boolean} software @param {number} steps */
export const protocolOf = (software, steps) =>
	software ? { warm: 2, steps: 2, rounds: 1, mostMs: 0 } : { warm: 20, steps, rounds: 3, mostMs: 10_000 };

/** @param {NetName} name @param {boolean} software the same kind of net, so small that a software adapter can train it */
export function netOf(name, software) {
	const net = gpuNets[name];
	return software ? { ...net, size: 16, base: Math.min(4, net.base / 4) } : net;
}

/**
 * By name, a function that measures and gives `StepTimes` with more, or a failure.
 * @param {NetName} name @param {{ software: boolean, protocol: Protocol, env: Record<string, string>, scratch: string }} setting `scratch` is
 *   a folder for the weights
 * @returns {Record<string, () => any>}
 */
export function takersOf(name, { software, protocol, env, scratch }) {
	const net = netOf(name, software);
	const file = join(scratch, `${name}.weights`);
	/** @type {import('./measure.mjs').Request | undefined} */
	let weights = { what: 'weights', net, file };
	/** @param {() => any} ask */
	const withWeights = (ask) => () => {
		const missing = weights && measure(weights, env).failed;
		if (missing) return { failed: missing };
		weights = undefined;
		return ask();
	};
	const device = software ? 'cpu' : 'cuda';
	const modes = Object.entries(pyTorchModes).filter(([mode]) => !software || mode === names.eager);
	return {
		[names.ours]: () => measure({ what: 'steps', by: 'ours', net, protocol }, env),
		[names.stock]: () => measure({ what: 'steps', by: 'stock', net, protocol }, env),
		[names.fit]: () => measure({ what: 'fit', net, flags: {}, protocol }, env),
		[names.tunedFit]: () => measure({ what: 'fit', net, flags: tunedFlags, protocol }, env),
		[names.jax]: withWeights(() => measure({ what: 'jax', net, file, protocol }, env)),
		...Object.fromEntries(modes.map(([mode, setting]) => [mode, withWeights(() => pyTorch({ net, file, protocol, device, ...setting }))])),
	};
}
