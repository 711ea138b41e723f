/** A formula as a tree, so that it can be drawn as mathematics and have numbers put in place of its letters. */

export type FormulaNode =
	/** `0.8`, `½`. `present` where a parameter's value stands in place of its letter. */
	| { readonly kind: 'number'; readonly text: string; readonly present?: true }
	/** What stands for a quantity: `α`, `TP`, `p_t`, `λ₁`; or acts on one: `ln`, `max_c`, `Σ_k`. */
	| {
			readonly kind: 'symbol';
			readonly role: 'quantity' | 'function' | 'sum';
			/** As it is written, the index included. */
			readonly text: string;
			readonly letters: string;
			/** What stands below the line; '' for nothing. */
			readonly index: string;
	  }
	/** A word of a sentence: `mean`, `where`; and `%`. */
	| { readonly kind: 'word'; readonly text: string }
	/** `infix`: it stands between two quantities although a line may begin with it. */
	| { readonly kind: 'operator'; readonly text: string; readonly infix?: true }
	| { readonly kind: 'row'; readonly parts: readonly FormulaNode[] }
	| { readonly kind: 'group'; readonly open: '(' | '[' | '|'; readonly body: FormulaNode }
	| { readonly kind: 'root'; readonly body: FormulaNode }
	/** `raised`: written by a superscript digit, else by `^`. */
	| { readonly kind: 'power'; readonly base: FormulaNode; readonly exponent: FormulaNode; readonly raised: boolean }
	| { readonly kind: 'fraction'; readonly numerator: FormulaNode; readonly denominator: FormulaNode };

export const closing = { '(': ')', '[': ']', '|': '|' } as const;

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `−7` for `⁻⁷`. */
export function fromSuperscript(text: string): string {
	return text.replace(/./gu, (sign) => (sign === '⁻' ? '−' : String(superscripts.indexOf(sign))));
}

/** `⁻⁷` for `−7`. */
export function toSuperscript(text: string): string {
	return text.replace(/./gu, (sign) => (sign === '−' ? '⁻' : (superscripts[Number(sign)] ?? sign)));
}

/** The formula as it was written, without its spaces. */
export function formulaText(node: FormulaNode): string {
	switch (node.kind) {
		case 'row':
			return node.parts.map(formulaText).join('');
		case 'group':
			return `${node.open}${formulaText(node.body)}${closing[node.open]}`;
		case 'root':
			return `√${formulaText(node.body)}`;
		case 'power':
			return `${formulaText(node.base)}${node.raised ? toSuperscript(formulaText(node.exponent)) : `^${formulaText(node.exponent)}`}`;
		case 'fraction':
			return `${formulaText(node.numerator)}/${formulaText(node.denominator)}`;
		default:
			return node.text;
	}
}

/** What a line above, below or behind already sets apart needs no parentheses. */
export function withoutParentheses(node: FormulaNode): FormulaNode {
	return node.kind === 'group' && node.open === '(' ? node.body : node;
}

/** The formula in pieces between which a line may break: before words and the signs of sums and relations, and after commas. */
export function piecesOf(tree: FormulaNode): FormulaNode[] {
	const pieces: FormulaNode[][] = [[]];
	for (const part of tree.kind === 'row' ? tree.parts : [tree]) {
		const last = pieces.at(-1)?.at(-1);
		const begins = part.kind === 'word' || last?.kind === 'word' || (last?.kind === 'operator' && last.text === ',');
		if (last && !begins && last.kind !== 'operator' && part.kind === 'operator' && !',·∗/%'.includes(part.text))
			pieces.push([{ ...part, infix: true }]);
		else if (last && begins) pieces.push([part]);
		else pieces.at(-1)?.push(part);
	}
	return pieces.map((parts) => (parts.length === 1 && parts[0] ? parts[0] : { kind: 'row', parts }));
}
