/** Training steps of the nets S, A, B and C, by TensorFlow.js as it comes and by ours, with what they ask of the GPU. Runs in Node. */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { defaultSpec, type ExperimentSpec, type NetSpec } from '#lib/core/experiment.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { RunNet } from '#lib/engine/run-net.ts';
import { asTensor4D } from '#lib/engine/tensors.ts';
import { registerWebGpuKernels, unregisterWebGpuKernels } from '#lib/engine/kernels/webgpu/register.ts';
import { tf } from '#lib/engine/tf.ts';
import { openWebGpuBackend, useOwnKernels } from '#lib/engine/webgpu-backend.ts';
import { buildUNet, initialise } from '#lib/engine/unet.ts';
import { bufferBytes, forgetBuffers, startCounting, takeCounts, type GpuCounts } from './counter.ts';

export type GpuNet = keyof typeof gpuNets;

export interface StepRequest {
	readonly net: GpuNet;
	readonly norm: 'none' | 'batch';
	/** Pixels a side; the net's own where it is not given. */
	readonly size?: number;
	readonly steps: number;
	/** Flags of TensorFlow.js that are set for these steps. */
	readonly flags?: Readonly<Record<string, number | boolean>>;
}

export interface StepReport {
	readonly parameters: number;
	/** Of one step, after the first few. */
	readonly counts: GpuCounts;
	/** Fastest and median time that the host took for a step, reading back included. */
	readonly minMs: number;
	readonly medianMs: number;
	/** Of all buffers after the steps. The backend frees none of its own but those for uploads, so this is the peak. */
	readonly bufferBytes: number;
	/** Of the last step. */
	readonly loss: number;
}

const batchSize = 4;

interface GpuNetSpec {
	readonly size: number;
	/** Channels of the image; as many classes, with one for a single foreground. */
	readonly channels: number;
	readonly base: number;
	readonly depth: number;
	readonly up: NetSpec['up'];
}

/** Of A, B and C: 120,681, 2,158,417 and 8,630,563 parameters without norm. */
const gpuNets = {
	S: { size: 128, channels: 1, base: 16, depth: 3, up: 'nearest' },
	A: { size: 256, channels: 1, base: 8, depth: 3, up: 'transposed' },
	B: { size: 256, channels: 1, base: 16, depth: 4, up: 'nearest-conv' },
	C: { size: 256, channels: 3, base: 32, depth: 4, up: 'nearest-conv' },
} as const satisfies Record<string, GpuNetSpec>;

const netSpec = ({ net, norm }: StepRequest): NetSpec => {
	const { base, depth, up } = gpuNets[net];
	return { base, depth, up, norm, dropout: 0 };
};

const errors: string[] = [];

let counting = false;
let device: GPUDevice | undefined;

/** Starts the backend anew on the app's own device, so that nothing of what ran before is left. Returns the adapter in words. */
export async function restart(): Promise<string> {
	if (!counting) startCounting();
	counting = true;
	tf.disposeVariables();
	device?.destroy();
	const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
	if (!adapter) throw new Error('There is no adapter.');
	const opened = await openWebGpuBackend(adapter);
	device = opened;
	// The backend before has destroyed its own by now.
	forgetBuffers();
	opened.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
	const { vendor, architecture, description } = adapter.info;
	return `${description || [vendor, architecture].join(' ')}, ${opened.limits.maxStorageBuffersPerShaderStage} buffers a dispatch`;
}

/** Resolves when the GPU has done all that was asked of it. */
export async function awaitGpu(): Promise<void> {
	const backend = tf.backend();
	if (!(backend instanceof WebGPUBackend)) throw new Error('The backend is not webgpu.');
	backend.ensureCommandEncoderReady();
	backend.endComputePassEncoder();
	backend.submitQueue();
	await backend.queue.onSubmittedWorkDone();
}

/** Whether our kernels pass the test that the app makes at its start; '' or what failed. They stay in place when they pass. */
export function checkKernels(): Promise<string> {
	if (!device) throw new Error('No device is open.');
	return useOwnKernels(device);
}

interface Batch {
	readonly x: tf.Tensor4D;
	readonly yTrue: tf.Tensor4D;
	readonly valid: tf.Tensor4D;
	readonly targets: Readonly<Record<string, tf.Tensor4D>>;
}

/** A disc in every image; with several classes inside of it class 1, outside class 0. */
function batchOf(size: number, channels: number): Batch {
	const inside = (pixel: number): boolean => Math.hypot((pixel % size) - size / 2, (Math.floor(pixel / size) % size) - size / 2) < size / 4;
	const shape: [number, number, number, number] = [batchSize, size, size, channels];
	const truth = Float32Array.from({ length: batchSize * size * size * channels }, (_, at) => {
		const [pixel, channel] = [Math.floor(at / channels), at % channels];
		return channels === 1 ? Number(inside(pixel)) : Number(channel === Number(inside(pixel)));
	});
	const yTrue = tf.tensor4d(truth, shape);
	const valid = tf.tidy(() => tf.ones<tf.Rank.R4>([batchSize, size, size, 1]));
	return { x: tf.tidy(() => tf.mul(yTrue, 0.5)), yTrue, valid, targets: {} };
}

/** Adam from tf.train on the mean cross-entropy, the net made of tf.layers. */
function openStock(request: StepRequest) {
	const { channels, size } = gpuNets[request.net];
	const net = buildUNet(netSpec(request), channels, channels);
	initialise(net, 1);
	const optimizer = tf.train.adam(0.001);
	const batch = batchOf(request.size ?? size, channels);
	return {
		parameters: net.logits.countParams(),
		step: async (): Promise<number> => {
			const value = optimizer.minimize(() => {
				const logits = asTensor4D(net.logits.apply(batch.x, { training: true }));
				return channels === 1
					? tf.losses.sigmoidCrossEntropy<tf.Tensor4D, tf.Scalar>(batch.yTrue, logits)
					: tf.losses.softmaxCrossEntropy<tf.Tensor4D, tf.Scalar>(batch.yTrue, logits);
			}, true);
			if (!value) throw new Error('The step gave no loss.');
			const [loss = NaN] = await value.data();
			value.dispose();
			return loss;
		},
		close: () => {
			net.logits.dispose();
			optimizer.dispose();
			tf.dispose({ ...batch });
		},
	};
}

/** The app's own step: the same net and loss, the gradient's norm, whether the logits are finite, and our Adam. */
function openOurs(request: StepRequest) {
	const { channels, size } = gpuNets[request.net];
	const choice: LossChoice = { key: 'loss', label: 'Cross-entropy', loss: 'crossEntropy', values: {}, learningRateFactor: 1 };
	const spec: ExperimentSpec = {
		...defaultSpec,
		losses: [choice],
		prepare: { ...defaultSpec.prepare, channels: channels === 1 ? 'grey' : 'rgb', size: request.size ?? size },
		net: netSpec(request),
		optimizer: { ...defaultSpec.optimizer, learningRate: 0.001 },
		training: { ...defaultSpec.training, batchSize },
	};
	const run = new RunNet(spec, choice, 1, {
		outputs: channels,
		totalSteps: 1000,
		facts: { classPixels: channels === 1 ? [1, 1] : Array.from({ length: channels }, () => 1) },
	});
	const batch = batchOf(request.size ?? size, channels);
	let count = 0;
	return {
		parameters: run.parameters,
		step: async (): Promise<number> => (await run.step(batch, count++)).loss,
		close: () => {
			run[Symbol.dispose]();
			tf.dispose({ ...batch });
		},
	};
}

async function measure({ parameters, step, close }: ReturnType<typeof openStock>, steps: number): Promise<StepReport> {
	for (let warm = 0; warm < 3; warm++) await step();
	const times: number[] = [];
	let loss = NaN;
	takeCounts();
	for (let count = 0; count < steps; count++) {
		const startedAt = performance.now();
		loss = await step();
		times.push(performance.now() - startedAt);
	}
	const total = takeCounts();
	const allBytes = bufferBytes();
	close();
	if (errors.length > 0) throw new Error(`The device refused a step: ${errors[0]}`);
	times.sort((a, b) => a - b);
	const perStep = (count: number): number => count / steps;
	const counts: GpuCounts = {
		dispatches: perStep(total.dispatches),
		submits: perStep(total.submits),
		passes: perStep(total.passes),
		bindGroups: perStep(total.bindGroups),
		buffers: perStep(total.buffers),
		pipelines: perStep(total.pipelines),
	};
	return { parameters, counts, minMs: times[0] ?? NaN, medianMs: times[Math.floor(steps / 2)] ?? NaN, bufferBytes: allBytes, loss };
}

async function restarted(request: StepRequest): Promise<void> {
	await restart();
	const flags = { WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE: true, WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE: 15, ...request.flags };
	for (const [name, value] of Object.entries(flags)) tf.env().set(name, value);
}

/** Steps as TensorFlow.js takes them, on a fresh device. */
export async function stockSteps(request: StepRequest): Promise<StepReport> {
	unregisterWebGpuKernels();
	await restarted(request);
	return measure(openStock(request), request.steps);
}

/** Steps as the app takes them, on a fresh device. */
export async function ownSteps(request: StepRequest): Promise<StepReport> {
	registerWebGpuKernels();
	await restarted(request);
	return measure(openOurs(request), request.steps);
}
