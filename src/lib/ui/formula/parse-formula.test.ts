import { describe, expect, it } from 'vitest';
import { lossShelf } from '#lib/losses/index.ts';
import { formulaText, piecesOf, type FormulaNode } from './formula-tree.ts';
import { parseFormula } from './parse-formula.ts';

const number = (text: string): FormulaNode => ({ kind: 'number', text });
const operator = (text: string): FormulaNode => ({ kind: 'operator', text });
const quantity = (letters: string, index = '', text = letters): FormulaNode => ({ kind: 'symbol', role: 'quantity', text, letters, index });

const everyNode = (node: FormulaNode): FormulaNode[] => {
	const inner =
		node.kind === 'row'
			? node.parts
			: node.kind === 'fraction'
				? [node.numerator, node.denominator]
				: node.kind === 'power'
					? [node.base, node.exponent]
					: node.kind === 'group' || node.kind === 'root'
						? [node.body]
						: [];
	return [node, ...inner.flatMap(everyNode)];
};

describe('every formula of the shelf', () => {
	it.each(lossShelf.map(({ id, formula }) => [id, formula] as const))('%s is read, and nothing of it is lost', (_id, formula) => {
		const tree = parseFormula(formula);
		expect(tree && formulaText(tree)).toBe(formula.replace(/\s+/gu, ''));
	});

	it.each(lossShelf.map((loss) => [loss.id, loss] as const))('%s draws each spaced stroke as a fraction', (_id, loss) => {
		const tree = parseFormula(loss.formula);
		const fractions = tree ? everyNode(tree).filter(({ kind }) => kind === 'fraction') : [];
		expect(fractions).toHaveLength(loss.formula.split(' / ').length - 1);
	});
});

describe('a fraction', () => {
	it('has all factors before the stroke above it and one factor below', () => {
		expect(parseFormula('a − 2·b / (c + 1)·d')).toEqual({
			kind: 'row',
			parts: [
				quantity('a'),
				operator('−'),
				{
					kind: 'fraction',
					numerator: { kind: 'row', parts: [number('2'), operator('·'), quantity('b')] },
					denominator: { kind: 'group', open: '(', body: { kind: 'row', parts: [quantity('c'), operator('+'), number('1')] } },
				},
				operator('·'),
				quantity('d'),
			],
		});
	});

	it('keeps together what stands side by side below, and no word above', () => {
		const tree = parseFormula('mean of e² / 2β');
		const below = { kind: 'row', parts: [number('2'), quantity('β')] };
		expect(tree).toMatchObject({
			parts: [{ text: 'mean' }, { text: 'of' }, { kind: 'fraction', numerator: { kind: 'power' }, denominator: below }],
		});
	});

	it('stays on the line without spaces', () => {
		expect(parseFormula('C/S')).toEqual({ kind: 'row', parts: [quantity('C'), operator('/'), quantity('S')] });
	});
});

describe('letters', () => {
	it('carry an index and an exponent at once', () => {
		expect(parseFormula('d_p^α')).toEqual({ kind: 'power', base: quantity('d', 'p', 'd_p'), exponent: quantity('α'), raised: false });
		expect(parseFormula('λ₁')).toEqual(quantity('λ', '1', 'λ₁'));
		expect(parseFormula('10⁻⁷')).toEqual({ kind: 'power', base: number('10'), exponent: number('−7'), raised: true });
	});

	it('are told apart from functions, sums and words', () => {
		expect(parseFormula('mean(p)')).toMatchObject({ parts: [{ role: 'function' }, { kind: 'group' }] });
		expect(parseFormula('mean Σ_k ln TP′')).toMatchObject({
			parts: [{ kind: 'word' }, { role: 'sum', index: 'k' }, { role: 'function' }, { role: 'quantity', letters: 'TP′' }],
		});
	});
});

describe('a line', () => {
	const pieces = (formula: string): string[] => piecesOf(parseFormula(formula)!).map(formulaText);

	it('may break before signs and words and after commas, but not inside a product or parentheses', () => {
		expect(pieces('mean of ½·e² where |e| ≤ δ, δ·|e| − ½·δ² beyond')).toEqual(
			['mean', 'of', '½·e²', 'where', '|e|', '≤δ,', 'δ·|e|', '−½·δ²', 'beyond'], // prettier-ignore
		);
		expect(pieces('1 − (a + b) / c')).toEqual(['1', '−(a+b)/c']);
	});

	it('loses nothing', () => {
		for (const { formula } of lossShelf) expect(pieces(formula).join(''), formula).toBe(formula.replace(/\s+/gu, ''));
	});
});

it('tells the strokes of an absolute value from each other', () => {
	expect(parseFormula('|a|·|b|')).toMatchObject({
		parts: [{ open: '|', body: quantity('a') }, { text: '·' }, { open: '|', body: quantity('b') }],
	});
});

it.each(['(a', 'a)', 'a ^', ' / b', 'a $ b', '|a', '√'])('gives up on %s', (text) => {
	expect(parseFormula(text)).toBeNull();
});
