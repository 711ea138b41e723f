/** Helpers of this room's tests: seeded data, the webgpu backend on a software adapter, and comparison with float64 and the cpu backend. */
import '@tensorflow/tfjs-backend-cpu';
import { expect } from 'vitest';
import { RandomStream } from '#lib/core/random.ts';
import { tf } from '../../tf.ts';
import { mendResizeNearestGradient } from '../cpu/resize-nearest-gradient.ts';
import { openWebGpuBackend } from '../../webgpu-backend.ts';
import { registerWebGpuKernels } from './register.ts';

// The oracle's own mistake, see there.
mendResizeNearestGradient();

const errors: string[] = [];

/** Starts the webgpu backend with our kernels on the adapter that `navigator.gpu` offers. */
export async function startKernels(): Promise<void> {
	const adapter = await navigator.gpu.requestAdapter();
	if (!adapter) throw new Error('There is no adapter.');
	const device = await openWebGpuBackend(adapter);
	device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
	registerWebGpuKernels();
}

/** Standard normal values, the same on every call with the same arguments. */
export function normals(shape: readonly number[], seed: number): Float32Array {
	const stream = new RandomStream(seed, 'sample');
	return Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, index) => stream.normal(index));
}

/** Evaluates on a backend, frees every tensor and gives the values back. Fails on an error of the device: TensorFlow.js goes on with old numbers. */
export async function evaluate(backend: 'cpu' | 'webgpu', make: () => tf.Tensor | tf.Tensor[]): Promise<Float32Array[]> {
	await tf.setBackend(backend);
	const results = tf.tidy(() => [make()].flat());
	const values = await Promise.all(results.map(async (result) => Float32Array.from(await result.data())));
	tf.dispose(results);
	expect(errors.splice(0)).toEqual([]);
	return values;
}

/** Largest difference as a share of the largest expected magnitude. */
function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
	expect(actual.length).toBe(expected.length);
	let difference = 0;
	let magnitude = 1e-6;
	for (let i = 0; i < expected.length; i++) {
		const distance = Math.abs(actual[i]! - expected[i]!);
		// A NaN must not hide behind Math.max.
		difference = Number.isNaN(distance) ? Infinity : Math.max(difference, distance);
		magnitude = Math.max(magnitude, Math.abs(expected[i]!));
	}
	return difference / magnitude;
}

/** Holds what `make` gives on webgpu to numbers in double precision. */
export async function expectValues(make: () => tf.Tensor[], expected: readonly ArrayLike<number>[], tolerance: number): Promise<void> {
	const actual = await evaluate('webgpu', make);
	expected.forEach((values, index) => expect(relativeDifference(actual[index]!, values)).toBeLessThanOrEqual(tolerance));
}

/** Holds the webgpu backend against the cpu backend of TensorFlow.js. */
export async function expectSameAsCpu(make: () => tf.Tensor | tf.Tensor[], tolerance = 1e-5): Promise<void> {
	const expected = await evaluate('cpu', make);
	const actual = await evaluate('webgpu', make);
	for (const [index, values] of expected.entries()) expect(relativeDifference(actual[index]!, values)).toBeLessThanOrEqual(tolerance);
}
