import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExperimentSpec } from '#lib/core/experiment.ts';
import { constantWeight, type LossChoice, type LossTerm } from '#lib/core/loss-choice.ts';
import type { Records } from '#lib/core/records.ts';
import { classNames } from '#lib/core/sample.ts';
import type { AnyLoss } from '#lib/losses/contract.ts';
import { defineLoss } from '#lib/losses/define-loss.ts';
import { findLoss } from '#lib/losses/index.ts';
import type * as Resolve from '#lib/losses/resolve.ts';
import { classLookup, toClassMap } from '#lib/pixels/labels.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { startBackend } from './backend.ts';
import { ExperimentData } from './experiment-data.ts';
import { readModelZip } from './model-file.ts';
import { nodePlatform } from './platform-node.ts';
import { RunNet } from './run-net.ts';
import { disposeBatch, toBatch } from './targets.ts';
import { lossChoice, storeExperiment, storeSample, tinySpec } from './testing/experiments.ts';
import { tf } from './tf.ts';
import { EngineTrainer } from './trainer.ts';

const backend = 'wasm';

/** Dice that remembers a number which is none after three steps. */
function forgetful(): AnyLoss {
	const dice = findLoss('dice');
	if (!dice) throw new Error('The shelf has no Dice loss.');
	const { id, name, family, summary, formula, symbols, takes, range, edgeCases, sources } = dice;
	const { canBeNegative, perfectIsMinimum, goodWhen, badWhen } = dice;
	return defineLoss({
		...{
			id,
			name,
			family,
			summary,
			formula,
			symbols,
			takes,
			range,
			edgeCases,
			sources,
			canBeNegative,
			perfectIsMinimum,
			goodWhen,
			badWhen,
		},
		params: {},
		memory: {
			first: () => ({ count: 0 }),
			update: {
				observe: (tfjs) => ({ one: tfjs.scalar(1) }),
				next: ({ count = 0 }, { one = 0 }) => ({ count: count === 2 ? Number.NaN : count + one }),
			},
		},
		compute: (tfjs, input) => dice.compute(tfjs, input, {}),
	});
}

vi.mock('#lib/losses/resolve.ts', async (original) => {
	const { resolveLoss } = await original<typeof Resolve>();
	return { resolveLoss: (choice: LossChoice) => (choice.loss === 'forgetful' ? forgetful() : resolveLoss(choice)) };
});

const term = (loss: string): LossTerm => ({ loss, values: {}, weight: constantWeight(1) });

function learnedSum(...losses: string[]): LossChoice {
	return { ...lossChoice('weightedSum'), key: 'sum', values: { weighting: 'uncertainty' }, terms: losses.map(term) };
}

describe('a loss that learns and remembers', () => {
	let records: Records;

	beforeEach(() => {
		records = memoryRecords('a test');
	});

	const ids = (spec: ExperimentSpec): string[] => spec.losses.map(({ key }) => `${key}-s1`);

	/** Trains to the end in sessions of so many steps, each with a trainer of its own; the last has no limit. */
	async function train(spec: ExperimentSpec, ...sessions: number[]): Promise<void> {
		await storeExperiment(records, await storeSample(records), spec);
		// Models that predicted in another test are kept. The memory of a backend can be asked for only once it runs.
		const before = tf.engine().state.numTensors;
		for (const steps of [...sessions, Infinity]) {
			const trainer = new EngineTrainer(records, nodePlatform);
			await trainer.open({ experimentId: 'experiment', runIds: ids(spec), backend }, () => undefined);
			const { done } = await trainer.advance(steps);
			await trainer.checkpoint({ final: done });
			await trainer.close();
		}
		expect(tf.memory().numTensors).toBe(before);
	}

	const adaptive = (change: Partial<ExperimentSpec> = {}): ExperimentSpec =>
		tinySpec({ losses: [learnedSum('steeredTversky', 'crossEntropy', 'boundary'), lossChoice('adaptiveRobust')], ...change });

	it.each(['adam', 'sgd', 'rmsprop', 'adamw'] as const)(
		'ends bit-identical after a pause in the middle of an epoch, with %s',
		async (kind) => {
			const spec = adaptive({ optimizer: { ...tinySpec().optimizer, kind, learningRate: 0.01, weightDecay: 0.01, clipNorm: 1 } });
			const finals = async () => Promise.all(ids(spec).map((id) => records.getCheckpoint('experiment', id, 'final')));
			await train(spec);
			const [straight, straightRows] = [await finals(), await records.listRows('experiment')];
			records = memoryRecords('a test');
			await train(spec, 4, 1);
			const resumed = await finals();
			expect(resumed.map((one) => one?.bytes)).toEqual(straight.map((one) => one?.bytes));
			expect(resumed.map((one) => one?.manifest.lossState)).toEqual(straight.map((one) => one?.manifest.lossState));
			expect(await records.listRows('experiment')).toEqual(straightRows);
			expect(straight.every((one) => one !== undefined)).toBe(true);
		},
	);

	it('keeps its scalars, their optimizer slots and its memory in the checkpoint, apart from the weights', async () => {
		const spec = adaptive();
		await train(spec);
		const sum = await records.getCheckpoint('experiment', 'sum-s1', 'final');
		const names = sum?.manifest.tensors.map(({ name }) => name) ?? [];
		for (const place of [0, 1, 2]) expect(names).toContain(`loss/${place}/logVariance`);
		expect(names.filter((name) => name.startsWith('optimizer/loss/'))).toEqual(
			['mean', 'square'].flatMap((slot) => [0, 1, 2].map((place) => `optimizer/loss/${slot}/${place}`)),
		);
		expect(Object.keys(sum?.manifest.lossState ?? {})).toEqual(['0/falsePositiveRate', '0/falseNegativeRate']);
		const robust = await records.getCheckpoint('experiment', 'adaptiverobust-s1', 'final');
		expect(robust?.manifest).not.toHaveProperty('lossState');
	});

	it('tells what it learnt after every epoch; a loss that adapts nothing tells nothing', async () => {
		await train(adaptive({ losses: [learnedSum('steeredTversky', 'crossEntropy'), lossChoice('dice')] }));
		const rows = await records.listRows('experiment');
		const names = rows.filter((row) => row.runId === 'sum-s1').map((row) => Object.keys(row.readings ?? {}));
		expect(names).toHaveLength(2);
		for (const list of names) expect(list).toContain('weight of Cross-entropy');
		const weights = rows.flatMap((row) => row.readings?.['weight of Cross-entropy'] ?? []);
		expect(weights[0]).not.toBe(weights[1]);
		expect(rows.filter((row) => row.runId === 'dice-s1').map((row) => row.readings)).toEqual([undefined, undefined]);
	});

	it('shows a schedule as it stood at the last step of the epoch: whole at the end of the run', async () => {
		const weight: LossTerm['weight'] = { curve: 'linear', from: 0, to: 5, begin: 0, end: 1 };
		const rising: LossChoice = { ...lossChoice('weightedSum'), terms: [term('dice'), { ...term('focal'), weight }] };
		await train(adaptive({ losses: [rising] }));
		// Six steps: the epochs end after step 2 of 0 … 5 and after step 5.
		expect((await records.listRows('experiment')).map((row) => row.readings)).toEqual([{ 'weight of Focal': 2 }, { 'weight of Focal': 5 }]);
	});

	it('leaves a model that opens again, and says which sum trained it', async () => {
		const choice = learnedSum('dice', 'crossEntropy');
		await train(adaptive({ losses: [choice] }));
		const trainer = new EngineTrainer(records, nodePlatform);
		const image = await records.getImage('dataset-cells', 's0');
		if (!image) throw new Error('no image');
		const model = { kind: 'run', experimentId: 'experiment', runId: 'sum-s1', which: 'last' } as const;
		const zip = await trainer.exportModel(model);
		const opened = { kind: 'model', modelId: await trainer.importModel(zip, 'sum.zip') } as const;
		const { data } = await trainer.predict({ model, image, backend });
		expect((await trainer.predict({ model: opened, image, backend })).data).toEqual(data);
		const { net, card } = await readModelZip(zip);
		net.probabilities.dispose();
		expect(card.loss).toEqual(choice);
	});

	it('fails alone when what it remembers is no number any more', async () => {
		const spec = adaptive({ losses: [{ ...lossChoice('dice'), key: 'forgetful', loss: 'forgetful' }, lossChoice('dice')] });
		await train(spec);
		const runs = (await records.getExperiment('experiment'))?.runs ?? [];
		expect(runs.map((run) => run.state)).toEqual(['failed', 'finished']);
		// The count is 1 after step 0, 2 after step 1, none after step 2.
		expect(runs[0]?.failure).toEqual({ code: 'not-finite', facts: { what: 'numbers that the loss remembers', step: 2 } });
	});

	it('begins from the pixels of the training part', async () => {
		const spec = adaptive({ prepare: { ...tinySpec().prepare, sizing: 'crop' } });
		const dataset = await storeSample(records, 'tissue');
		const experiment = await storeExperiment(records, dataset, spec);
		const { facts } = await ExperimentData.load(records, experiment);
		const counts = classNames(dataset.scheme).map(() => 0);
		for (const id of experiment.split.train) {
			const mask = await records.getMask(dataset.id, id);
			if (!mask) throw new Error('no mask');
			for (const value of toClassMap(mask, classLookup(dataset.scheme))) counts[value] = (counts[value] ?? 0) + 1;
		}
		expect(facts.classPixels).toEqual(counts);
		expect(facts.classPixels).toHaveLength(3);
	});
});

describe('a learned weight', () => {
	it('takes the optimizer’s step without decay, and leaves the net’s gradient norm alone', async () => {
		await startBackend(backend, nodePlatform);
		const before = tf.memory().numTensors;
		const learningRate = 0.1;
		const optimizer = { ...tinySpec().optimizer, kind: 'sgd' as const, momentum: 0, weightDecay: 0.5, learningRate };
		const pair = { size: 32, channels: 1, image: Float32Array.from({ length: 1024 }, (_, i) => (i % 32) / 32) };
		const batch = toBatch([{ ...pair, classes: Uint8Array.from(pair.image, (value) => Number(value > 0.5)) }], 1, []);
		const setting = { outputs: 1, totalSteps: 10, facts: { classPixels: [1, 1] } };
		const spec = tinySpec({ optimizer });
		{
			using run = new RunNet(spec, learnedSum('crossEntropy'), 1, setting);
			using plain = new RunNet(spec, lossChoice('crossEntropy'), 1, setting);
			const first = await run.step(batch, 0);
			// At s = 0 the value is L itself and the slope of s is 1 − e⁻⁰·L.
			const s = -learningRate * (1 - first.loss);
			expect(first.learned[0]).toBeCloseTo(s, 6);
			expect(first.gradientNorm).toBe((await plain.step(batch, 0)).gradientNorm);
			// value = e⁻ˢ·L + s, so e⁻ˢ·L = value − s.
			const second = await run.step(batch, 1);
			expect(second.learned[0]).toBeCloseTo(s - learningRate * (1 - (second.loss - s)), 6);
		}
		disposeBatch(batch);
		expect(tf.memory().numTensors).toBe(before);
	});
});
