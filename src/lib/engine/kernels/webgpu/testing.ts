/** The webgpu backend on a software adapter, held to float64 and to the cpu backend. */
import { expect } from 'vitest';
import type { tf } from '../../tf.ts';
import { openWebGpuBackend } from '../../webgpu-backend.ts';
import { evaluateOn, expectNear } from '../testing/values.ts';
import { registerWebGpuKernels } from './register.ts';

const errors: string[] = [];

/** Starts the webgpu backend with our kernels on the adapter that `navigator.gpu` offers. */
export async function startKernels(): Promise<GPUDevice> {
	const adapter = await navigator.gpu.requestAdapter();
	if (!adapter) throw new Error('There is no adapter.');
	const device = await openWebGpuBackend(adapter);
	device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
	registerWebGpuKernels();
	return device;
}

/** What the device complained about since the last call. */
export const takeErrors = (): string[] => errors.splice(0);

/** Evaluates on webgpu. Fails on an error of the device: TensorFlow.js goes on with old numbers. */
export async function evaluate(make: () => tf.Tensor | tf.Tensor[]): Promise<Float32Array[]> {
	const values = await evaluateOn('webgpu', make);
	expect(takeErrors()).toEqual([]);
	return values;
}

/** Holds what `make` gives on webgpu to numbers in double precision. */
export async function expectValues(make: () => tf.Tensor[], expected: readonly ArrayLike<number>[], tolerance: number): Promise<void> {
	expectNear(await evaluate(make), expected, tolerance);
}

/** Holds the webgpu backend against the cpu backend of TensorFlow.js. */
export async function expectSameAsCpu(make: () => tf.Tensor | tf.Tensor[], tolerance = 1e-5): Promise<void> {
	const expected = await evaluateOn('cpu', make);
	expectNear(await evaluate(make), expected, tolerance);
}
