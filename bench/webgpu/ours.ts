/** The app's own step: the same net and loss as the others', the gradient's norm, whether the logits are finite, and our Adam. */
import { defaultSpec, type ExperimentSpec, type NetSpec } from '#lib/core/experiment.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { RunNet, type TakenStep } from '#lib/engine/run-net.ts';
import { disposeBatch } from '#lib/engine/targets.ts';
import type { GpuNet } from '../nets.mjs';
import { batchOf } from './data.ts';
import type { Stepper } from './stepper.ts';

export interface NetRequest {
	readonly net: GpuNet;
	readonly norm: 'none' | 'batch';
}

/** The seed of the weights that all begin with. */
export const seed = 1;

export function netSpec({ net: { base, depth, up }, norm }: NetRequest): NetSpec {
	return { base, depth, up, norm, dropout: 0 };
}

export function openOurs(request: NetRequest): Stepper<TakenStep> {
	const { channels, size, batch: batchSize } = request.net;
	const choice: LossChoice = { key: 'loss', label: 'Cross-entropy', loss: 'crossEntropy', values: {}, learningRateFactor: 1 };
	const spec: ExperimentSpec = {
		...defaultSpec,
		losses: [choice],
		prepare: { ...defaultSpec.prepare, channels: channels === 1 ? 'grey' : 'rgb', size },
		net: netSpec(request),
		optimizer: { ...defaultSpec.optimizer, learningRate: 0.001 },
		training: { ...defaultSpec.training, batchSize },
	};
	const run = new RunNet(spec, choice, seed, {
		outputs: channels,
		totalSteps: 1000,
		facts: { classPixels: channels === 1 ? [1, 1] : Array.from({ length: channels }, () => 1) },
	});
	const batch = batchOf(request.net);
	let count = 0;
	return {
		parameters: run.parameters,
		take: () => run.take(batch, count++),
		read: async (taken) => (await run.read(taken)).map(({ loss }) => loss),
		close: () => {
			run[Symbol.dispose]();
			disposeBatch(batch);
		},
	};
}
