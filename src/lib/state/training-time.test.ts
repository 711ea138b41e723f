import { expect, it } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { experimentMs, portionOf, portionsOf, portionTime } from './training-time.ts';

const loss = (key: string) => ({ key, label: key, loss: 'dice', values: {}, learningRateFactor: 1 });
const spec: ExperimentSpec = {
	...defaultSpec,
	prepare: { ...defaultSpec.prepare, size: 96 },
	losses: ['a', 'b', 'c'].map(loss),
	training: { ...defaultSpec.training, epochs: 20, batchSize: 4 },
};
const speed = { stepMs: 100, squareMs: 30, megapixelMs: 80, saveMs: 10 };

/** Samples named by their place, all of one size but for the first `wide`, which are 2000 × 1000. */
function samples(count: number, side: number, wide = 0): Pick<DatasetMeta, 'samples'> {
	return {
		samples: Array.from({ length: count }, (_, place) => ({
			id: `${place}`,
			name: `${place}`,
			path: '',
			maskPath: '',
			width: place < wide ? 2000 : side,
			height: place < wide ? 1000 : side,
			channels: 1,
			maxValue: 255,
			valueCounts: [],
		})),
	};
}

const range = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, place) => `${from + place}`);
const split = { train: range(0, 10), validation: range(10, 12), test: range(12, 15) };

it('is steps, validation and the test with two weights, for the worker with most losses', () => {
	// Images of 500² score in 30 + 0.25 · 80 = 50 ms. An epoch: 3 batches · 100 + 2 images · 50 + 10 = 410 ms. The test: 2 · 3 · 50 + 10 = 310 ms.
	const dataset = samples(15, 500);
	const portion = portionOf(dataset, split, undefined);
	expect(portionTime(portion, spec, speed, 3)).toEqual({ totalSteps: 60, epochsMs: 8200, testMs: 310 });
	// Three losses on two workers: one of them takes two in turn. On a GPU one worker takes all three.
	expect(experimentMs(portionsOf(dataset, split), spec, speed, 2)).toBe(2 * 8510);
	expect(experimentMs(portionsOf(dataset, split), { ...spec, seeds: [1, 2] }, speed, 1)).toBe(2 * 3 * 8510);
});

it('counts every tile of every image where squares are cut from it', () => {
	// 200² in tiles of 96 that share 24: ⌈(200 − 24) / 72⌉ = 3 a side, 9 tiles. An image: 9 · 30 + 0.04 · 80 = 273.2 ms.
	const cut: ExperimentSpec = { ...spec, prepare: { ...spec.prepare, sizing: 'crop' }, losses: [loss('a')] };
	const portion = portionOf(samples(15, 200), split, undefined);
	const time = portionTime(portion, cut, speed, 1);
	expect(time.epochsMs).toBeCloseTo(20 * (300 + 2 * 273.2 + 10), 6);
	expect(time.testMs).toBeCloseTo(2 * 3 * 273.2 + 10, 6);
});

it('takes each image at its own size', () => {
	// Validation 10 and 11, the first of them 2000 × 1000: 30 + 2 · 80 = 190 ms; the other 50 ms.
	const portion = portionOf(samples(15, 500, 11), split, undefined);
	expect(portionTime(portion, { ...spec, losses: [loss('a')] }, speed, 1).epochsMs).toBe(20 * (300 + 190 + 50 + 10));
});

it('trains each fold on all but its own images', () => {
	// 9 images dealt into 3 folds: each trains 6 (2 batches) and validates 3. (2 · 100 + 3 · 50 + 10) · 20 = 7200 ms, no test but a last checkpoint.
	const folded = { train: [], validation: range(0, 9), test: [], folds: [range(0, 3), range(3, 6), range(6, 9)] };
	const portions = portionsOf(samples(9, 500), folded);
	expect(portions.map(({ train }) => train)).toEqual([6, 6, 6]);
	expect(experimentMs(portions, { ...spec, losses: [loss('a')] }, speed, 1)).toBe(3 * 7210);
});

it('takes the steps of an epoch that a person asked for, and tests once without validation', () => {
	const asked: ExperimentSpec = { ...spec, losses: [loss('a')], training: { ...spec.training, epochs: 1, stepsPerEpoch: 50 } };
	const portion = portionOf(samples(15, 500), { ...split, validation: [] }, undefined);
	expect(portionTime(portion, asked, speed, 1)).toEqual({ totalSteps: 50, epochsMs: 5010, testMs: 160 });
});
