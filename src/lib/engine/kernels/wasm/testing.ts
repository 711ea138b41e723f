/** Helpers of this room's tests: seeded data, and comparison of the wasm backend with the cpu backend in the same process. */
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
export async function evaluate(backend: 'cpu' | 'wasm', make: () => tf.Tensor | tf.Tensor[]): Promise<Float32Array[]> {
	await tf.setBackend(backend);
	const results = tf.tidy(() => [make()].flat());
	const values = results.map((result) => Float32Array.from(result.dataSync()));
	tf.dispose(results);
	return values;
}

/** Largest difference as a share of the largest expected magnitude. */
export function relativeDifference(actual: Float32Array, expected: Float32Array): number {
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

/** Holds the wasm backend against the cpu backend of TensorFlow.js, the oracle. */
export async function expectSameAsCpu(make: () => tf.Tensor | tf.Tensor[], tolerance = 1e-5): Promise<void> {
	const expected = await evaluate('cpu', make);
	const actual = await evaluate('wasm', make);
	for (const [index, values] of expected.entries()) expect(relativeDifference(actual[index]!, values)).toBeLessThanOrEqual(tolerance);
}
