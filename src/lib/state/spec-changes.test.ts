import { describe, expect, it } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { constantWeight, type LossChoice } from '#lib/core/loss-choice.ts';
import { specChanges } from './spec-changes.ts';

const dice: LossChoice = { key: 'dice', label: 'Dice', loss: 'dice', values: {}, learningRateFactor: 1 };
const tversky: LossChoice = { key: 'tversky', label: 'Tversky .3/.7', loss: 'tversky', values: { alpha: 0.3 }, learningRateFactor: 1 };
const spec: ExperimentSpec = { ...defaultSpec, losses: [dice, tversky] };

it('finds nothing between equal specs', () => {
	expect(specChanges(spec, structuredClone(spec))).toEqual([]);
});

it('names each changed choice as its field does', () => {
	const after: ExperimentSpec = {
		...spec,
		seeds: [1, 2],
		augment: { ...spec.augment, flip: false },
		split: { ...spec.split, overrides: { '00001': 'test' } },
		training: { ...spec.training, epochs: 30 },
	};
	expect(specChanges(spec, after)).toEqual([
		'Seeds: 1 → 1, 2',
		'Images moved between the parts: 0 → 1',
		'Flips: on → off',
		'Epochs: 20 → 30',
	]);
});

it('tells of folds that are turned on, changed and turned off', () => {
	const folds = (count: number): ExperimentSpec => ({ ...spec, split: { ...spec.split, folds: count } });
	expect(specChanges(spec, folds(5))).toEqual(['Folds: off → 5']);
	expect(specChanges(folds(5), folds(3))).toEqual(['Folds: 5 → 3']);
	expect(specChanges(folds(5), spec)).toEqual(['Folds: 5 → off']);
});

it('tells of losses that are new, left out, or have other parameters', () => {
	const after: ExperimentSpec = {
		...spec,
		losses: [
			{ ...tversky, values: { alpha: 0.9 }, learningRateFactor: 2 },
			{ ...dice, key: 'dice-2', label: 'Dice again' },
		],
	};
	expect(specChanges(spec, after)).toEqual([
		'Tversky .3/.7, Weight of false positives (α): 0.3 → 0.9',
		'Tversky .3/.7, Learning rate, times: 1 → 2',
		'Dice again is new',
		'Dice is left out',
	]);
});

describe('a weighted sum', () => {
	const sum: LossChoice = {
		key: 'weighted-sum',
		label: 'Sum',
		loss: 'weightedSum',
		values: {},
		terms: [
			{ loss: 'dice', values: {}, weight: constantWeight(1) },
			{ loss: 'tversky', values: {}, weight: constantWeight(1) },
		],
		learningRateFactor: 1,
	};
	const changesTo = (terms: LossChoice['terms']): string[] =>
		specChanges({ ...spec, losses: [sum] }, { ...spec, losses: [{ ...sum, terms }] });
	const [dice, tversky] = sum.terms!;

	it('tells which terms it has now', () => {
		expect(changesTo([dice!])).toEqual(['Sum, Terms: Dice + Tversky → Dice']);
		expect(changesTo([dice!, { ...tversky!, loss: 'focal' }])).toEqual(['Sum, Terms: Dice + Tversky → Dice + Focal']);
	});

	it('tells how a term weighs now, and its parameters by their labels', () => {
		const rising = { ...dice!, weight: { curve: 'linear', from: 0, to: 1, begin: 0, end: 1 } as const };
		expect(changesTo([rising, { ...tversky!, values: { alpha: 0.9 } }])).toEqual([
			'Sum, Dice: weight 0 → 1 over the run; was 1',
			'Sum, Tversky: Weight of false positives (α): 0.3 → 0.9',
		]);
	});

	it('tells when it learns its weights', () => {
		const learned = { ...sum, values: { weighting: 'uncertainty' } };
		const [change, ...others] = specChanges({ ...spec, losses: [sum] }, { ...spec, losses: [learned] });
		expect(change).toBe('Sum, Weights: as scheduled → learned: e^(−s)·L + s');
		expect(others).toEqual([]);
	});

	it('is the same when a parameter is spelled out as what it was', () => {
		expect(changesTo([dice!, { ...tversky!, values: { alpha: 0.3 } }])).toEqual([]);
	});
});

it('has a name for every choice there is', () => {
	const other = (value: unknown): unknown => {
		if (Array.isArray(value)) return [...value, 99];
		if (value !== null && typeof value === 'object') return Object.fromEntries([...Object.entries(value), ['added', 1]]);
		return typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 1 : `${String(value)}!`;
	};
	const parts = Object.entries(spec).filter(([key]) => key !== 'version' && key !== 'losses');
	const moved = parts.map(([key, part]) => [
		key,
		Array.isArray(part) ? other(part) : Object.fromEntries(Object.entries(part).map(([inner, value]) => [inner, other(value)])),
	]);
	const after = { ...spec, ...Object.fromEntries(moved) } as ExperimentSpec;
	const changes = specChanges(spec, after);
	expect(changes).toHaveLength(35);
	for (const change of changes) expect(change).toMatch(/^\p{Lu}/u);
});
