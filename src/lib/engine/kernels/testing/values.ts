/** Helpers of the kernels' tests: seeded data, evaluation, and how far numbers lie apart. */
import '@tensorflow/tfjs-backend-cpu';
import { expect } from 'vitest';
import { RandomStream } from '#lib/core/random.ts';
import { tf } from '../../tf.ts';
import { mendResizeNearestGradient } from '../cpu/resize-nearest-gradient.ts';

// The oracle's own mistake, see there.
mendResizeNearestGradient();

/** Standard normal values, the same on every call with the same arguments. */
export function normals(shape: readonly number[], seed: number): Float32Array {
	const stream = new RandomStream(seed, 'sample');
	return Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, index) => stream.normal(index));
}

/** Evaluates on a backend, frees every tensor and gives the values back. */
export async function evaluateOn(backend: 'cpu' | 'wasm' | 'webgpu', make: () => tf.Tensor | tf.Tensor[]): Promise<Float32Array[]> {
	await tf.setBackend(backend);
	const results = tf.tidy(() => [make()].flat());
	const values = await Promise.all(results.map(async (result) => Float32Array.from(await result.data())));
	tf.dispose(results);
	return values;
}

/** Largest difference as a share of the largest expected magnitude. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
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

/** Holds every tensor to its expected values. */
export function expectNear(actual: readonly ArrayLike<number>[], expected: readonly ArrayLike<number>[], tolerance: number): void {
	for (const [index, values] of expected.entries()) expect(relativeDifference(actual[index]!, values)).toBeLessThanOrEqual(tolerance);
}
