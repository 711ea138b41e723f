/** A graph as a formula in plain text: y the truth, p the prediction, z the logits. */
import type { LossGraph } from '#lib/core/loss-graph.ts';
import { atom, binding, inside, numbersOf, numberText, readBack, shapeBefore, type Dialect, type Term } from './read-back.ts';

const inputNames: Readonly<Record<string, string>> = { yTrue: 'y', yPred: 'p', logits: 'z', valid: 'valid', progress: 'progress' };
const axisNames = ['batch', 'row', 'column', 'class'];

const calls: Readonly<Record<string, string>> = {
	log: 'ln',
	log1p: 'ln1p',
	atan: 'arctan',
	sigmoid: 'σ',
	logSigmoid: 'ln σ',
	maximum: 'max',
	minimum: 'min',
	clipByValue: 'clip',
	stopGradient: 'fixed',
};
const infix: Readonly<Record<string, readonly [sign: string, at: 1 | 2]>> = {
	add: [' + ', binding.sum],
	sub: [' − ', binding.sum],
	mul: ['·', binding.product],
	div: [' / ', binding.product],
	divNoNan: [' / ', binding.product],
	matMul: ['·', binding.product],
};
const comparisons: Readonly<Record<string, string>> = {
	greater: '>',
	greaterEqual: '≥',
	less: '<',
	lessEqual: '≤',
	equal: '=',
	notEqual: '≠',
	logicalAnd: 'and',
	logicalOr: 'or',
};
const reductions: Readonly<Record<string, string>> = { sum: 'Σ', mean: 'mean', max: 'max', min: 'min', logSumExp: 'logsumexp' };

function reduction(sign: string, axes: readonly number[], rank: number, term: Term): Term {
	const over = axes.length === rank ? '' : `[${axes.map((axis) => axisNames[axis] ?? axis).join(', ')}]`;
	return sign === 'Σ'
		? { text: `Σ${over} ${term.text.includes(' / ') ? `(${term.text})` : inside(term, binding.product)}`, binding: binding.sum }
		: atom(`${sign}${over}(${term.text})`);
}

const dialect: Dialect = {
	nameOf: (index) => `${String.fromCharCode(97 + (index % 15))}${index < 15 ? '' : Math.floor(index / 15)}`,
	constant: ({ attrs, shape }) => {
		const { values } = attrs;
		const list = typeof values === 'object' ? values : [];
		if (list.length !== 1) return atom(`(${list.slice(0, 8).map(numberText).join(', ')}${list.length > 8 ? ', …' : ''})`);
		const value = list[0] ?? 0;
		const text = numberText(value).replace('-', '−');
		return { text, binding: value < 0 ? binding.sign : binding.atom, ...(shape.length === 0 ? { number: value } : {}) };
	},
	input: (name) => atom(inputNames[name] ?? name.replace('variable:', '')),
	operation: (node, inputs, nodes) => {
		const { op, attrs } = node;
		const [first = atom(''), second = atom(''), third = atom('')] = inputs;
		const pair = infix[op];
		if (pair) {
			const [sign, at] = pair;
			const tighter = at === binding.sum ? binding.product : binding.sign;
			return { text: `${inside(first, at)}${sign}${inside(second, op === 'add' || op === 'mul' ? at : tighter)}`, binding: at };
		}
		const comparison = comparisons[op];
		if (comparison) return { text: `${inside(first, binding.sum)} ${comparison} ${inside(second, binding.sum)}`, binding: binding.choice };
		const sign = reductions[op];
		if (sign !== undefined) return reduction(sign, numbersOf(node, 'axis'), shapeBefore(node, nodes).length, first);
		switch (op) {
			case 'neg':
				return { text: `−${inside(first, binding.product)}`, binding: binding.sign };
			case 'abs':
				return atom(`|${first.text}|`);
			case 'square':
				return { text: `${inside(first, binding.atom)}²`, binding: binding.power };
			case 'squaredDifference':
				return { text: `(${inside(first, binding.sum)} − ${inside(second, binding.product)})²`, binding: binding.power };
			case 'pow':
				return { text: `${inside(first, binding.atom)}^${inside(second, binding.atom)}`, binding: binding.power };
			case 'exp':
				return { text: `e^${inside(first, binding.atom)}`, binding: binding.power };
			case 'sqrt':
				return { text: `√${inside(first, binding.atom)}`, binding: binding.power };
			case 'reciprocal':
				return { text: `1 / ${inside(first, binding.sign)}`, binding: binding.product };
			case 'where':
				return { text: `${inside(second, binding.sum)} if ${first.text} else ${inside(third, binding.sum)}`, binding: binding.choice };
			case 'reshape':
			case 'cast':
				return first;
			case 'clipByValue':
				return atom(`clip(${first.text}, ${numberText(Number(attrs['min']))}, ${numberText(Number(attrs['max']))})`);
			case 'slice':
				return atom(`${inside(first, binding.atom)}[${sliceText(node, nodes)}]`);
			case 'maxPool':
			case 'avgPool':
				return atom(`${op}${String(attrs['size'])}(${first.text})`);
			default:
				return atom(`${calls[op] ?? op}(${inputs.map(({ text }) => text).join(', ')})`);
		}
	},
};

/** `class 1`, `row 0…3`: only the axes that are cut. */
function sliceText(node: Parameters<Dialect['operation']>[0], nodes: Parameters<Dialect['operation']>[2]): string {
	const [begin, size, before] = [numbersOf(node, 'begin'), numbersOf(node, 'size'), shapeBefore(node, nodes)];
	return before
		.flatMap((side, axis) => {
			const [from = 0, length = side] = [begin[axis], size[axis]];
			if (length === side) return [];
			return [`${axisNames[axis] ?? axis} ${from}${length === 1 ? '' : `…${from + length - 1}`}`];
		})
		.join(', ');
}

/** Lines of the formula, the last of which begins with `L =`. Throws `GraphError` for a graph that calls a built-in loss. */
export function formulaOf(graph: LossGraph): readonly string[] {
	const { steps, result } = readBack(graph, dialect);
	return [...steps.map(({ name, text }) => `${name} = ${text}`), `L = ${result}`];
}
