/** A loss' formula with the values that its parameters have at the moment. */
import { counts, type Param, type Params, type ParamValue } from '#lib/core/params.ts';
import type { AnyLoss } from '#lib/losses/contract.ts';
import { toSuperscript, type FormulaNode } from './formula-tree.ts';

type Values = Readonly<Record<string, ParamValue>>;

/** The letter that a label ends with: `Smoothing (s)` gives `s`, `Smoothing` undefined. */
export function letterOf(label: string): string | undefined {
	return /\(([^()\s]+)\)$/u.exec(label)?.[1];
}

/** `0.3`, `−4`, `10⁻⁵`, `2.5·10⁻⁵`. */
export function numberText(value: number): string {
	const plain = (number: number): string => String(number).replace('-', '−');
	if (value === 0 || Math.abs(value) >= 1e-3) return plain(value);
	const [mantissa = '', exponent = ''] = value.toExponential().split('e-');
	const power = `10${toSuperscript(`−${exponent}`)}`;
	return mantissa === '1' ? power : `${plain(Number(mantissa))}·${power}`;
}

const valueText = (param: Param, value: ParamValue): string => {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	if (param.kind === 'choice') return param.options.find((option) => option.value === value)?.label ?? String(value);
	return typeof value === 'number' ? `${numberText(value)}${param.kind === 'number' && param.unit ? ` ${param.unit}` : ''}` : value;
};

/** The letters of the formula that stand for one number. */
function lettersOf(node: FormulaNode): ReadonlySet<string> {
	switch (node.kind) {
		case 'symbol':
			return new Set([node.text]);
		case 'row':
			return new Set(node.parts.flatMap((part) => [...lettersOf(part)]));
		case 'group':
		case 'root':
			return lettersOf(node.body);
		case 'power':
			return new Set([...lettersOf(node.base), ...lettersOf(node.exponent)]);
		case 'fraction':
			return new Set([...lettersOf(node.numerator), ...lettersOf(node.denominator)]);
		default:
			return new Set();
	}
}

interface Described {
	readonly symbols: Readonly<Record<string, string>>;
	readonly params: Params;
}

/** The letters of what a loss learns, steers or schedules: their numbers move over the run. */
export function movingLetters({ variables, readings }: Pick<AnyLoss, 'variables' | 'readings'>, values: Values): ReadonlySet<string> {
	const names = Object.keys(readings({ variables: variables(values), state: {}, progress: 0 }, values));
	return new Set(names.map((name) => name.split(' ').at(-1) ?? name));
}

/** What to write in place of letters, and what to say beside the formula. */
export interface PresentValues {
	readonly inside: ReadonlyMap<string, string>;
	readonly beside: readonly {
		readonly name: string;
		readonly value: string;
		readonly isLetter: boolean;
		/** `value` is only where it begins. */
		readonly moves: boolean;
	}[];
}

/**
 * Sorts the parameters that count into those whose letter the formula has, and the rest: those with a letter of their own, or
 * with a value that is not the default.
 *
 * @param moving letters whose number changes over the run: they stay letters, and their parameter is only where they begin
 */
export function presentValues(
	{ symbols, params }: Described,
	tree: FormulaNode,
	values: Values,
	moving: ReadonlySet<string>,
): PresentValues {
	const drawn = lettersOf(tree);
	// A letter that the formula has but explains nowhere is another one, for instance the index of a sum.
	const explained = new Set(Object.keys(symbols).flatMap((letters) => letters.split(', ')));
	const mentioned = new Set(Object.values(symbols).flatMap((text) => text.match(/\p{L}+′*[₀-₉]*/gu) ?? []));
	const inside = new Map<string, string>();
	const beside: PresentValues['beside'][number][] = [];
	for (const [key, param] of Object.entries(params)) {
		if (!counts(params, key, values)) continue;
		const value = values[key] ?? param.default;
		const letter = letterOf(param.label);
		const isLetter = letter !== undefined && (explained.has(letter) || (mentioned.has(letter) && !drawn.has(letter)));
		if (isLetter && drawn.has(letter) && typeof value === 'number' && !moving.has(letter)) inside.set(letter, numberText(value));
		else if (isLetter || value !== param.default)
			beside.push({
				name: isLetter ? letter : param.label,
				value: valueText(param, value),
				isLetter,
				moves: isLetter && moving.has(letter),
			});
	}
	return { inside, beside };
}

/** The tree with numbers in place of letters. A multiplication or parentheses come where two numbers would run into each other. */
export function withValues(node: FormulaNode, values: ReadonlyMap<string, string>): FormulaNode {
	const inner = (part: FormulaNode): FormulaNode => withValues(part, values);
	switch (node.kind) {
		case 'symbol': {
			const text = values.get(node.text);
			return text === undefined ? node : { kind: 'number', text, present: true };
		}
		case 'row':
			return { kind: 'row', parts: rowParts(node.parts.map(inner)) };
		case 'group':
		case 'root':
			return { ...node, body: inner(node.body) };
		case 'power':
			return { ...node, base: guarded(inner(node.base), /[−·⁻]/u), exponent: inner(node.exponent) };
		case 'fraction':
			return { ...node, numerator: inner(node.numerator), denominator: inner(node.denominator) };
		default:
			return node;
	}
}

/** In parentheses where a present value has one of these signs. */
function guarded(node: FormulaNode, signs: RegExp): FormulaNode {
	return node.kind === 'number' && node.present === true && signs.test(node.text) ? { kind: 'group', open: '(', body: node } : node;
}

const isNumber = (node: FormulaNode | undefined): boolean => node?.kind === 'number' || (node?.kind === 'power' && isNumber(node.base));

function rowParts(parts: readonly FormulaNode[]): FormulaNode[] {
	return parts.flatMap((part, place) => {
		const before = parts[place - 1];
		const begins = before === undefined || before.kind === 'word' || (before.kind === 'operator' && !'+−·∗/'.includes(before.text));
		const shown = begins ? part : guarded(part, /^−/u);
		return isNumber(part) && isNumber(before) ? [{ kind: 'operator', text: '·' } as const, shown] : [shown];
	});
}
