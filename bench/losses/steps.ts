/** The time of a training step with each loss beside one with Dice: net S on the wasm backend, in Node. */
import '@tensorflow/tfjs-backend-wasm';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { RandomStream } from '#lib/core/random.ts';
import { loadWasmKernels } from '#lib/engine/kernels/wasm/load-node.ts';
import { RunNet } from '#lib/engine/run-net.ts';
import { disposeBatch, toBatch } from '#lib/engine/targets.ts';
import { startWasmBackend } from '#lib/engine/wasm-backend.ts';
import { lossShelf } from '#lib/losses/index.ts';

const size = 128;
const batchSize = 4;

export interface LossTime {
	readonly id: string;
	readonly name: string;
	/** Median of a step, milliseconds of processor time. */
	readonly stepMs: number;
	/** Median over pairs of steps of (this loss / Dice). */
	readonly ratio: number;
	/** Of preparing the targets of a batch anew, milliseconds; 0 without targets. They are kept, so no later step pays it. */
	readonly targetsMs: number;
}

const choiceOf = (loss: string): LossChoice => ({ key: 'loss', label: loss, loss, values: {}, learningRateFactor: 1 });

const spec: ExperimentSpec = {
	...defaultSpec,
	losses: [choiceOf('dice')],
	prepare: { ...defaultSpec.prepare, size },
	net: { depth: 3, base: 16, norm: 'none', dropout: 0, up: 'nearest' },
	training: { ...defaultSpec.training, batchSize },
};

/** Discs of two classes on noise, so that every loss has something to look at; class 1 alone for one output. */
function discs(outputs: number) {
	const random = new RandomStream(1, 'sample');
	return Array.from({ length: batchSize }, (_, index) => {
		const [x, y] = [size * (0.3 + 0.4 * random.uniform(2 * index)), size * (0.3 + 0.4 * random.uniform(2 * index + 1))];
		const classes = Uint8Array.from({ length: size * size }, (_pixel, at) => {
			const distance = Math.hypot((at % size) - x, Math.floor(at / size) - y);
			if (distance < size / 8) return 1;
			return outputs > 1 && distance < size / 4 ? 2 : 0;
		});
		const image = Float32Array.from(classes, (kind, at) => kind * 0.3 + 0.3 * random.uniform(1000 + index * size * size + at));
		return { size, channels: 1, image, classes };
	});
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Trains with a loss and with Dice in turn. */
async function timeLoss(id: string, outputs: number, pairs: number): Promise<Omit<LossTime, 'id' | 'name'>> {
	const images = discs(outputs);
	const classPixels = Array.from({ length: outputs === 1 ? 2 : outputs }, (_, kind) =>
		images.reduce((sum, image) => sum + image.classes.filter((value) => value === kind).length, 0),
	);
	const setting = { outputs, totalSteps: 1000, facts: { classPixels } };
	using run = new RunNet(spec, choiceOf(id), 1, setting);
	using dice = new RunNet(spec, choiceOf('dice'), 1, setting);
	const startedAt = performance.now();
	const batch = toBatch(images, outputs, run.targetNames);
	const withTargetsMs = performance.now() - startedAt;
	const again = performance.now();
	disposeBatch(toBatch(images, outputs, []));
	const plainMs = performance.now() - again;
	const times: [own: number, dice: number][] = [];
	for (let step = 0; step < pairs + 2; step++) {
		const own = await timed(() => run.step(batch, step));
		times.push([own, await timed(() => dice.step(batch, step))]);
	}
	disposeBatch(batch);
	const kept = times.slice(2);
	return {
		stepMs: median(kept.map(([own]) => own)),
		ratio: median(kept.map(([own, other]) => own / other)),
		targetsMs: run.targetNames.length > 0 ? Math.max(0, withTargetsMs - plainMs) : 0,
	};
}

/** Processor time of this process, milliseconds: what others do on the machine meanwhile does not count. */
async function timed(work: () => Promise<unknown>): Promise<number> {
	const before = process.cpuUsage();
	await work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

/** Every loss of the shelf, one after the other. `outputs` 1 is a sigmoid, 3 a softmax over three classes. */
export async function* timeLosses({
	pairs,
	outputs,
	only = '',
}: {
	readonly pairs: number;
	readonly outputs: number;
	readonly only?: string;
}): AsyncGenerator<LossTime> {
	await startWasmBackend(loadWasmKernels);
	for (const { id, name } of lossShelf.filter(({ id }) => only === '' || id === only))
		yield { id, name, ...(await timeLoss(id, outputs, pairs)) };
}
