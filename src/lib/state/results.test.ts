import { expect, it } from 'vitest';
import { defaultSpec } from '#lib/core/experiment.ts';
import type { EpochRow, ExperimentRecord, ImageEvidence } from '#lib/core/run.ts';
import { resultsOf } from './results.ts';

/** `tp` and `fn` foreground pixels at levels 255 and 0, `fp` background pixels at 255. */
function evidence(tp: number, fp: number, fn: number): ImageEvidence {
	const histogram = new Uint32Array(512);
	histogram[511] = tp;
	histogram[255] = fp;
	histogram[256] = fn;
	return { kind: 'binary', sampleId: 'a', histogram };
}

const row = (epoch: number, image: ImageEvidence): EpochRow => ({
	version: 1,
	experimentId: 'e',
	runId: 'dice-s1',
	epoch,
	step: epoch,
	stepLosses: new Float32Array(1),
	validationLoss: 0,
	learningRate: 0.1,
	gradientNorm: 1,
	validation: [image],
});

it('reports the best and the last epoch apart, and nothing for a part that was not scored', () => {
	const loss = { key: 'dice', label: 'Dice', loss: 'dice', values: {}, learningRateFactor: 1 };
	const experiment: ExperimentRecord = {
		version: 1,
		id: 'e',
		name: 'e',
		createdAt: 0,
		datasetId: 'd',
		datasetFingerprint: 'f',
		scheme: {
			kind: 'values',
			classes: [
				{ name: 'background', values: [0] },
				{ name: 'foreground', values: [255] },
			],
			ignore: [],
		},
		spec: { ...defaultSpec, losses: [loss] },
		split: { train: ['t'], validation: ['a'], test: [] },
		hash: 'h',
		backend: null,
		runs: [
			{
				id: 'dice-s1',
				lossKey: 'dice',
				seed: 1,
				state: 'finished',
				step: 2,
				epoch: 2,
				best: { epoch: 1, dice: 0.8 },
				failure: null,
				weightsHash: 'w',
				test: null,
			},
		],
	};
	// Epoch 1: 2·4 / (2·4 + 1 + 1) = 0.8. Epoch 2: 2·1 / (2·1 + 1 + 1) = 0.5.
	const [run] = resultsOf(experiment, [row(2, evidence(1, 1, 1)), row(1, evidence(4, 1, 1))], ['background', 'cell'], 128).runs;
	expect(run?.validation.best?.pooled['dice']).toBeCloseTo(0.8, 12);
	expect(run?.validation.last?.classes['cell']?.['dice']).toBeCloseTo(0.5, 12);
	const { background = [], foreground = [] } = run?.validation.best?.levels ?? {};
	expect([background.length, background[255], foreground.length, foreground[255], foreground[0]]).toEqual([256, 1, 256, 4, 1]);
	expect(run?.test).toEqual({ best: null, last: null });
});
