/** One training step of the net B, by TensorFlow.js as it comes and by ours, with what it asks of the GPU. Runs in Node. */
import { defaultSpec, type ExperimentSpec, type NetSpec } from '#lib/core/experiment.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { RunNet } from '#lib/engine/run-net.ts';
import { asTensor4D } from '#lib/engine/tensors.ts';
import { registerWebGpuKernels, unregisterWebGpuKernels } from '#lib/engine/kernels/webgpu/register.ts';
import { tf } from '#lib/engine/tf.ts';
import { openWebGpuBackend } from '#lib/engine/webgpu-backend.ts';
import { buildUNet, initialise } from '#lib/engine/unet.ts';
import { startCounting, takeCounts, type GpuCounts } from './counter.ts';

export interface StepRequest {
	readonly norm: 'none' | 'batch';
	/** Pixels a side. */
	readonly size: number;
	readonly steps: number;
}

export interface StepReport {
	readonly parameters: number;
	/** Of one step, after the first few. */
	readonly counts: GpuCounts;
	/** Fastest and median time that the host took for a step, reading back included. */
	readonly minMs: number;
	readonly medianMs: number;
	/** Of all buffers that the backend holds after the steps. It frees none, so this is the peak. */
	readonly bufferBytes: number;
	/** Of the last step. */
	readonly loss: number;
}

const batchSize = 4;

/** Base 16, depth 4, up-sampling with a 3×3 convolution, one channel in and out: 2,158,417 parameters without norm. */
const netB = (norm: StepRequest['norm']): NetSpec => ({ base: 16, depth: 4, norm, dropout: 0, up: 'nearest-conv' });

const errors: string[] = [];

/** Starts the backend on the app's own device. */
export async function start(): Promise<void> {
	startCounting();
	const adapter = await navigator.gpu.requestAdapter();
	if (!adapter) throw new Error('There is no adapter.');
	const device = await openWebGpuBackend(adapter);
	device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
}

interface Batch {
	readonly x: tf.Tensor4D;
	readonly yTrue: tf.Tensor4D;
	readonly valid: tf.Tensor4D;
	readonly targets: Readonly<Record<string, tf.Tensor4D>>;
}

function batchOf(size: number): Batch {
	const shape: [number, number, number, number] = [batchSize, size, size, 1];
	const disc = Float32Array.from({ length: batchSize * size * size }, (_, at) =>
		Math.hypot((at % size) - size / 2, (Math.floor(at / size) % size) - size / 2) < size / 4 ? 1 : 0,
	);
	const yTrue = tf.tensor4d(disc, shape);
	return { x: tf.tidy(() => tf.mul(yTrue, 0.5)), yTrue, valid: tf.tidy(() => tf.onesLike(yTrue)), targets: {} };
}

/** Adam from tf.train on the mean cross-entropy, the net made of tf.layers. */
function openStock({ norm, size }: StepRequest) {
	const net = buildUNet(netB(norm), 1, 1);
	initialise(net, 1);
	const optimizer = tf.train.adam(0.001);
	const batch = batchOf(size);
	return {
		parameters: net.logits.countParams(),
		step: async (): Promise<number> => {
			const value = optimizer.minimize(() => {
				const logits = asTensor4D(net.logits.apply(batch.x, { training: true }));
				return tf.losses.sigmoidCrossEntropy<tf.Tensor4D, tf.Scalar>(batch.yTrue, logits);
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
function openOurs({ norm, size }: StepRequest) {
	const choice: LossChoice = { key: 'loss', label: 'Cross-entropy', loss: 'crossEntropy', values: {}, learningRateFactor: 1 };
	const spec: ExperimentSpec = {
		...defaultSpec,
		losses: [choice],
		prepare: { ...defaultSpec.prepare, size },
		net: netB(norm),
		optimizer: { ...defaultSpec.optimizer, learningRate: 0.001 },
		training: { ...defaultSpec.training, batchSize },
	};
	const run = new RunNet(spec, choice, 1, { outputs: 1, totalSteps: 1000, facts: { classPixels: [1, 1] } });
	const batch = batchOf(size);
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

function allocatedBytes(): number {
	const memory: object = tf.memory();
	const bytes: unknown = 'numBytesAllocatedInGPU' in memory ? memory.numBytesAllocatedInGPU : undefined;
	if (typeof bytes !== 'number') throw new Error('The backend does not say what it allocated.');
	return bytes;
}

async function measure({ parameters, step, close }: ReturnType<typeof openStock>, steps: number): Promise<StepReport> {
	const before = allocatedBytes();
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
	const bufferBytes = allocatedBytes() - before;
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
	return { parameters, counts, minMs: times[0] ?? NaN, medianMs: times[Math.floor(steps / 2)] ?? NaN, bufferBytes, loss };
}

export function stockStep(request: StepRequest): Promise<StepReport> {
	unregisterWebGpuKernels();
	return measure(openStock(request), request.steps);
}

export function ownStep(request: StepRequest): Promise<StepReport> {
	registerWebGpuKernels();
	return measure(openOurs(request), request.steps);
}
