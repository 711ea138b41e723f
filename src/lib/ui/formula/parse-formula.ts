/**
 * Reads the one-line formulas of the losses, for instance `1 − (TP + s) / (TP + α·FP + β·FN + s)`.
 *
 * How they are written: `·` multiplies, and what stands side by side is multiplied as well. ` / ` between spaces is a fraction
 * of all factors before it and the next one after it; `/` without spaces stays on the line. `_` and `^` lower and raise the
 * next letter, number or pair of parentheses, `₀₁₂` and `²³⁻⁷` one digit each. Lower-case words are words, but for the names of functions
 * and what stands right before a parenthesis.
 */
import { closing, fromSuperscript, type FormulaNode } from './formula-tree.ts';

interface Token {
	readonly kind: 'number' | 'name' | 'word' | 'superscript' | 'operator' | 'delimiter';
	readonly text: string;
	readonly spaced: boolean;
}

const functions = new Set(['ln', 'exp', 'cosh', 'max', 'min']);
/** Operators that stay inside a product. */
const joining = new Set(['·', '∗', '/']);

const letters = String.raw`(?:(?!Σ)\p{L})+′*`;
const patterns = [
	['number', String.raw`\d+(?:\.\d+)?|[½¼¾∞]`],
	['name', String.raw`(?:${letters}|Σ)(?:_${letters}|[₀-₉]+)?`],
	['superscript', '⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+'],
	['operator', ':=|[-+−·∗/=≤≥<>∝≈∈,;‖%]'],
	['delimiter', String.raw`[()[\]|√^]`],
] as const;

const isLowerCase = (text: string): boolean => /^\p{Ll}{2,}$/u.test(text);

/** Null when a sign is unknown. */
function tokens(text: string): Token[] | null {
	const found: Token[] = [];
	let at = 0;
	while (at < text.length) {
		const space = /\s*/uy;
		space.lastIndex = at;
		const spaced = (space.exec(text)?.[0] ?? '') !== '';
		at = spaced ? space.lastIndex : at;
		if (at >= text.length) break;
		const token = tokenAt(text, at, spaced);
		if (!token) return null;
		found.push(token);
		at += token.text.length;
	}
	return found;
}

function tokenAt(text: string, at: number, spaced: boolean): Token | null {
	for (const [kind, source] of patterns) {
		const pattern = new RegExp(source, 'uy');
		pattern.lastIndex = at;
		const match = pattern.exec(text)?.[0];
		if (match === undefined) continue;
		const isFunction = functions.has(match) || text[at + match.length] === '(';
		const isWord = kind === 'name' ? isLowerCase(match) && !isFunction : match === '%';
		return { kind: isWord ? 'word' : kind, text: match, spaced };
	}
	return null;
}

function symbol(text: string): FormulaNode {
	const [, base = text, lowered = ''] = /^(.*?)(_.+|[₀-₉]+)?$/u.exec(text) ?? [];
	const index = lowered.replace(/^_/u, '').replace(/[₀-₉]/gu, (digit) => String(digit.charCodeAt(0) - 0x2080));
	return {
		kind: 'symbol',
		role: base === 'Σ' ? 'sum' : functions.has(base) || isLowerCase(base) ? 'function' : 'quantity',
		text,
		letters: base,
		index,
	};
}

/** Several parts as one. */
const rowOf = (parts: readonly FormulaNode[]): FormulaNode => {
	const [only] = parts;
	return parts.length === 1 && only ? only : { kind: 'row', parts };
};

/** True for what ends a product: words, and operators that bind less. */
function breaks(node: FormulaNode): boolean {
	return node.kind === 'word' || (node.kind === 'operator' && !joining.has(node.text));
}

class Reader {
	readonly #tokens: readonly Token[];
	#at = 0;

	constructor(list: readonly Token[]) {
		this.#tokens = list;
	}

	get #next(): Token | undefined {
		return this.#tokens[this.#at];
	}

	get done(): boolean {
		return this.#next === undefined;
	}

	#is(text: string): boolean {
		return this.#next?.text === text;
	}

	/** Parts until the sign that closes them, which is not taken. */
	row(end: string): FormulaNode {
		const parts: FormulaNode[] = [];
		while (this.#next && !this.#is(end)) {
			const { kind, text, spaced } = this.#next;
			if (text === '/' && spaced) this.#fraction(parts, end);
			else if (kind === 'operator' || kind === 'word') {
				this.#at++;
				parts.push({ kind, text });
			} else parts.push(this.#factor());
		}
		return rowOf(parts);
	}

	#fraction(parts: FormulaNode[], end: string): void {
		this.#at++;
		const begin = parts.findLastIndex(breaks) + 1;
		const numerator = parts.splice(begin);
		if (numerator.length === 0) throw new SyntaxError('a fraction without a numerator');
		const denominator = [this.#factor()];
		const goesOn = (): boolean => this.#next !== undefined && !['operator', 'word'].includes(this.#next.kind) && !this.#is(end);
		while (goesOn()) denominator.push(this.#factor());
		parts.push({ kind: 'fraction', numerator: rowOf(numerator), denominator: rowOf(denominator) });
	}

	/** One number, symbol, group or root, with what is raised behind it. */
	#factor(): FormulaNode {
		let base = this.#primary();
		while (this.#is('^') || this.#next?.kind === 'superscript') {
			const raised = this.#next?.kind === 'superscript';
			if (!raised) this.#at++;
			const exponent: FormulaNode = raised ? { kind: 'number', text: fromSuperscript(this.#take()) } : this.#primary();
			base = { kind: 'power', base, exponent, raised };
		}
		return base;
	}

	#primary(): FormulaNode {
		const kind = this.#next?.kind;
		const text = this.#take();
		if (kind === 'number') return { kind, text };
		if (kind === 'name') return symbol(text);
		if (text === '√') return { kind: 'root', body: this.#primary() };
		if (text === '(' || text === '[' || text === '|') {
			const body = this.row(closing[text]);
			if (this.#take() !== closing[text]) throw new SyntaxError(`${text} is not closed`);
			return { kind: 'group', open: text, body };
		}
		throw new SyntaxError(`${text} stands where a quantity is due`);
	}

	#take(): string {
		const token = this.#next;
		if (!token) throw new SyntaxError('the formula breaks off');
		this.#at++;
		return token.text;
	}
}

/** The formula's tree; null where it is not written as above. */
export function parseFormula(text: string): FormulaNode | null {
	const list = tokens(text);
	if (!list) return null;
	try {
		const reader = new Reader(list);
		const tree = reader.row('');
		return reader.done ? tree : null;
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}
