/** Training steps by TensorFlow.js as it comes and by ours: how long they take, and what they ask of the GPU. */
import { registerWebGpuKernels, unregisterWebGpuKernels } from '#lib/engine/kernels/webgpu/register.ts';
import { tf } from '#lib/engine/tf.ts';
import { median } from '../statistics.mjs';
import { bufferBytes, takeCounts, type GpuCounts } from './counter.ts';
import { awaitGpu, failOnErrors, restart } from './device.ts';
import { GpuClock } from './gpu-clock.ts';
import { openOurs, type NetRequest } from './ours.ts';
import { profileKernels, type KernelTime } from './profile.ts';
import { openStock, timeFit } from './stock.ts';
import { timeSteps, type Protocol, type Stepper, type StepTimes } from './stepper.ts';

export interface StepRequest extends NetRequest {
	readonly by: 'ours' | 'stock';
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
}

export interface GpuStepTimes extends StepTimes {
	readonly counts: GpuCounts;
	readonly bufferBytes: number;
	/** Milliseconds a step in which the GPU computed, in the median. Null without timestamps. */
	readonly gpuMs: number | null;
	/** Where they go, the longest first, with a pass for each kernel of its own. */
	readonly kernels: readonly KernelTime[];
}

/** Steps of which the GPU's own time is taken. */
const clockedSteps = 5;

/** Opens a net on a fresh device. */
async function open(request: StepRequest): Promise<Stepper> {
	await restarted(request);
	return request.by === 'ours' ? openOurs(request) : openStock(request);
}

async function restarted({ by, flags }: StepRequest): Promise<void> {
	if (by === 'ours') registerWebGpuKernels();
	else unregisterWebGpuKernels();
	await restart();
	const all = { WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE: true, WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE: 15, ...flags };
	for (const [name, value] of Object.entries(all)) tf.env().set(name, value);
}

/** What `steps` steps ask of the GPU, each read back before the next. */
async function count(stepper: Stepper, steps: number): Promise<StepReport> {
	const times: number[] = [];
	takeCounts();
	for (let done = 0; done < steps; done++) {
		const startedAt = performance.now();
		await stepper.read([stepper.take()]);
		times.push(performance.now() - startedAt);
	}
	const total = takeCounts();
	const counts: GpuCounts = {
		dispatches: total.dispatches / steps,
		submits: total.submits / steps,
		passes: total.passes / steps,
		bindGroups: total.bindGroups / steps,
		buffers: total.buffers / steps,
		pipelines: total.pipelines / steps,
	};
	return { parameters: stepper.parameters, counts, minMs: Math.min(...times), medianMs: median(times), bufferBytes: bufferBytes() };
}

/** What a step asks of the GPU; the device need not execute anything. */
export async function countSteps(request: StepRequest, steps: number): Promise<StepReport> {
	const stepper = await open(request);
	for (let warm = 0; warm < 3; warm++) await stepper.read([stepper.take()]);
	const report = await count(stepper, steps);
	stepper.close();
	failOnErrors();
	return report;
}

/** Milliseconds in which the GPU computed one step. */
async function clock(stepper: Stepper): Promise<number | null> {
	const gpu = GpuClock.open();
	if (!gpu) return null;
	const sums: number[] = [];
	for (let done = 0; done < clockedSteps; done++) {
		const taken: unknown[] = [];
		const passes = await gpu.time(() => void taken.push(stepper.take()));
		sums.push(passes.reduce((sum, ms) => sum + ms, 0));
		await stepper.read(taken);
	}
	return median(sums);
}

/** How long a step takes. */
export async function gpuSteps(request: StepRequest, protocol: Protocol): Promise<GpuStepTimes> {
	const stepper = await open(request);
	const times = await timeSteps(stepper, protocol);
	const { counts, bufferBytes: bytes } = await count(stepper, 1);
	const gpuMs = await clock(stepper);
	const kernels = await profileKernels(stepper);
	await awaitGpu();
	stepper.close();
	failOnErrors();
	return { ...times, counts, bufferBytes: bytes, gpuMs, kernels };
}

/** How long a step of `LayersModel.fit` takes. */
export async function fitSteps(request: StepRequest, protocol: Protocol): Promise<StepTimes> {
	await restarted({ ...request, by: 'stock' });
	const times = await timeFit(request, protocol);
	failOnErrors();
	return times;
}
