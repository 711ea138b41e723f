/** One training step of the reference nets on the wasm backend: time, and the share of each kernel. Runs in Node and in Chromium. */
import { defaultSpec, type ExperimentSpec, type LossChoice } from '#lib/core/experiment.ts';
import { defaultValues } from '#lib/core/params.ts';
import { RandomStream } from '#lib/core/random.ts';
import { RunNet } from '#lib/engine/run-net.ts';
import { toBatch } from '#lib/engine/targets.ts';
import { tf } from '#lib/engine/tf.ts';
import { findLoss } from '#lib/losses/index.ts';

/** The reference nets of the README's table. */
const nets = {
	T: { size: 64, batch: 2, base: 8, depth: 2 },
	S: { size: 128, batch: 4, base: 16, depth: 3 },
	R: { size: 256, batch: 4, base: 16, depth: 3 },
} as const;

export interface StepRequest {
	readonly net: keyof typeof nets;
	readonly norm: 'none' | 'batch';
	/** Steps timed, after one warm-up step per timed three. */
	readonly steps: number;
}

export interface StepResult {
	readonly minMs: number;
	readonly medianMs: number;
	/** Of one profiled step, kernels by descending time; what no kernel accounts for is TensorFlow.js itself and reading back. */
	readonly kernels: readonly { readonly name: string; readonly calls: number; readonly ms: number }[];
	readonly profiledMs: number;
	/** Loss of the last step, so that a fast but wrong step shows. */
	readonly loss: number;
}

const shelved = findLoss('dice');
if (!shelved) throw new Error('The shelf has no Dice loss.');
const dice = shelved;

function spec(request: StepRequest): { spec: ExperimentSpec; choice: LossChoice } {
	const { size, batch, base, depth } = nets[request.net];
	const choice: LossChoice = { key: 'dice', label: 'Dice', loss: 'dice', values: defaultValues(dice.params), learningRateFactor: 1 };
	return {
		choice,
		spec: {
			...defaultSpec,
			losses: [choice],
			prepare: { ...defaultSpec.prepare, size },
			net: { depth, base, norm: request.norm, dropout: 0, up: 'nearest' },
			optimizer: { ...defaultSpec.optimizer, learningRate: 0.001 },
			training: { ...defaultSpec.training, batchSize: batch },
		},
	};
}

/** A disc of random place and size on noise, per image. */
function discs(count: number, size: number) {
	const random = new RandomStream(1, 'sample');
	return Array.from({ length: count }, (_, index) => {
		const [x, y, radius] = [0, 1, 2].map((k) => random.uniform(index * 3 + k)) as [number, number, number];
		const classes = Uint8Array.from({ length: size * size }, (_pixel, at) => {
			const distance = Math.hypot((at % size) - size * (0.3 + 0.4 * x), Math.floor(at / size) - size * (0.3 + 0.4 * y));
			return distance < size * (0.1 + 0.2 * radius) ? 1 : 0;
		});
		const image = Float32Array.from(classes, (inside, at) => inside * 0.5 + 0.3 * random.uniform(1000 + index * size * size + at));
		return { size, channels: 1, image, classes };
	});
}

/** Wraps every kernel of the wasm backend in a clock; the returned function puts the kernels back. */
function clockKernels(clock: Map<string, { calls: number; ms: number }>): () => void {
	const kernels = tf.getKernelsForBackend('wasm');
	const replace = (config: tf.KernelConfig) => {
		tf.unregisterKernel(config.kernelName, 'wasm');
		tf.registerKernel(config);
	};
	for (const kernel of kernels) {
		const entry = { calls: 0, ms: 0 };
		clock.set(kernel.kernelName, entry);
		replace({
			...kernel,
			kernelFunc: (call) => {
				const start = performance.now();
				const result = kernel.kernelFunc(call);
				entry.ms += performance.now() - start;
				entry.calls++;
				return result;
			},
		});
	}
	return () => kernels.forEach(replace);
}

export async function measureStep(request: StepRequest): Promise<StepResult> {
	const { size, batch: count } = nets[request.net];
	const { spec: experiment, choice } = spec(request);
	using run = new RunNet(experiment, choice, 1, 1, 1000);
	const batch = toBatch(discs(count, size), 1);
	let step = 0;
	let loss = 0;
	const times: number[] = [];
	const timedStep = async () => {
		const start = performance.now();
		({ loss } = await run.step(batch, step++));
		return performance.now() - start;
	};
	for (let warmUp = 0; warmUp < Math.max(3, request.steps / 3); warmUp++) await timedStep();
	for (let timed = 0; timed < request.steps; timed++) times.push(await timedStep());
	const clock = new Map<string, { calls: number; ms: number }>();
	const restore = clockKernels(clock);
	const profiled = 5;
	let profiledMs = 0;
	for (let timed = 0; timed < profiled; timed++) profiledMs += await timedStep();
	restore();
	tf.dispose(Object.values(batch).filter((value): value is tf.Tensor => value instanceof tf.Tensor));
	times.sort((a, b) => a - b);
	const kernels = [...clock].map(([name, { calls, ms }]) => ({ name, calls: calls / profiled, ms: ms / profiled }));
	return {
		minMs: times[0] ?? NaN,
		medianMs: times[Math.floor(times.length / 2)] ?? NaN,
		kernels: kernels.filter((kernel) => kernel.calls > 0).sort((a, b) => b.ms - a.ms),
		profiledMs: profiledMs / profiled,
		loss,
	};
}
