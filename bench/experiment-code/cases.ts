/** Tiny experiments, trained by the engine in Node and written as archives for Python. */
import '@tensorflow/tfjs-backend-wasm';
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { constantWeight } from '#lib/core/loss-choice.ts';
import { loadWasmKernels } from '#lib/engine/kernels/wasm/load-node.ts';
import { lossChoice, storeExperiment, storeSample, tinySpec } from '#lib/engine/testing/experiments.ts';
import { EngineTrainer } from '#lib/engine/trainer.ts';
import { startWasmBackend } from '#lib/engine/wasm-backend.ts';
import { codeOf } from '#lib/graphs/testing.ts';
import { traceLoss } from '#lib/graphs/trace.ts';
import { experimentArchive } from '#lib/state/experiment-archive.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';

/** Loss of each step by run. */
type StepLosses = Readonly<Record<string, readonly number[]>>;

export interface TrainedCase {
	readonly title: string;
	readonly archive: Uint8Array;
	readonly expected: StepLosses;
}

interface Case {
	readonly title: string;
	readonly recipe?: string;
	readonly spec: ExperimentSpec;
	readonly mostBytes?: number;
	/** From 1, whose runs are written out; absent without folds. */
	readonly fold?: number;
}

function own(batch: number, outputs: number): LossChoice {
	const code = '(yTrue, yPred) => tf.mean(tf.square(tf.sub(yTrue, yPred)))';
	// A fold may have an odd number of images to validate.
	const graphs = [1, batch].map((images) => {
		const traced = traceLoss(codeOf(code), { shape: [images, 32, 32, outputs], values: {}, builtIns: {} }, () => 1);
		return { batch: images, graph: traced.graph };
	});
	const written = { name: 'Own', code, params: {}, graphs };
	return { key: 'own', label: 'Own', loss: 'ownLoss', values: {}, own: written, learningRateFactor: 2 };
}

function sum(key: string, values: LossChoice['values']): LossChoice {
	const terms = ['dice', 'crossEntropy'].map((loss, index) => ({ loss, values: {}, weight: constantWeight(1 + index) }));
	return { key, label: key, loss: 'weightedSum', values, terms, learningRateFactor: 1 };
}

/** Without imports at run time, which end with the import of this file. */
const platform = { startWasm: () => startWasmBackend(loadWasmKernels) };

/** For Adam. At the 0.003 that the app begins with, rounding alone can pass a thousandth: see bench/results/experiment-code.md. */
const adamRate = 0.001;

const base = tinySpec();
const still = { ...base.augment, flip: false, quarterTurns: false };

const cases: readonly Case[] = [
	{
		title: 'batch norm, Adam with warm-up and cosine, flips and turns',
		spec: tinySpec({
			seeds: [1, 2],
			optimizer: { ...base.optimizer, learningRate: adamRate, schedule: 'cosine', warmUpSteps: 3 },
			losses: ['crossEntropy', 'dice', 'focalTversky', 'adaptiveRobust'].map(lossChoice),
		}),
	},
	{
		title: 'no norm, transposed, SGD with cosine, momentum, decay and clipping',
		spec: tinySpec({
			net: { ...base.net, norm: 'none', up: 'transposed' },
			optimizer: { ...base.optimizer, kind: 'sgd', learningRate: 0.05, schedule: 'cosine', weightDecay: 0.05, clipNorm: 0.5 },
			augment: still,
			losses: [...['crossEntropy', 'dice', 'focal', 'mcc'].map(lossChoice), own(2, 1), sum('sum', {})],
		}),
	},
	{
		title: 'group norm, nearest with convolution, AdamW, crops with noise',
		spec: tinySpec({
			net: { ...base.net, norm: 'group', up: 'nearest-conv' },
			prepare: { ...base.prepare, sizing: 'crop' },
			augment: { ...base.augment, noise: 0.05, contrast: 0.2 },
			optimizer: { ...base.optimizer, kind: 'adamw', learningRate: adamRate, weightDecay: 0.5 },
			losses: [...['crossEntropy', 'tversky'].map(lossChoice), sum('learned-sum', { weighting: 'uncertainty' })],
		}),
	},
	{
		title: 'fold 2 of 3, three classes, instance norm, RMSProp with warm-up, zooms that leave pixels uncounted',
		recipe: 'tissue',
		fold: 2,
		spec: tinySpec({
			split: { ...base.split, folds: 3 },
			net: { ...base.net, norm: 'instance', up: 'transposed' },
			prepare: { ...base.prepare, channels: 'rgb', intensity: 'zscore-set' },
			augment: { ...base.augment, scale: 0.3 },
			optimizer: { ...base.optimizer, kind: 'rmsprop', learningRate: 0.001, warmUpSteps: 4 },
			losses: [...['crossEntropy', 'dice', 'generalizedDice'].map(lossChoice), own(2, 3)],
		}),
	},
];

async function trained({ title, recipe = 'cells', spec, fold, mostBytes = 2 ** 26 }: Case, steps: number): Promise<TrainedCase> {
	const records = memoryRecords('a golden experiment');
	const dataset = await storeSample(records, recipe);
	const experiment = await storeExperiment(records, dataset, { ...spec, training: { ...spec.training, epochs: Math.ceil(steps / 3) } });
	const trainer = new EngineTrainer(records, platform);
	const expected: Record<string, number[]> = {};
	for (const seed of spec.seeds) {
		const runIds = experiment.runs.filter((run) => run.seed === seed && run.fold === fold).map(({ id }) => id);
		await trainer.open({ experimentId: experiment.id, runIds, backend: 'wasm' }, (event) => {
			if (event.type === 'step') for (const [run, loss] of event.losses) (expected[run] ??= []).push(loss);
		});
		await trainer.advance(steps);
		await trainer.close();
	}
	const runs = await trainer.exportRuns({ experimentId: experiment.id, fold, mostBytes });
	const archive = await experimentArchive({ experiment, fold, dataset, runs });
	return { title, archive: new Uint8Array(await archive.arrayBuffer()), expected };
}

/** One case after the other. */
export async function* trainCases(steps: number): AsyncGenerator<TrainedCase> {
	for (const one of cases) yield await trained(one, steps);
}
