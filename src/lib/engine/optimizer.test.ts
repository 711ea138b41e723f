import '@tensorflow/tfjs-backend-cpu';
import { beforeEach, describe, expect, it } from 'vitest';
import { defaultSpec, type OptimizerSpec } from '#lib/core/experiment.ts';
import { startWasm } from './kernels/wasm/testing-node.ts';
import { hasWebGpu } from './kernels/webgpu/testing-node.ts';
import { startKernels } from './kernels/webgpu/testing.ts';
import { globalNorm, learningRateAt, Optimizer } from './optimizer.ts';
import { tf } from './tf.ts';

const spec = (change: Partial<OptimizerSpec>): OptimizerSpec => ({ ...defaultSpec.optimizer, learningRate: 0.1, ...change });

/** Three and a half times the two numbers: one whole vector of a kernel and the rest of one. */
const repeated = ([a = NaN, b = NaN]: readonly number[]): number[] => [a, b, a, b, a, b, a];

/** The variable [1, −2, 1, …] after steps with the gradient [0.5, −4, 0.5, …], whose norm is taken as that of the first two. */
async function after(change: Partial<OptimizerSpec>, steps: number): Promise<number[]> {
	const variable = tf.tidy(() => tf.variable(tf.tensor1d(repeated([1, -2]))));
	using optimizer = new Optimizer(spec(change), [variable]);
	const gradient = tf.tensor1d(repeated([0.5, -4]));
	const two = tf.tensor1d([0.5, -4]);
	const norm = globalNorm([two]);
	for (let step = 0; step < steps; step++) optimizer.update([gradient], norm, step, spec(change).learningRate);
	const values = [...(await variable.data())];
	tf.dispose([variable, gradient, two, norm]);
	return values;
}

function expectClose(values: readonly number[], expected: readonly number[]): void {
	expect(values).toHaveLength(7);
	const wanted = repeated(expected);
	values.forEach((value, i) => expect(value).toBeCloseTo(wanted[i] ?? NaN, 5));
}

describe.each(['cpu', 'wasm', 'webgpu'] as const)('one update on %s', (backend) => {
	beforeEach(async (test) => {
		test.skip(backend === 'webgpu' && !hasWebGpu, 'no WebGPU here');
		if (backend === 'wasm') await startWasm();
		else if (backend === 'webgpu') await startKernels();
		else await tf.setBackend('cpu');
	});

	it('of SGD goes along the gradient, and the second carries momentum', async () => {
		expectClose(await after({ kind: 'sgd', momentum: 0.9 }, 1), [1 - 0.1 * 0.5, -2 + 0.1 * 4]);
		// Velocity 0.5, then 0.9 · 0.5 + 0.5 = 0.95: in all 1.45 · 0.1.
		expectClose(await after({ kind: 'sgd', momentum: 0.9 }, 2), [1 - 0.145, -2 + 0.1 * 4 * 2.9]);
	});

	it('of Adam has the size of the rate, whatever the gradient', async () => {
		// m̂ = g and v̂ = g² while the gradient stays the same: each step moves by rate · g / |g|.
		expectClose(await after({ kind: 'adam' }, 1), [0.9, -1.9]);
		expectClose(await after({ kind: 'adam' }, 3), [0.7, -1.7]);
	});

	it('of AdamW shrinks the weight apart from the gradient', async () => {
		expectClose(await after({ kind: 'adamw', weightDecay: 0.5 }, 1), [0.95 - 0.1, -1.9 + 0.1]); // 1 − 0.1 · 0.5 = 0.95 of it stays
	});

	it('of RMSProp divides by the running root mean square', async () => {
		// Mean square 0.1 g², root 0.3162 |g|: a step of 0.1 / 0.3162.
		expectClose(await after({ kind: 'rmsprop', momentum: 0 }, 1), [1 - 0.316228, -2 + 0.316228]);
	});

	it('adds weight decay to the gradient elsewhere', async () => {
		expectClose(await after({ kind: 'sgd', momentum: 0, weightDecay: 0.5 }, 1), [1 - 0.1 * (0.5 + 0.5), -2 + 0.1 * (4 + 1)]);
	});

	it('clips by the norm over all gradients', async () => {
		// √(0.25 + 16) = 4.0311; to a norm of 1 both shrink by it.
		expectClose(await after({ kind: 'sgd', momentum: 0, clipNorm: 1 }, 1), [1 - 0.05 / 4.0311289, -2 + 0.4 / 4.0311289]);
		expectClose(await after({ kind: 'sgd', momentum: 0, clipNorm: 100 }, 1), [0.95, -1.6]);
	});

	it('leaves no tensor behind', async () => {
		const before = tf.memory().numTensors;
		await after({ kind: 'adam', clipNorm: 1 }, 2);
		expect(tf.memory().numTensors).toBe(before);
	});
});

describe('learningRateAt', () => {
	it('rises over the warm-up, then stays or falls by half a cosine', () => {
		const warm = spec({ warmUpSteps: 4 });
		expect([0, 1, 3, 4, 99].map((step) => learningRateAt(warm, step, 100))).toEqual([0.025, 0.05, 0.1, 0.1, 0.1]);
		const cosine = spec({ schedule: 'cosine' });
		expect(learningRateAt(cosine, 0, 100)).toBe(0.1);
		expect(learningRateAt(cosine, 50, 100)).toBeCloseTo(0.05, 12);
		expect(learningRateAt(cosine, 100, 100)).toBeCloseTo(0, 12);
	});
});
