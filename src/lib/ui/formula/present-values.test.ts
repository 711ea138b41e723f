import { describe, expect, it } from 'vitest';
import type { Params } from '#lib/core/params.ts';
import { findLoss, lossShelf } from '#lib/losses/index.ts';
import { formulaText } from './formula-tree.ts';
import { parseFormula } from './parse-formula.ts';
import { letterOf, movingLetters, numberText, presentValues, withValues } from './present-values.ts';

/** The formula with numbers for letters, without spaces. */
function put(formula: string, values: Readonly<Record<string, string>>): string {
	const tree = parseFormula(formula);
	return tree ? formulaText(withValues(tree, new Map(Object.entries(values)))) : '';
}

describe('numbers in place of letters', () => {
	it('stand where the letters stood', () => {
		expect(put('1 − (TP + s) / (TP + α·FP + β·FN + s)', { α: '0.3', β: '0.7', s: '1' })).toBe('1−(TP+1)/(TP+0.3·FP+0.7·FN+1)');
		expect(put('mean( (1 − TI)^x )', { x: '0.75' })).toBe('mean((1−TI)^0.75)');
		expect(put('λ₁·Dice + λ₂·CE', { 'λ₁': '1', 'λ₂': '0.5' })).toBe('1·Dice+0.5·CE');
	});

	it('leave alone what only shares a letter', () => {
		expect(put('p_t^q + q_t', { q: '0.7' })).toBe('p_t^0.7+q_t');
	});

	it('do not run into a number beside them', () => {
		expect(put('e² / 2β', { β: '3' })).toBe('e²/2·3');
		expect(put('−(d₁ + d₂)² / 2σ²', { σ: '5' })).toBe('−(d₁+d₂)²/2·5²');
	});

	it('get parentheses when a sign before them would be misread', () => {
		expect(put('|α − 2|/α·(e^(α/2) − 1)', { α: '−2' })).toBe('|−2−2|/(−2)·(e^(−2/2)−1)');
		expect(put('α^2', { α: '−2' })).toBe('(−2)^2');
		expect(put('β·p + A', { A: '−4' })).toBe('β·p+(−4)');
		expect(put('ln 0 := A', { A: '−4' })).toBe('ln0:=−4');
	});
});

it('writes numbers as they are read', () => {
	expect([0.3, 1, -4, 0, 0.001, 1e-5, 2.5e-5].map(numberText)).toEqual(['0.3', '1', '−4', '0', '0.001', '10⁻⁵', '2.5·10⁻⁵']);
});

it('knows the letter in a label', () => {
	expect(['Smoothing (s)', 'Weight of top-k (λ₂)', 'Label smoothing', 'Weight (of all)'].map(letterOf)).toEqual([
		's',
		'λ₂',
		undefined,
		undefined,
	]);
});

it('names a letter that only an explanation has', () => {
	const focal = findLoss('focal')!; // its formula has a_t, which is α or 1 − α
	expect(presentValues(focal, parseFormula(focal.formula)!, {}, new Set()).beside).toEqual([
		{ name: 'α', value: '0.25', isLetter: true, moves: false },
	]);
});

describe('the parameters of a loss', () => {
	const number = { kind: 'number', help: 'h', min: 0, max: 10, step: 1 } as const;
	const params: Params = {
		alpha: { ...number, label: 'Weight (α)', default: 1 },
		smoothing: { ...number, label: 'Smoothing', default: 1, unit: 'px' },
		gamma: { ...number, label: 'Focusing (γ)', default: 2, onlyWhen: { focus: [true] } },
		focus: { kind: 'boolean', label: 'Focus', help: 'h', default: true },
	};
	const described = { symbols: { α: 'weight', γ: 'focusing' }, params };
	const tree = parseFormula('α·F')!;

	it('stand inside the formula where it has their letter, else beside it by their letter or when they are changed', () => {
		const { inside, beside } = presentValues(described, tree, { alpha: 3, smoothing: 4 }, new Set());
		expect([...inside]).toEqual([['α', '3']]);
		expect(beside).toEqual([
			{ name: 'Smoothing', value: '4 px', isLetter: false, moves: false },
			{ name: 'γ', value: '2', isLetter: true, moves: false },
		]);
	});

	it('are left out where they do not count', () => {
		expect(presentValues(described, tree, { focus: false }, new Set()).beside).toEqual([
			{ name: 'Focus', value: 'off', isLetter: false, moves: false },
		]);
	});

	it('stay letters where the number moves over the run', () => {
		const { inside, beside } = presentValues(described, tree, {}, new Set(['α']));
		expect([...inside]).toEqual([]);
		expect(beside[0]).toEqual({ name: 'α', value: '1', isLetter: true, moves: true });
	});

	it('move when the loss draws them over the run, under a name that ends with their letter', () => {
		const adaptive = { variables: () => ({}), readings: () => ({ 'weight of false positives α': 0.5, σ: 1 }) };
		expect([...movingLetters(adaptive, {})]).toEqual(['α', 'σ']);
	});

	it('do not take the place of an index that is only written alike', () => {
		const erosion = findLoss('hausdorffErosion')!;
		const { inside } = presentValues(erosion, parseFormula(erosion.formula)!, {}, new Set());
		expect([...inside.keys()]).toEqual(['α']);
	});

	it.each(lossShelf.map((loss) => [loss.id, loss] as const))(
		'%s: with its defaults every letter that has a value is replaced',
		(_id, loss) => {
			const read = parseFormula(loss.formula)!;
			const { inside } = presentValues(loss, read, {}, new Set());
			expect(presentValues(loss, withValues(read, inside), {}, new Set()).inside.size).toBe(0);
		},
	);
});
