import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { constantWeight, lossChoiceSchema, weightAt, weightInWords, type WeightSchedule } from './loss-choice.ts';

const rise: WeightSchedule = { curve: 'linear', from: 0.01, to: 1.01, begin: 0.2, end: 0.7 };

describe('the weight of a term', () => {
	it.each([
		[0, 0.01],
		[0.2, 0.01],
		[0.45, 0.51], // half of the way: (0.45 − 0.2) / 0.5
		[0.7, 1.01],
		[1, 1.01],
	])('rises in a straight line between begin and end: at %f it is %f', (progress, weight) => {
		expect(weightAt(rise, progress)).toBeCloseTo(weight, 12);
	});

	it('follows half a cosine: a quarter of the way is (1 − cos 45°) / 2 of the rise', () => {
		expect(weightAt({ ...rise, curve: 'cosine' }, 0.325)).toBeCloseTo(0.01 + (1 - Math.SQRT1_2) / 2, 12);
		expect(weightAt({ ...rise, curve: 'cosine' }, 0.45)).toBeCloseTo(0.51, 12);
	});

	it('steps at the end, and stays when constant', () => {
		expect([0, 0.69, 0.7, 1].map((progress) => weightAt({ ...rise, curve: 'step' }, progress))).toEqual([0.01, 0.01, 1.01, 1.01]);
		expect([0, 1].map((progress) => weightAt({ ...rise, curve: 'constant' }, progress))).toEqual([0.01, 0.01]);
	});

	it('is told in words', () => {
		expect(weightInWords(constantWeight(0.5))).toBe('0.5');
		expect(weightInWords(rise)).toBe('0.01 → 1.01 between 20 % and 70 % of the run');
		expect(weightInWords({ ...rise, curve: 'cosine', begin: 0, end: 1 })).toBe('0.01 → 1.01 over the run, gently at both ends');
		expect(weightInWords({ ...rise, curve: 'step', end: 0.333 })).toBe('0.01 → 1.01 at 33.3 % of the run');
	});

	it('needs no way between begin and end', () => {
		expect([0.29, 0.3].map((progress) => weightAt({ ...rise, begin: 0.3, end: 0.3 }, progress))).toEqual([0.01, 1.01]);
	});
});

describe('a loss choice', () => {
	const choice = { key: 'dice', label: 'Dice', loss: 'dice', values: {}, learningRateFactor: 1 };
	const terms = [{ loss: 'dice', values: {}, weight: rise }];

	it('has terms exactly when it is a weighted sum', () => {
		expect(v.is(lossChoiceSchema, choice)).toBe(true);
		expect(v.is(lossChoiceSchema, { ...choice, loss: 'weightedSum', terms })).toBe(true);
		expect(v.is(lossChoiceSchema, { ...choice, terms })).toBe(false);
		expect(v.is(lossChoiceSchema, { ...choice, loss: 'weightedSum' })).toBe(false);
		expect(v.is(lossChoiceSchema, { ...choice, loss: 'weightedSum', terms: [] })).toBe(false);
	});

	it('refuses a weight that ends changing before it begins', () => {
		const backwards = { ...rise, begin: 0.8 };
		expect(v.is(lossChoiceSchema, { ...choice, loss: 'weightedSum', terms: [{ ...terms[0], weight: backwards }] })).toBe(false);
	});
});
