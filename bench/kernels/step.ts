/** One training step of the reference nets on the wasm backend: time, and the share of each kernel. Runs in Node and in Chromium. */
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { defaultValues } from '#lib/core/params.ts';
import { RandomStream } from '#lib/core/random.ts';
import { predictWhole } from '#lib/engine/forward.ts';
import { memoryOf } from '#lib/engine/kernels/wasm/module.ts';
import { RunNet } from '#lib/engine/run-net.ts';
import { disposeBatch, toBatch, type Batch } from '#lib/engine/targets.ts';
import { tf } from '#lib/engine/tf.ts';
import { findLoss } from '#lib/losses/index.ts';
import { nets } from '../nets.mjs';

export interface NetRequest {
	readonly net: keyof typeof nets;
	readonly norm: 'none' | 'batch';
}

export interface StepTimes {
	readonly minMs: number;
	readonly medianMs: number;
	/** Loss of the last step, so that a fast but wrong step shows. */
	readonly loss: number;
}

export interface StepProfile {
	readonly stepMs: number;
	/** Means over the steps, by descending time; what no kernel accounts for is TensorFlow.js itself and reading back. */
	readonly kernels: readonly { readonly name: string; readonly calls: number; readonly ms: number }[];
}

const shelved = findLoss('dice');
if (!shelved) throw new Error('The shelf has no Dice loss.');
const dice = shelved;

function spec(request: NetRequest): { spec: ExperimentSpec; choice: LossChoice } {
	const { size, batch, base, depth } = nets[request.net];
	const choice: LossChoice = { key: 'dice', label: 'Dice', loss: 'dice', values: defaultValues(dice.params), learningRateFactor: 1 };
	return {
		choice,
		spec: {
			...defaultSpec,
			losses: [choice],
			prepare: { ...defaultSpec.prepare, size },
			net: { depth, base, norm: request.norm, dropout: 0, up: 'nearest' },
			optimizer: { ...defaultSpec.optimizer, learningRate: 0.001 },
			training: { ...defaultSpec.training, batchSize: batch },
		},
	};
}

/** A disc of random place and size on noise, per image. */
function discs(count: number, size: number) {
	const random = new RandomStream(1, 'sample');
	return Array.from({ length: count }, (_, index) => {
		const centreX = size * (0.3 + 0.4 * random.uniform(3 * index));
		const centreY = size * (0.3 + 0.4 * random.uniform(3 * index + 1));
		const radius = size * (0.1 + 0.2 * random.uniform(3 * index + 2));
		const classes = Uint8Array.from({ length: size * size }, (_pixel, at) =>
			Math.hypot((at % size) - centreX, Math.floor(at / size) - centreY) < radius ? 1 : 0,
		);
		const image = Float32Array.from(classes, (inside, at) => inside * 0.5 + 0.3 * random.uniform(1000 + index * size * size + at));
		return { size, channels: 1, image, classes };
	});
}

/** Wraps every kernel of the wasm backend in a clock; the returned function puts the kernels back. */
function clockKernels(clock: Map<string, { calls: number; ms: number }>): () => void {
	const kernels = tf.getKernelsForBackend('wasm');
	const replace = (config: tf.KernelConfig) => {
		tf.unregisterKernel(config.kernelName, 'wasm');
		tf.registerKernel(config);
	};
	for (const kernel of kernels) {
		const entry = { calls: 0, ms: 0 };
		clock.set(kernel.kernelName, entry);
		replace({
			...kernel,
			kernelFunc: (call) => {
				const start = performance.now();
				const result = kernel.kernelFunc(call);
				entry.ms += performance.now() - start;
				entry.calls++;
				return result;
			},
		});
	}
	return () => kernels.forEach(replace);
}

/** The net that is being trained. */
let current: { readonly run: RunNet; readonly batch: Batch; step: number } | undefined;

export function openNet(request: NetRequest): void {
	closeNet();
	const { size, batch } = nets[request.net];
	const { spec: experiment, choice } = spec(request);
	current = {
		run: new RunNet(experiment, choice, 1, { outputs: 1, totalSteps: 1000, facts: { classPixels: [1, 1] } }),
		batch: toBatch(discs(batch, size), 1, []),
		step: 0,
	};
}

function closeNet(): void {
	if (!current) return;
	current.run[Symbol.dispose]();
	disposeBatch(current.batch);
	current = undefined;
}

/** Trains for some steps. */
export async function timeSteps({ steps }: { readonly steps: number }): Promise<StepTimes> {
	if (!current) throw new Error('No net is open.');
	const times: number[] = [];
	let loss = NaN;
	for (let count = 0; count < steps; count++) {
		const start = performance.now();
		({ loss } = await current.run.step(current.batch, current.step++));
		times.push(performance.now() - start);
	}
	times.sort((a, b) => a - b);
	return { minMs: times[0] ?? NaN, medianMs: times[Math.floor(times.length / 2)] ?? NaN, loss };
}

/** Trains for some steps with a clock on every kernel. */
export async function profileSteps({ steps }: { readonly steps: number }): Promise<StepProfile> {
	const clock = new Map<string, { calls: number; ms: number }>();
	const restore = clockKernels(clock);
	const start = performance.now();
	await timeSteps({ steps });
	const stepMs = (performance.now() - start) / steps;
	restore();
	const kernels = [...clock].map(([name, { calls, ms }]) => ({ name, calls: calls / steps, ms: ms / steps }));
	return { stepMs, kernels: kernels.filter((kernel) => kernel.calls > 0).sort((a, b) => b.ms - a.ms) };
}

/** Bytes of the backend's memory, which grows and never shrinks. */
export function heapBytes(): number {
	const backend = tf.backend();
	if (!(backend instanceof BackendWasm)) throw new Error('The backend is not wasm.');
	return memoryOf(backend.wasm).buffer.byteLength;
}

/** Milliseconds of a square grey image in overlapping tiles through the open net. */
export async function predictImage({ side }: { readonly side: number }): Promise<number> {
	if (!current) throw new Error('No net is open.');
	const random = new RandomStream(1, 'sample');
	const data = Float32Array.from({ length: side * side }, (_, index) => random.uniform(index));
	const image = { image: { width: side, height: side, channels: 1, data }, classes: null };
	const start = performance.now();
	const prepare = { ...defaultSpec.prepare, size: 256, sizing: 'crop' as const };
	for await (const { probabilities } of predictWhole(current.run.net, [image], { prepare, outputs: 1, batch: 4 })) {
		if (probabilities.data.length !== side * side) throw new Error('The prediction has another size than the image.');
	}
	return performance.now() - start;
}
