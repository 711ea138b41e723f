import { expect, it } from 'vitest';
import { constantWeight } from '#lib/core/loss-choice.ts';
import { formulaText } from '../formula/formula-tree.ts';
import { sumFormula } from './sum-formula.ts';

const terms = [
	{ loss: 'dice', values: {}, weight: constantWeight(0.5) },
	{ loss: 'boundary', values: {}, weight: { curve: 'linear', from: 0.01, to: 1, begin: 0.2, end: 0.7 } as const },
];

it('shows each weight, from its first to its last where it moves', () => {
	expect(formulaText(sumFormula(terms, {}))).toBe('0.5·Dice+(0.01→1)·Boundary');
});

it('shows learned weights as they enter the loss', () => {
	expect(formulaText(sumFormula(terms, { weighting: 'uncertainty' }))).toBe('e^(−s1)·Dice+s1+e^(−s2)·Boundary+s2');
	expect(formulaText(sumFormula([terms[0]!], { weighting: 'uncertaintyHalved' }))).toBe('½·e^(−s1)·Dice+½·s1');
});
