import { describe, expect, it } from 'vitest';
import type { ImageEvidence } from '#lib/core/run.ts';
import { dice } from '#lib/metrics/dice.ts';
import { imageScore, scoreImages, truthShares, type RunEvidence } from './image-scores.ts';

/** Pixels at level 255 and at level 0, of the foreground and of the background. */
function image(sampleId: string, hits: number, misses: number, alarms: number, rest = 10): ImageEvidence {
	const histogram = new Uint32Array(512);
	[histogram[511], histogram[256], histogram[255], histogram[0]] = [hits, misses, alarms, rest];
	return { kind: 'binary', sampleId, histogram };
}

const run = (seed: number, images: readonly ImageEvidence[], more: Partial<RunEvidence> = {}): RunEvidence => ({
	id: 'dice',
	name: 'Dice',
	place: 0,
	runId: `dice-s${seed}`,
	repeat: { seed },
	failed: false,
	images,
	...more,
});
const view = { thresholdLevel: 128, classes: [1] };

describe('the scores of images', () => {
	it('are the mean over the seeds that are shown as one, and of each seed the mean over images', () => {
		// a: 2·1/(2·1 + 1) = 2/3 and 1; b: 0 and 2/4.
		const [scores] = scoreImages(
			[run(1, [image('a', 1, 1, 0), image('b', 0, 1, 0)]), run(2, [image('a', 2, 0, 0), image('b', 1, 1, 1)])],
			dice,
			view,
		);
		expect(scores?.runs).toBe(2);
		expect(scores?.scores.get('a')).toBeCloseTo((2 / 3 + 1) / 2, 12);
		expect(scores?.scores.get('b')).toBeCloseTo(1 / 4, 12);
		expect(scores?.byRun.map(({ repeat }) => repeat.seed)).toEqual([1, 2]);
		expect(scores?.byRun[0]?.score).toBeCloseTo(1 / 3, 12);
		expect(scores?.byRun[1]?.score).toBeCloseTo(3 / 4, 12);
	});

	it('say nothing of an image on which one of the seeds has no score', () => {
		const [scores] = scoreImages([run(1, [image('a', 0, 0, 0)]), run(2, [image('a', 0, 0, 1)])], dice, view);
		expect(scores?.scores.get('a')).toBeNull();
		expect(scores?.byRun).toEqual([
			{ repeat: { seed: 1 }, score: null },
			{ repeat: { seed: 2 }, score: 0 },
		]);
	});

	it('leave out a run that stopped, and count it', () => {
		const [scores] = scoreImages([run(1, [image('a', 1, 0, 0)]), run(2, [], { failed: true })], dice, view);
		expect(scores).toMatchObject({ runs: 1, failed: 1, byRun: [{ repeat: { seed: 1 }, score: 1 }] });
		expect(scoreImages([run(1, [], { failed: true })], dice, view)[0]).toMatchObject({ runs: 0, failed: 1, byRun: [] });
	});

	it('count an image once, in the fold that validates it, and take the mean over the seeds of that fold', () => {
		// a is of fold 1: 2/3 and 1; b of fold 2, which the second seed has not reached: 2/4.
		const [scores] = scoreImages(
			[
				run(1, [image('a', 1, 1, 0)], { repeat: { seed: 1, fold: 1 } }),
				run(1, [image('b', 1, 1, 1)], { repeat: { seed: 1, fold: 2 } }),
				run(2, [image('a', 2, 0, 0)], { repeat: { seed: 2, fold: 1 } }),
				run(2, [], { repeat: { seed: 2, fold: 2 } }),
			],
			dice,
			view,
		);
		expect([...(scores?.scores.keys() ?? [])]).toEqual(['a', 'b']);
		expect(scores?.scores.get('a')).toBeCloseTo((2 / 3 + 1) / 2, 12);
		expect(scores?.scores.get('b')).toBeCloseTo(1 / 2, 12);
		expect(scores?.runs).toBe(3);
	});

	it('keep the order of the runs and apart what is shown apart', () => {
		const other = { id: 'focal', name: 'Focal', place: 1 };
		expect(scoreImages([run(1, []), run(1, [], other)], dice, view).map(({ name }) => name)).toEqual(['Dice', 'Focal']);
	});

	it('are the mean over the classes that an image has', () => {
		// Class 1: TP 1, FN 1, FP 0: 2/3. Class 2 is in neither truth nor prediction.
		const confusion = Uint32Array.of(5, 0, 0, 1, 1, 0, 0, 0, 0);
		const evidence: ImageEvidence = { kind: 'classes', sampleId: 'a', classes: 3, confusion };
		expect(imageScore(evidence, dice, { thresholdLevel: 128, classes: [1, 2] })).toBeCloseTo(2 / 3, 12);
	});
});

describe('the share of foreground', () => {
	it('is that of the truth, of the pixels that count', () => {
		expect(truthShares([image('a', 1, 2, 3, 4), image('b', 0, 0, 0, 0)], [1])).toEqual(
			new Map([
				['a', 0.3],
				['b', null],
			]),
		);
		const confusion = Uint32Array.of(5, 0, 0, 1, 1, 0, 0, 1, 2);
		expect(truthShares([{ kind: 'classes', sampleId: 'c', classes: 3, confusion }], [1, 2]).get('c')).toBe(0.5);
	});
});
