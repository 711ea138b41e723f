import { beforeAll, expect, it } from 'vitest';
import { constantWeight, type LossChoice } from '#lib/core/loss-choice.ts';
import type { BackendName, RunEvent } from '#lib/core/run.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { browserPlatform } from './platform-browser.ts';
import { lossChoice, storeExperiment, storeSample, tinySpec } from './testing/experiments.ts';
import { EngineTrainer } from './trainer.ts';

/** One that learns weights and remembers error rates. */
const adaptive: LossChoice = {
	...lossChoice('weightedSum'),
	key: 'sum',
	values: { weighting: 'uncertainty' },
	terms: ['steeredTversky', 'crossEntropy'].map((loss) => ({ loss, values: {}, weight: constantWeight(1) })),
};
const runs = [...['crossEntropy', 'dice', 'focal', 'tversky'].map(lossChoice), adaptive];

/** Own losses of ten lock-step batches, by step and run. */
async function tenSteps(backend: BackendName): Promise<number[][]> {
	const records = memoryRecords('a test');
	const base = tinySpec();
	const spec = tinySpec({
		losses: runs,
		prepare: { ...base.prepare, size: 16 },
		training: { ...base.training, epochs: 2, stepsPerEpoch: 10 },
		optimizer: { ...base.optimizer, learningRate: 0.001 },
	});
	await storeExperiment(records, await storeSample(records), spec);
	const trainer = new EngineTrainer(records, browserPlatform);
	const seen: number[][] = [];
	const hear = (event: RunEvent): void => {
		if (event.type === 'step') seen.push(event.losses.map(([, loss]) => loss));
	};
	const report = await trainer.open({ experimentId: 'experiment', runIds: runs.map(({ key }) => `${key}-s1`), backend }, hear);
	expect(report.backend.name).toBe(backend);
	await trainer.advance(9);
	await trainer.advance(1);
	await trainer.close();
	return seen;
}

let reference: number[][] = [];
beforeAll(async () => {
	reference = await tenSteps('cpu');
}, 300_000);

it.each(['webgpu', 'wasm', 'webgl'] as const)(
	'trains ten steps on %s with the losses that plain JavaScript gives',
	{ timeout: 300_000 },
	async (backend) => {
		const losses = await tenSteps(backend);
		expect(losses).toHaveLength(10);
		losses.forEach((row, step) => {
			expect(row).toHaveLength(runs.length);
			row.forEach((loss, run) => expect(Math.abs(loss - (reference[step]?.[run] ?? NaN)), `step ${step}, run ${run}`).toBeLessThan(1e-3));
		});
	},
);
