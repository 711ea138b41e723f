/** Reads loss code without running it: where it ends in a function or a class, and which parameters its constructor has. */
import { parser } from '@lezer/javascript';
import type { OwnLoss } from '#lib/core/loss-choice.ts';

export interface CodeProblem {
	/** From 1 on; 0 when the whole is meant. */
	readonly line: number;
	readonly message: string;
}

export interface CodeParts {
	/** The code, with what it ends in returned; line by line as the original. */
	readonly body: string;
	readonly params: OwnLoss['params'];
	/** What the code calls itself; '' for a bare arrow function. */
	readonly name: string;
	/** What may not be meant, each with its line. */
	readonly warnings: readonly CodeProblem[];
}

type Tree = ReturnType<typeof parser.parse>;
type SyntaxNode = Tree['topNode'];

const lineAt = (code: string, at: number): number => code.slice(0, at).split('\n').length;

function children(node: SyntaxNode): SyntaxNode[] {
	const list: SyntaxNode[] = [];
	for (let child = node.firstChild; child; child = child.nextSibling) list.push(child);
	return list;
}

/** The first place where the grammar had to guess. */
function syntaxProblem(tree: Tree, code: string): CodeProblem | null {
	let place = -1;
	tree.iterate({
		enter: ({ type, from }) => {
			if (type.isError && place < 0) place = from;
		},
	});
	if (place < 0) return null;
	const rest = code.slice(place).trim().split('\n')[0]?.slice(0, 20) ?? '';
	return {
		line: lineAt(code, place),
		message: rest === '' ? 'The code ends too early: a bracket is still open.' : `The code cannot be read at «${rest}».`,
	};
}

const text = (node: SyntaxNode | null, code: string): string => (node ? code.slice(node.from, node.to) : '');

/** A slider's range: what a comment such as «0 … 5» says, else around the default. */
function numberParam(name: string, value: number, comment: string): OwnLoss['params'][string] {
	const range = /(-?[\d.]+)\s*(?:…|\.\.\.?|to)\s*(-?[\d.]+)/u.exec(comment);
	const [low, high] = [Number(range?.[1] ?? Number.NaN), Number(range?.[2] ?? Number.NaN)];
	const told = low < high && value >= low && value <= high;
	const min = told ? low : Math.min(0, 4 * value);
	const max = told ? high : Math.abs(value) <= 1 ? 1 : Math.max(4 * value, 1);
	const step = value === 0 ? (max - min) / 100 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
	return { kind: 'number', label: name, help: `Parameter ${name} of the constructor.`, min, max, step, default: value };
}

/** `constructor({ gamma = 2, squared = false } = {})` as parameters. Properties without a plain default are left to the code. */
function constructorParams(declaration: SyntaxNode, code: string): OwnLoss['params'] {
	const body = declaration.getChild('ClassBody');
	const method = body?.getChildren('MethodDeclaration').find((node) => text(node.getChild('PropertyDefinition'), code) === 'constructor');
	const pattern = method?.getChild('ParamList')?.getChild('ObjectPattern');
	const params: OwnLoss['params'] = {};
	const properties = pattern?.getChildren('PatternProperty') ?? [];
	properties.forEach((property, place) => {
		const name = text(property.firstChild, code);
		const [, given = ''] = /^[^=]*=([\s\S]*)$/u.exec(text(property, code)) ?? [];
		const plain = given.replaceAll(/\/\*[\s\S]*?\*\//gu, '').trim();
		const until = properties[place + 1]?.from ?? pattern?.to ?? property.to;
		const value = Number(plain);
		if (plain === 'true' || plain === 'false') {
			params[name] = { kind: 'boolean', label: name, help: `Parameter ${name} of the constructor.`, default: plain === 'true' };
		} else if (plain !== '' && Number.isFinite(value)) params[name] = numberParam(name, value, code.slice(property.from, until));
	});
	return params;
}

/** Functions that call the prediction the first argument and the truth the second: they are handed over the other way round. */
function swappedArguments(tree: Tree, code: string): CodeProblem[] {
	const warnings: CodeProblem[] = [];
	tree.iterate({
		enter: ({ name, node }) => {
			if (name !== 'ParamList') return;
			const [first = '', second = ''] = node.getChildren('VariableDefinition').map((parameter) => text(parameter, code));
			if (!/pred|prob|logit/iu.test(first) || !/true|truth|target|label/iu.test(second)) return;
			const message = `The truth is given first and the prediction second: ${first} will hold the truth. Write (${second}, ${first}) unless that is meant.`;
			warnings.push({ line: lineAt(code, node.from), message });
		},
	});
	return warnings;
}

/** What the last statement leaves, as a `return` in or after it. */
function returned(last: SyntaxNode, code: string): { readonly body: string; readonly name: string } | CodeProblem {
	const after = (name: string) => ({ body: `${code}\n;return ${name};`, name });
	switch (last.name) {
		case 'ClassDeclaration':
		case 'FunctionDeclaration':
			return after(text(last.getChild('VariableDefinition'), code));
		case 'VariableDeclaration':
			return after(text(last.getChildren('VariableDefinition').at(-1) ?? null, code));
		case 'ExpressionStatement':
			return { body: `${code.slice(0, last.from)}return ${code.slice(last.from)}`, name: '' };
		default:
			return {
				line: lineAt(code, last.from),
				message: 'The code must end with a function (yTrue, yPred) => … or a class with call(yTrue, yPred).',
			};
	}
}

/** The parts of loss code, or what is wrong with it. */
export function readCode(code: string): CodeParts | CodeProblem {
	if (code.trim() === '') return { line: 0, message: 'There is no code yet.' };
	const tree = parser.parse(code);
	const statements = children(tree.topNode).filter(({ name }) => !name.endsWith('Comment') && name !== ';');
	const module = statements.find(({ name }) => name === 'ImportDeclaration' || name === 'ExportDeclaration');
	if (module) {
		const isImport = module.name === 'ImportDeclaration';
		return {
			line: lineAt(code, module.from),
			message: isImport
				? 'Nothing need be imported: tf, losses and Loss are there.'
				: 'Take away export: what the code ends with is the loss.',
		};
	}
	const problem = syntaxProblem(tree, code);
	if (problem) return problem;
	const last = statements.at(-1);
	if (!last) return { line: 0, message: 'There are only comments.' };
	const result = returned(last, code);
	if ('message' in result) return result;
	const params = last.name === 'ClassDeclaration' ? constructorParams(last, code) : {};
	return { ...result, params, warnings: swappedArguments(tree, code) };
}
