import { expect, it } from 'vitest';
import { counts, isValidValue } from '#lib/core/params.ts';
import { findLoss, lossShelf } from './index.ts';

it('names parameters of the same loss and values that they can take, wherever a parameter counts only beside others', () => {
	for (const { id, params } of lossShelf)
		for (const [key, { onlyWhen = {} }] of Object.entries(params))
			for (const [other, allowed] of Object.entries(onlyWhen)) {
				const param = params[other];
				expect(param && other !== key && allowed.every((value) => isValidValue(param, value)), `${id}.${key}: ${other}`).toBe(true);
			}
});

it('leaves out a fixed weight while the batch decides, and the share of a boundary that stands alone', () => {
	const balanced = findLoss('balancedCrossEntropy')!.params;
	expect([{}, { balance: 'fixed' }].map((values) => counts(balanced, 'beta', values))).toEqual([false, true]);
	const boundary = findLoss('boundary')!.params;
	const sets = [{}, { schedule: 'constant' }, { companion: 'none' }];
	expect(sets.map((values) => counts(boundary, 'finalAlpha', values))).toEqual([true, false, false]);
	expect(sets.map((values) => counts(boundary, 'alpha', values))).toEqual([true, true, false]);
});
