import { describe, expect, it } from 'vitest';
import type { ImageEvidence } from '#lib/core/run.ts';
import { dice } from './dice.ts';
import { calibration, pooledLevels, precisionRecall, thresholdSweep } from './probability.ts';

type Counts = Readonly<Record<number, number>>;

/** Pixels by level, of the background and of the foreground. */
function image(background: Counts, foreground: Counts): ImageEvidence {
	const histogram = new Uint32Array(512);
	for (const [level, pixels] of Object.entries(background)) histogram[Number(level)] = pixels;
	for (const [level, pixels] of Object.entries(foreground)) histogram[256 + Number(level)] = pixels;
	return { kind: 'binary', sampleId: 'a', histogram };
}
const levelsOf = (...images: readonly ImageEvidence[]) => pooledLevels(images)!;

describe('levels', () => {
	it('of several images are added up; arg-max classes have none', () => {
		const pooled = levelsOf(image({ 3: 1 }, { 200: 2 }), image({ 3: 4 }, {}));
		expect([pooled.background[3], pooled.foreground[200]]).toEqual([5, 2]);
		expect(pooledLevels([{ kind: 'classes', sampleId: 'a', classes: 3, confusion: new Uint32Array(9) }])).toBeNull();
		expect(pooledLevels([])).toBeNull();
	});
});

describe('precision over recall', () => {
	// Scores .9 (true), .8 (false), .7 (true), .6 (false): recall ½ at precision 1, then recall 1 at precision 2/3.
	const levels = levelsOf(image({ 204: 1, 153: 1 }, { 230: 1, 179: 1 }));

	it('has the average precision ½·1 + ½·⅔', () => {
		expect(precisionRecall(levels).averagePrecision).toBeCloseTo(5 / 6, 12);
	});

	it('takes the highest precision at a recall or above it', () => {
		const { recall, precision } = precisionRecall(levels);
		expect([recall[0], recall[50], recall[100]]).toEqual([0, 0.5, 1]);
		expect([precision[0], precision[50]]).toEqual([1, 1]);
		expect(precision[51]).toBeCloseTo(2 / 3, 12);
		expect(precision[100]).toBeCloseTo(2 / 3, 12);
	});

	it('of a perfect order is 1 everywhere, and is not defined without a true pixel', () => {
		const perfect = precisionRecall(levelsOf(image({ 10: 90 }, { 250: 10 })));
		expect(perfect.averagePrecision).toBe(1);
		expect(perfect.precision.every((value) => value === 1)).toBe(true);
		const empty = precisionRecall(levelsOf(image({ 10: 90 }, {})));
		expect([empty.averagePrecision, empty.precision[0]]).toEqual([null, null]);
	});
});

describe('calibration', () => {
	it('weighs the gap of each bin by its pixels', () => {
		// Level 25 is p = 25.5/256: 10 pixels, 3 of them true. Level 230 is p = 230.5/256: 10 pixels, 8 of them true.
		const { error, share, confidence } = calibration(levelsOf(image({ 25: 7, 230: 2 }, { 25: 3, 230: 8 })));
		expect(error).toBeCloseTo((Math.abs((10 * 25.5) / 256 - 3) + Math.abs((10 * 230.5) / 256 - 8)) / 20, 12);
		expect(confidence[0]).toBe(0.05);
		expect(share).toEqual([0.3, null, null, null, null, null, null, null, null, 0.8]);
	});

	it('is without error where the share equals the probability, and Brier is then p·(1 − p)', () => {
		const { error, brier } = calibration(levelsOf(image({ 127: 257 }, { 127: 255 }))); // p = 127.5/256 = 255/512
		expect(error).toBeCloseTo(0, 12);
		expect(brier).toBeCloseTo((255 / 512) * (257 / 512), 12);
	});

	it('of no pixel is not defined', () => {
		expect(calibration(levelsOf(image({}, {})))).toMatchObject({ error: null, brier: null });
	});
});

describe('a threshold sweep', () => {
	it('scores every level and finds the best one', () => {
		// At levels 1…200: TP 5, FP 2, FN 0 → 10/12; at 201…250: TP 5, FP 0 → 1; above: TP 0 → 0.
		const { level, score: values, best } = thresholdSweep([image({ 0: 90, 200: 2 }, { 250: 5 })], dice, { perImage: false });
		expect([level[0], level.at(-1), level.length]).toEqual([1, 255, 255]);
		expect(values[199]).toBeCloseTo(10 / 12, 12);
		expect([values[200], values[250]]).toEqual([1, 0]);
		expect(best).toEqual({ level: 201, score: 1 });
	});

	it('pools pixels, or takes the mean over images on which the score is defined', () => {
		// Level 100: first image TP 1, FN 0, FP 0 → 1; second TP 1, FN 3, FP 0 → 2/5; third has nothing. Pooled: 4/7.
		const images = [image({}, { 200: 1 }), image({}, { 200: 1, 50: 3 }), image({ 10: 5 }, {})];
		expect(thresholdSweep(images, dice, { perImage: false }).score[99]).toBeCloseTo(4 / 7, 12);
		expect(thresholdSweep(images, dice, { perImage: true }).score[99]).toBeCloseTo(0.7, 12);
	});

	it('has no best level where the score is defined nowhere', () => {
		expect(thresholdSweep([], dice, { perImage: false }).best).toBeNull();
	});
});
