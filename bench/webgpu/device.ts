/** The device on which this folder measures: the app's own, opened anew for each measurement. Runs in Node. */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { tf } from '#lib/engine/tf.ts';
import { openWebGpuBackend, useOwnKernels } from '#lib/engine/webgpu-backend.ts';
import { forgetBuffers, startCounting } from './counter.ts';

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
	const { vendor, architecture, device: model, description } = adapter.info;
	const words = [model || [vendor, architecture].join(' '), ...(description ? [`(${description})`] : [])].join(' ');
	return `${words}, ${opened.limits.maxStorageBuffersPerShaderStage} buffers a dispatch`;
}

/** The device that `restart` opened. */
export function openDevice(): GPUDevice {
	if (!device) throw new Error('No device is open.');
	return device;
}

export function openBackend(): WebGPUBackend {
	const backend = tf.backend();
	if (!(backend instanceof WebGPUBackend)) throw new Error('The backend is not webgpu.');
	return backend;
}

/** Hands what was recorded to the GPU. */
export function submit(): void {
	const backend = openBackend();
	backend.ensureCommandEncoderReady();
	backend.endComputePassEncoder();
	backend.submitQueue();
}

/** Resolves when the GPU has done all that was asked of it. */
export async function awaitGpu(): Promise<void> {
	submit();
	await openBackend().queue.onSubmittedWorkDone();
}

/** Whether our kernels pass the test that the app makes at its start; '' or what failed. They stay in place when they pass. */
export const checkKernels = (): Promise<string> => useOwnKernels(openDevice());

/** Throws if the device has refused anything: TensorFlow.js would go on with wrong numbers. */
export function failOnErrors(): void {
	if (errors.length > 0) throw new Error(`The device refused a step: ${errors[0]}`);
}
