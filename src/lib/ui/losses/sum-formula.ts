/** The formula of a weighted sum, with the weights that it has. */
import { learnsWeights, type LossChoice, type LossTerm } from '#lib/core/loss-choice.ts';
import { findLoss } from '#lib/losses/index.ts';
import type { FormulaNode } from '../formula/formula-tree.ts';
import { numberText } from '../formula/present-values.ts';

const operator = (text: string): FormulaNode => ({ kind: 'operator', text });
const quantity = (letters: string, index = ''): FormulaNode => ({
	kind: 'symbol',
	role: 'quantity',
	text: letters + index,
	letters,
	index,
});
const present = (text: string): FormulaNode => ({ kind: 'number', text, present: true });
const nameOf = ({ loss }: LossTerm): FormulaNode => quantity(findLoss(loss)?.name ?? loss);

/** `0.5·Dice`; `(0.01→1)·Boundary` where the weight moves. */
function scheduled(term: LossTerm): FormulaNode[] {
	const { curve, from, to } = term.weight;
	const still = curve === 'constant' || from === to;
	const weight: FormulaNode = still
		? present(numberText(from))
		: { kind: 'group', open: '(', body: present(`${numberText(from)}→${numberText(to)}`) };
	return [weight, operator('·'), nameOf(term)];
}

/** `e^(−s₁)·Dice + s₁`, with ½ before both where they are halved. */
function learned(term: LossTerm, place: number, halved: boolean): FormulaNode[] {
	const s = quantity('s', String(place + 1));
	const half: FormulaNode[] = halved ? [present('½'), operator('·')] : [];
	const exponent: FormulaNode = { kind: 'row', parts: [operator('−'), s] };
	const power: FormulaNode = { kind: 'power', base: quantity('e'), exponent: { kind: 'group', open: '(', body: exponent }, raised: false };
	return [...half, power, operator('·'), nameOf(term), operator('+'), ...half, s];
}

/** What a weighted sum computes: its terms by their names. */
export function sumFormula(terms: readonly LossTerm[], values: LossChoice['values']): FormulaNode {
	const halved = values.weighting === 'uncertaintyHalved';
	const parts = terms.map((term, place) => (learnsWeights(values) ? learned(term, place, halved) : scheduled(term)));
	return { kind: 'row', parts: parts.flatMap((part, place) => (place === 0 ? part : [operator('+'), ...part])) };
}
