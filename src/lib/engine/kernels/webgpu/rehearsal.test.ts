/** Every loss is rehearsed on a device that checks programs and executes nothing: no step may be left with a program to compile. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { lossShelf } from '#lib/losses/index.ts';
import { installWebGpu } from '../../../../../bench/gpu/webgpu.mjs';
import { BatchMaker } from '../../batch-maker.ts';
import { RunNet } from '../../run-net.ts';
import { TargetMaps } from '../../target-maps.ts';
import { disposeBatch } from '../../targets.ts';
import { lossChoice } from '../../testing/experiments.ts';
import { tf } from '../../tf.ts';
import { compileAhead } from '../../webgpu-backend.ts';
import { startKernels, takeErrors } from './testing.ts';

const hasNullDevice = await installWebGpu('null');
const size = 16;
const nets = [
	{ norm: 'none', up: 'nearest' },
	{ norm: 'batch', up: 'nearest-conv' },
	{ norm: 'group', up: 'transposed' },
] as const;

function specOf(loss: string, place: number): ExperimentSpec {
	return {
		...defaultSpec,
		losses: [lossChoice(loss)],
		prepare: { ...defaultSpec.prepare, size, sizing: 'stretch', channels: 'grey' },
		augment: { ...defaultSpec.augment, scale: 0.2, contrast: 0.2, noise: 0.1 },
		net: { ...defaultSpec.net, base: 4, depth: 2, dropout: 0.2, ...nets[place % nets.length]! },
		training: { ...defaultSpec.training, batchSize: 2 },
	};
}

const sample = (classes: number) => ({
	image: { width: size, height: size, channels: 1, data: new Float32Array(size * size).fill(0.5) },
	classes: Uint8Array.from({ length: size * size }, (_, at) => at % classes),
});

describe.skipIf(!hasNullDevice)('a rehearsal', { timeout: 120_000 }, () => {
	let device: GPUDevice;
	beforeAll(async () => {
		device = await startKernels();
	});

	it.each(lossShelf.flatMap(({ id }, place) => [1, 3].map((outputs) => [id, outputs, place] as const)))(
		'of %s with %d outputs leaves nothing to compile and no tensor',
		async (loss, outputs, place) => {
			const before = tf.memory().numTensors;
			const spec = specOf(loss, place);
			const classes = outputs === 1 ? 2 : outputs;
			const facts = { classPixels: new Array<number>(classes).fill(9) };
			const maker = new BatchMaker([sample(classes)], spec, 1, { outputs, maps: new TargetMaps(), largestBytes: 2 ** 27 });
			const run = new RunNet(spec, lossChoice(loss), 1, { outputs, totalSteps: 10, facts });
			await compileAhead(() => {
				const batch = maker.batch(0, run.targetNames);
				run.rehearse(batch);
				disposeBatch(batch);
			});
			const compiled = vi.spyOn(GPUDevice.prototype, 'createComputePipeline');
			const batch = maker.batch(1, run.targetNames);
			run.take(batch, 1).numbers.dispose();
			disposeBatch(batch);
			expect(compiled.mock.calls.map(([{ label }]) => label)).toEqual([]);
			compiled.mockRestore();
			// Until then the device may not have told of an error.
			await device.queue.onSubmittedWorkDone();
			expect(takeErrors()).toEqual([]);
			run[Symbol.dispose]();
			maker[Symbol.dispose]();
			expect(tf.memory().numTensors).toBe(before);
		},
	);
});
