/** A small net trained by our kernels on a software adapter, beside the cpu backend. */
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { RunNet } from '../../run-net.ts';
import type { Batch } from '../../targets.ts';
import { asTensor4D } from '../../tensors.ts';
import { tf } from '../../tf.ts';
import { compileAhead } from '../../webgpu-backend.ts';
import { hasWebGpu } from './testing-node.ts';
import { normals } from '../testing/values.ts';
import { startKernels } from './testing.ts';

const size = 16;
const batchSize = 2;
const choice: LossChoice = { key: 'loss', label: 'Dice', loss: 'dice', values: {}, learningRateFactor: 1 };

const spec = (norm: 'none' | 'batch' | 'group'): ExperimentSpec => ({
	...defaultSpec,
	losses: [choice],
	prepare: { ...defaultSpec.prepare, size },
	net: { base: 4, depth: 2, norm, dropout: 0, up: 'nearest-conv' },
	optimizer: { ...defaultSpec.optimizer, learningRate: 0.003, clipNorm: 1 },
	training: { ...defaultSpec.training, batchSize },
});

/** Losses, gradient norms and last weights of a run on discs with noise. */
async function train(
	backend: 'cpu' | 'webgpu',
	norm: 'none' | 'batch' | 'group',
	steps: number,
	{ readTogether = false, prepare = async (_run: RunNet, _batch: Batch): Promise<void> => undefined } = {},
) {
	await tf.setBackend(backend);
	const shape: [number, number, number, number] = [batchSize, size, size, 1];
	const disc = Float32Array.from({ length: batchSize * size * size }, (_, at) =>
		Math.hypot((at % size) - 8, (Math.floor(at / size) % size) - 8) < 5 ? 1 : 0,
	);
	const noise = normals(shape, 1);
	const image = disc.map((inside, at) => 0.5 * inside + 0.1 * noise[at]!);
	const batch = {
		x: tf.tensor4d(image, shape),
		yTrue: tf.tensor4d(disc, shape),
		valid: tf.tidy(() => tf.ones<tf.Rank.R4>(shape)),
		targets: {},
	};
	const run = new RunNet(spec(norm), choice, 1, { outputs: 1, totalSteps: 100, facts: { classPixels: [1, 1] } });
	await prepare(run, batch);
	const reports = [];
	const taken = [];
	for (let step = 0; step < steps; step++) {
		if (readTogether) taken.push(run.take(batch, step));
		else reports.push(await run.step(batch, step));
	}
	reports.push(...(await run.read(taken)));
	const weights = await Promise.all(run.variables().map(async ({ variable }) => [...(await variable.data())]));
	run[Symbol.dispose]();
	tf.dispose({ ...batch });
	return { losses: reports.map(({ loss }) => loss), finite: reports.every(({ logitsFinite }) => logitsFinite), weights: weights.flat() };
}

describe.skipIf(!hasWebGpu)('training on webgpu', { timeout: 600_000 }, () => {
	beforeAll(startKernels);

	it.each(['none', 'batch', 'group'] as const)('follows the cpu backend over 20 steps, norm %s', async (norm) => {
		const expected = await train('cpu', norm, 20);
		const actual = await train('webgpu', norm, 20);
		expect(expected.losses[19]).toBeLessThan(expected.losses[0]!);
		actual.losses.forEach((loss, step) => expect(Math.abs(loss - expected.losses[step]!), `step ${step}`).toBeLessThan(1e-3));
		expect(actual.finite).toBe(true);
	});

	it('gives the same bits three times', async () => {
		const first = await train('webgpu', 'batch', 5);
		expect(first.weights.every(Number.isFinite)).toBe(true);
		expect(await train('webgpu', 'batch', 5)).toEqual(first);
		expect(await train('webgpu', 'batch', 5)).toEqual(first);
	});

	it.each(['none', 'batch', 'group'] as const)('gives the same bits when its steps are read back together, norm %s', async (norm) => {
		expect(await train('webgpu', norm, 12, { readTogether: true })).toEqual(await train('webgpu', norm, 12));
	});

	it.each(['none', 'batch'] as const)(
		'compiles ahead all that steps and scoring need, and changes nothing by it, norm %s',
		async (norm) => {
			const expected = await train('webgpu', norm, 3);
			// A new device has compiled nothing but the start-up of the backend.
			await startKernels();
			const compiled = vi.spyOn(GPUDevice.prototype, 'createComputePipeline');
			const ahead = vi.spyOn(GPUDevice.prototype, 'createComputePipelineAsync');
			const prepare = async (run: RunNet, batch: Batch): Promise<void> => {
				await compileAhead(() => run.rehearse(batch));
				expect(ahead.mock.calls.length).toBeGreaterThan(20);
				compiled.mockClear();
				const [loss] = tf.tidy(() => {
					const logits = asTensor4D(run.net.logits.apply(batch.x, { training: false }));
					return [run.loss.compute({ ...batch, logits, yPred: tf.sigmoid(logits), progress: 0 })];
				});
				expect([...(await loss.data())].every(Number.isFinite)).toBe(true);
				loss.dispose();
			};
			expect(await train('webgpu', norm, 3, { prepare })).toEqual(expected);
			expect(compiled.mock.calls.map(([{ label }]) => label)).toEqual([]);
		},
	);

	it('leaves no tensor behind', async () => {
		const before = tf.memory().numTensors;
		await train('webgpu', 'none', 2);
		expect(tf.memory().numTensors).toBe(before);
	});
});
