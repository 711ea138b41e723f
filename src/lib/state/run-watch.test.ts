import { describe, expect, it } from 'vitest';
import type { EpochRow, ImageEvidence } from '#lib/core/run.ts';
import { signsOf, type WatchedRun } from './run-watch.ts';

/** 100 pixels of object, 100 around it; so many of each are marked. */
function binary(hit: number, falsely: number): ImageEvidence {
	const histogram = new Uint32Array(512);
	histogram[256 + 200] = hit;
	histogram[256 + 10] = 100 - hit;
	histogram[200] = falsely;
	histogram[10] = 100 - falsely;
	return { kind: 'binary', sampleId: 'a', histogram };
}

function row(epoch: number, patch: Partial<EpochRow> = {}): EpochRow {
	return {
		version: 1,
		experimentId: 'e',
		runId: 'r',
		epoch,
		step: epoch * 2,
		stepLosses: Float32Array.of(1, 1),
		validationLoss: 1,
		learningRate: 0.001,
		gradientNorm: 1,
		validation: [binary(50, 0)],
		...patch,
	};
}

const run = (rows: readonly EpochRow[], patch: Partial<WatchedRun> = {}): WatchedRun => ({
	state: 'running',
	failure: null,
	rows,
	thresholdLevel: 128,
	classNames: ['background', 'cell'],
	...patch,
});
const ids = (watched: WatchedRun): string[] => signsOf(watched).map(({ id, since }) => `${id} ${since}`);
/** Epochs 1, 2, … of one value each. */
const epochs = <T>(values: readonly T[], patch: (value: T) => Partial<EpochRow>): EpochRow[] =>
	values.map((value, place) => row(place + 1, patch(value)));

describe('the watch over runs', () => {
	it('says nothing of a run that learns', () => {
		const rows = epochs([10, 40, 60, 80, 90, 92, 93, 94], (hit) => ({
			validation: [binary(hit, 2)],
			validationLoss: 1 - hit / 100,
			stepLosses: Float32Array.of(1 - hit / 100),
		}));
		expect(ids(run(rows))).toEqual([]);
		expect(ids(run([]))).toEqual([]);
	});

	it('names a run that marks nothing, or everything, and since when', () => {
		expect(ids(run(epochs([5, 0, 0], (hit) => ({ validation: [binary(hit, 0)] }))))).toEqual(['background 2']);
		expect(ids(run(epochs([100, 100], (hit) => ({ validation: [binary(hit, 100)] }))))).toEqual(['foreground 1']);
		// After the first epoch it is too early.
		expect(ids(run(epochs([0], (hit) => ({ validation: [binary(hit, 0)] }))))).toEqual([]);
		expect(ids(run(epochs([0, 0, 3], (hit) => ({ validation: [binary(hit, 0)] }))))).toEqual([]);
	});

	it('names a class that is never predicted, unless all are', () => {
		// Rows are the truth, columns the prediction.
		const classes = (confusion: readonly number[]): Partial<EpochRow> => ({
			validation: [{ kind: 'classes', sampleId: 'a', classes: 3, confusion: Uint32Array.from(confusion) }],
		});
		const rare = epochs([1, 2, 3], () => classes([50, 5, 0, 2, 20, 0, 4, 4, 0]));
		const watched = run(rare, { classNames: ['background', 'cell', 'rim'] });
		expect(signsOf(watched).map(({ what }) => what)).toEqual(['never predicts rim']);
		expect(
			ids(
				run(
					epochs([1, 2, 3], () => classes([50, 0, 0, 2, 0, 0, 4, 0, 0])),
					{ classNames: ['a', 'b', 'c'] },
				),
			),
		).toEqual(['background 1']);
	});

	it('names numbers that are not finite', () => {
		const failed = run([row(1)], { state: 'failed', failure: { code: 'not-finite', facts: { what: 'gradient', step: 9 } } });
		expect(signsOf(failed)[0]).toMatchObject({ id: 'not-finite', since: 2, what: 'stopped: the gradient became infinite or no number' });
	});

	it('names a gradient that has vanished, but not at a good Dice', () => {
		const norms = (hit: number) => epochs([2, 1, 0.001, 0.0015], (gradientNorm) => ({ gradientNorm, validation: [binary(hit, 0)] }));
		// Dice of 20 of 100: 2·20/120 = 0.33; of 80: 0.89.
		expect(ids(run(norms(20)))).toEqual(['flat 3']);
		expect(ids(run(norms(80)))).toEqual([]);
	});

	it('names swings of Dice, but not small ones', () => {
		const swinging = epochs([30, 60, 30, 60, 30, 60, 30], (hit) => ({ validation: [binary(hit, 0)] }));
		expect(ids(run(swinging))).toEqual(['oscillation 1']);
		expect(ids(run(epochs([60, 61, 60, 61, 60, 61, 60], (hit) => ({ validation: [binary(hit, 0)] }))))).toEqual([]);
	});

	it('names over-fitting from the epoch of the lowest validation loss', () => {
		const rows = (training: readonly number[]) =>
			epochs([1, 0.5, 0.6, 0.7, 0.8], (validationLoss) => ({ validationLoss })).map((entry, place) => ({
				...entry,
				stepLosses: Float32Array.of(training[place] ?? 0),
			}));
		expect(ids(run(rows([1, 0.5, 0.4, 0.3, 0.2])))).toEqual(['overfitting 2']);
		// Training rises as well: that is something else.
		expect(ids(run(rows([1, 0.5, 0.6, 0.7, 0.8])))).toEqual([]);
	});
});
