import { beforeAll, describe, expect, it } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { netCost } from '#lib/core/net-cost.ts';
import { RandomStream } from '#lib/core/random.ts';
import { memoryOf } from './kernels/wasm/module.ts';
import { startWasm } from './kernels/wasm/testing-node.ts';
import { memoryFailure } from './memory-limit.ts';
import { RunNet } from './run-net.ts';
import { disposeBatch, toBatch } from './targets.ts';
import { lossChoice } from './testing/experiments.ts';
import { tf } from './tf.ts';

const size = 64;
const batchSize = 4;
const spec: ExperimentSpec = {
	...defaultSpec,
	losses: [lossChoice('dice')],
	prepare: { ...defaultSpec.prepare, size },
	net: { depth: 2, base: 16, norm: 'batch', dropout: 0.2, up: 'transposed' },
	training: { ...defaultSpec.training, batchSize },
};

const heapBytes = () => memoryOf((tf.backend() as unknown as { wasm: object }).wasm).buffer.byteLength;

/** The weights after three steps from the same seed. */
async function train(): Promise<Float32Array[]> {
	const random = new RandomStream(1, 'sample');
	const pairs = Array.from({ length: batchSize }, (_, at) => ({
		size,
		channels: 1,
		image: Float32Array.from({ length: size * size }, (_pixel, index) => random.uniform(at * size * size + index)),
		classes: Uint8Array.from({ length: size * size }, (_pixel, index) => (index % size < 20 + at ? 1 : 0)),
	}));
	const batch = toBatch(pairs, 1, []);
	using run = new RunNet(spec, lossChoice('dice'), 1, { outputs: 1, totalSteps: 10, facts: { classPixels: [1, 1] } });
	for (let step = 0; step < 3; step++) await run.step(batch, step);
	disposeBatch(batch);
	return run.net.logits.getWeights().map((weight) => weight.dataSync() as Float32Array);
}

describe('memory on WebAssembly', () => {
	beforeAll(async () => {
		await startWasm();
		await tf.setBackend('wasm');
	});

	it('may grow in the middle of a step, and every run has the same bits', async () => {
		const before = heapBytes();
		const grown = await train();
		const after = heapBytes();
		expect(after).toBeGreaterThan(before);
		for (let again = 0; again < 2; again++) expect(await train()).toEqual(grown);
		expect(heapBytes()).toBe(after);
	});

	it('needs about what is told beforehand', () => {
		const { memoryBytes } = netCost(spec.net, size, 1, 1, batchSize);
		expect(heapBytes()).toBeGreaterThan(0.8 * memoryBytes);
		expect(heapBytes()).toBeLessThan(1.6 * memoryBytes);
	});

	it('that ends is told as such', () => {
		expect(() => memoryFailure(new WebAssembly.RuntimeError('Aborted(). Build with -sASSERTIONS for more info.'))).toThrow('out-of-memory');
		expect(() => memoryFailure(new TypeError('another'))).toThrow('another');
	});
});
