import { describe, expect, it } from 'vitest';
import { defaultSpec } from '#lib/core/experiment.ts';
import type { PairComparison } from '#lib/stats/compare-pairs.ts';
import { conclusionsOf, type Measured } from './conclusions.ts';

const pair = (verdict: PairComparison['verdict'], more: Partial<PairComparison> = {}): PairComparison => ({
	first: 'Dice',
	second: 'Focal',
	images: 20,
	firstBetter: 3,
	secondBetter: 17,
	difference: { mean: -0.05, low: -0.08, high: -0.02 },
	pValue: 0.0123,
	verdict,
	...more,
});
const measured: Measured = {
	part: 'test',
	images: 20,
	spec: { seeds: [1], split: defaultSpec.split },
	rows: [
		{ name: 'Dice', values: { dice: 0.8 }, flag: '' },
		{ name: 'Focal', values: { dice: 0.85 }, flag: '' },
	],
	pairs: [pair('second')],
};

describe('what may be concluded', () => {
	it('names the better of two with gap, interval and p, seen from its side', () => {
		expect(conclusionsOf(measured)).toEqual([
			'Focal has the highest pooled test Dice: 0.850.',
			'Focal is better than Dice on 17 of 20 images: mean gap in Dice 0.050, 95 % interval 0.020 to 0.080, p = 0.012 after Holm’s correction.',
			'One seed was trained (N = 1): with another seed the order may be another.',
		]);
	});

	it('does not claim a difference that the images do not show', () => {
		expect(conclusionsOf({ ...measured, pairs: [pair('no-clear-difference')] })).toContain(
			'No difference between two losses is clear on these 20 images.',
		);
		expect(conclusionsOf({ ...measured, images: 3, pairs: [pair('too-few')] })).toContain(
			'3 images are too few to tell any two losses apart.',
		);
	});

	it('tells the pairs that cannot be told apart beside those that can', () => {
		const close = pair('no-clear-difference', { second: 'Tversky', difference: { mean: 0.004, low: -0.011, high: 0.02 } });
		expect(conclusionsOf({ ...measured, pairs: [pair('second'), close] })).toContain(
			'Between Dice and Tversky no difference is clear: mean gap in Dice 0.004, 95 % interval -0.011 to 0.020.',
		);
		const many = conclusionsOf({ ...measured, pairs: [pair('second'), ...Array.from({ length: 7 }, () => close)] });
		expect(many).toContain('Of 7 further pairs of losses, no difference is clear.');
	});

	it('says what collapsed first, and that validation chose the epoch', () => {
		const rows = [{ name: 'CE', values: { dice: 0 }, flag: 'predicts no foreground' }];
		expect(conclusionsOf({ ...measured, part: 'validation', spec: { ...measured.spec, seeds: [1, 2, 3] }, rows, pairs: [] })).toEqual([
			'CE: predicts no foreground.',
			'CE has the highest pooled validation Dice: 0.000.',
			'3 seeds were trained; ± is the standard deviation over them.',
			'Validation images also chose the best epoch, which flatters every loss a little; there is no test part.',
		]);
	});

	it('counts seeds times folds, and says that runs of folds are not independent', () => {
		const spec = { seeds: [1, 2], split: { ...defaultSpec.split, folds: 5 } };
		expect(conclusionsOf({ ...measured, spec }).slice(2)).toEqual([
			'Each loss was trained on 2 seeds × 5 folds (N = 10); ± is the standard deviation over them.',
			'Folds share training images, so their runs are not independent: ± says how far runs lie apart, not how well the mean is known.',
		]);
	});

	it('concludes nothing without images to score on', () => {
		expect(conclusionsOf({ ...measured, part: 'validation', images: 0, rows: [{ name: 'Dice', values: {}, flag: '' }] })).toEqual([
			'There are neither validation nor test images: nothing was scored, so nothing can be concluded.',
		]);
	});

	it('has no score to name where nothing was measured', () => {
		expect(conclusionsOf({ ...measured, rows: [{ name: 'Dice', values: {}, flag: '' }], pairs: [] })[0]).toBe(
			'No loss has a Dice on the test part.',
		);
	});
});
