import { describe, expect, it, vi } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { defaultSpec } from '#lib/core/experiment.ts';
import { queuedRuns, type ExperimentRecord, type RunRecord } from '#lib/core/run.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import type { Prediction, PredictOptions } from '#lib/core/trainer.ts';
import { MaskMeasurement, type MeasureQuestion } from './mask-measurement.svelte.ts';

const spec = { ...defaultSpec, losses: ['ce', 'dice'].map((key) => ({ key, label: key, loss: key, values: {}, learningRateFactor: 1 })) };
const scheme: ExperimentRecord['scheme'] = { kind: 'values', classes: [], ignore: [] };
const experiment: ExperimentRecord = {
	version: 1,
	id: 'e',
	name: 'e',
	createdAt: 0,
	datasetId: 'd',
	datasetFingerprint: '',
	scheme,
	spec,
	split: { train: [], validation: ['a', 'b'], test: [] },
	hash: '',
	backend: null,
	runs: queuedRuns(spec),
};
const dataset: DatasetMeta = {
	version: 1,
	id: 'd',
	name: 'd',
	createdAt: 0,
	source: { kind: 'files' },
	samples: [],
	scheme,
	sizeBytes: 0,
	fingerprint: '',
};
const question = (more: Partial<MeasureQuestion> = {}, change: Partial<RunRecord> = {}): MeasureQuestion => ({
	experiment,
	dataset,
	part: 'validation',
	which: 'best',
	thresholdLevel: 128,
	classes: [1],
	tolerance: 1,
	rule: 'half',
	backend: 'auto',
	runs: experiment.runs.map((run, place) => ({
		id: run.lossKey,
		name: run.lossKey,
		place,
		run: place === 0 ? { ...run, ...change } : run,
	})),
	...more,
});

/** Every prediction is level 200 at the first of three pixels, level 100 at the second; the truth of image a is the first, of b is nothing. */
function measurementOf(predict = vi.fn<(options: PredictOptions) => Promise<Prediction>>()) {
	predict.mockImplementation(() =>
		Promise.resolve({ width: 3, height: 1, scheme, kind: 'binary', data: Uint8Array.of(200, 100, 0), elapsedMs: 1 }),
	);
	const image = { width: 3, height: 1, channels: 1, maxValue: 255, data: new Uint8Array(3) };
	const load = (_: DatasetMeta, id: string) =>
		Promise.resolve({ image, truth: { width: 3, height: 1, data: Uint8Array.of(id === 'a' ? 1 : 0, 0, 0) } });
	return { predict, measurement: new MaskMeasurement({ trainer: { predict }, samples: { load } }) };
}
const rowsOf = ({ measured }: MaskMeasurement) => measured?.rows ?? [];

describe('a measurement of masks', () => {
	it('looks at the images of the fold that its runs validate', async () => {
		const { predict, measurement } = measurementOf();
		const folded = { ...experiment, split: { ...experiment.split, folds: [['a'], ['b'], []] } };
		const runs = question().runs.map((entry) => ({ ...entry, run: { ...entry.run, fold: 2 } }));
		await measurement.measure(question({ experiment: folded, runs }));
		expect([predict.mock.calls.length, measurement.measured?.images]).toEqual([2, 1]);
		expect(rowsOf(measurement).map(({ error }) => error)).toEqual([null, null]);
	});

	it('predicts every image with the chosen weights of every run, and counts what has no distance', async () => {
		const { predict, measurement } = measurementOf();
		await measurement.measure(question());
		expect(predict.mock.calls.map(([{ model }]) => model)).toMatchObject([
			{ runId: 'ce-s1', which: 'best' },
			{ runId: 'ce-s1', which: 'best' },
			{ runId: 'dice-s1', which: 'best' },
			{ runId: 'dice-s1', which: 'best' },
		]);
		expect(rowsOf(measurement)).toHaveLength(2);
		// Image a: equal masks. Image b: one pixel marked, none true.
		expect(rowsOf(measurement)[0]?.summaries.dice).toMatchObject({ mean: 0.5, n: 2 });
		expect(rowsOf(measurement)[0]?.summaries.hausdorff95).toEqual({ mean: 0, sd: null, n: 1, infinite: 1, undefinedOn: 0 });
		expect(rowsOf(measurement)[0]?.summaries.objectRecall).toMatchObject({ mean: 1, n: 1, undefinedOn: 1 });
		expect(measurement.progress).toBeNull();
	});

	it('needs no new predictions at another threshold, but for other weights', async () => {
		const { predict, measurement } = measurementOf();
		await measurement.measure(question());
		await measurement.measure(question({ thresholdLevel: 100 }));
		expect(predict).toHaveBeenCalledTimes(4);
		// Two pixels are marked now: Dice 2/3 and 0.
		expect(rowsOf(measurement)[1]?.summaries.dice?.mean).toBeCloseTo(1 / 3, 12);
		await measurement.measure(question({ which: 'last' }));
		expect(predict).toHaveBeenCalledTimes(8);
	});

	it('says why a run has no numbers, and measures the others', async () => {
		const { predict, measurement } = measurementOf();
		await measurement.measure(question({}, { state: 'failed', failure: { code: 'not-finite', facts: { what: 'loss', step: 3 } } }));
		expect(rowsOf(measurement)[0]).toMatchObject({ summaries: {}, error: { code: 'not-finite' } });
		expect(rowsOf(measurement)[1]?.summaries.dice?.mean).toBe(0.5);
		predict.mockRejectedValueOnce(new AppError('checkpoint-missing', { run: 'ce-s1' }));
		await measurement.measure(question({ which: 'last' }));
		expect(rowsOf(measurement)[0]).toMatchObject({ summaries: {}, error: { code: 'checkpoint-missing' } });
		expect(rowsOf(measurement)[1]?.summaries.dice?.n).toBe(2);
	});

	it('keeps what was measured before when it is cancelled', async () => {
		const { predict, measurement } = measurementOf();
		await measurement.measure(question());
		const before = measurement.measured;
		predict.mockImplementationOnce(() => {
			measurement.cancel();
			return Promise.resolve({ width: 3, height: 1, scheme, kind: 'binary', data: new Uint8Array(3), elapsedMs: 1 });
		});
		await measurement.measure(question({ which: 'last' }));
		expect(measurement.measured).toBe(before);
		expect(predict).toHaveBeenCalledTimes(5);
		expect(measurement.progress).toBeNull();
	});
});
