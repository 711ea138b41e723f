import { expect, it } from 'vitest';
import { defaultSpec, type ExperimentSpec } from '#lib/core/experiment.ts';
import { constantWeight, ownLossId, weightedSumId, type LossChoice } from '#lib/core/loss-choice.ts';
import { queuedRuns, type ExperimentRecord } from '#lib/core/run.ts';
import { settingsRows } from './settings-table.ts';

const tversky = (key: string, alpha: number): LossChoice => ({
	key,
	label: key,
	loss: 'tversky',
	values: { alpha, beta: 0.7 },
	learningRateFactor: 1,
});

function experiment(losses: LossChoice[], change: Partial<ExperimentSpec> = {}, hash = 'h'): ExperimentRecord {
	const spec = { ...defaultSpec, losses, ...change };
	return {
		version: 1,
		id: hash,
		name: hash,
		createdAt: 0,
		datasetId: 'd',
		datasetFingerprint: 'f',
		scheme: { kind: 'values', classes: [{ name: 'background', values: [0] }], ignore: [] },
		spec,
		split: { train: ['a', 'b'], validation: ['c'], test: [] },
		hash,
		backend: null,
		runs: queuedRuns(spec),
	};
}
const differing = (experiments: readonly ExperimentRecord[]) =>
	settingsRows(experiments).flatMap(({ name, values, differs }) => (differs ? [[name, ...values]] : []));

it('tells the runs of one experiment apart by their losses alone', () => {
	expect(differing([experiment([tversky('a', 0.3), tversky('b', 0.9)])])).toEqual([['Loss, Weight of false positives (α)', '0.3', '0.9']]);
	expect(differing([experiment([tversky('a', 0.3), tversky('b', 0.3)])])).toEqual([]);
	expect(differing([experiment([tversky('a', 0.3)])])).toEqual([]);
});

it('has every setting of every run, and says where one has none', () => {
	const rows = settingsRows([experiment([tversky('a', 0.3), { key: 'b', label: 'b', loss: 'dice', values: {}, learningRateFactor: 2 }])]);
	const valuesOf = (name: string) => rows.find((row) => row.name === name)?.values;
	expect(valuesOf('Epochs')).toEqual(['20', '20']);
	expect(valuesOf('Images')).toEqual(Array(2).fill('2 train · 1 validation · 0 test'));
	expect(valuesOf('Learning rate, times')).toEqual(['1', '2']);
	expect(valuesOf('Loss, Weight of false positives (α)')).toEqual(['0.3', null]);
});

it('sets two experiments side by side, also where one has folds and the other has none', () => {
	const folds = { split: { ...defaultSpec.split, folds: 5 }, training: { ...defaultSpec.training, epochs: 30 } };
	expect(differing([experiment([tversky('a', 0.3)]), experiment([tversky('a', 0.3)], folds, 'other')])).toEqual([
		['Everything but the loss', 'h', 'other'],
		['Validation share', '0.2', null],
		['Epochs', '20', '30'],
		['Folds', null, '5'],
	]);
});

it('tells sums apart by their terms, and own losses by their code', () => {
	const sum = (key: string, weight: number): LossChoice => ({
		key,
		label: key,
		loss: weightedSumId,
		values: {},
		terms: [{ loss: 'dice', values: {}, weight: constantWeight(weight) }],
		learningRateFactor: 1,
	});
	const [terms] = differing([experiment([sum('a', 1), sum('b', 2)])]);
	expect(terms?.slice(0, 1)).toEqual(['Loss, terms']);
	expect(terms?.slice(1).map((value) => value?.split(',')[0])).toEqual(['1 · Dice', '2 · Dice']);
	const own = (key: string, code: string): LossChoice => ({
		key,
		label: key,
		loss: ownLossId,
		values: {},
		own: { name: 'mine', code, params: {}, graphs: [] },
		learningRateFactor: 1,
	});
	expect(differing([experiment([own('a', 'x'), own('b', 'y'), own('c', 'x')])])).toEqual([['Loss, code', 'code 1', 'code 2', 'code 1']]);
});
