import { describe, expect, it } from 'vitest';
import { measureImage, summariseMeasure } from './measured-masks.ts';

const view = { tolerance: 1, rule: 'half', thresholdLevel: 128, classes: [1] } as const;
const map = (...data: number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

describe('the measures of an image', () => {
	it('take a pixel for foreground from the threshold on', () => {
		const prediction = { kind: 'binary', ...map(128, 127, 0, 0) } as const;
		expect(measureImage(prediction, map(1, 0, 0, 0), view).dice).toBe(1);
		expect(measureImage(prediction, map(1, 0, 0, 0), { ...view, thresholdLevel: 127 }).dice).toBeCloseTo(2 / 3, 12);
	});

	it('leave ignored pixels outside both masks', () => {
		expect(measureImage({ kind: 'binary', ...map(255, 255, 0) }, map(1, 255, 0), view)).toMatchObject({ dice: 1, hausdorffDistance: 0 });
	});

	it('are the mean over the classes that it has', () => {
		// Class 1: shifted by two pixels. Class 2: equal. Class 3 is nowhere.
		const prediction = { kind: 'classes', ...map(1, 0, 0, 2) } as const;
		expect(measureImage(prediction, map(0, 0, 1, 2), { ...view, classes: [1, 2, 3] })).toMatchObject({ dice: 1 / 2, hausdorffDistance: 1 });
	});

	it('have no distance where one mask is empty', () => {
		expect(measureImage({ kind: 'binary', ...map(0, 0) }, map(1, 0), view)).toMatchObject({
			dice: 0,
			hausdorff95: Infinity,
			objectRecall: 0,
		});
	});
});

describe('a measure over images', () => {
	it('is the mean of the finite values, and counts the others', () => {
		// 1 and 3: mean 2, deviation √2.
		const summary = summariseMeasure([1, null, Infinity, 3, null]);
		expect(summary).toMatchObject({ mean: 2, n: 2, infinite: 1, undefinedOn: 2 });
		expect(summary.sd).toBeCloseTo(Math.SQRT2, 12);
	});

	it('of no finite value is none', () => {
		expect(summariseMeasure([null, Infinity])).toEqual({ mean: null, sd: null, n: 0, infinite: 1, undefinedOn: 1 });
		expect(summariseMeasure([0.5])).toEqual({ mean: 0.5, sd: null, n: 1, infinite: 0, undefinedOn: 0 });
	});
});
