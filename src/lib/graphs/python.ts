/** A graph as a Python function, with Keras 3 or with PyTorch. Tensors keep the shape [batch, height, width, channels]. */
import type { GraphNode, LossGraph } from '#lib/core/loss-graph.ts';
import { kerasWords } from './python-keras.ts';
import { torchWords } from './python-torch.ts';
import { atom, binding, inside, numbersOf, numberText, readBack, shapeBefore, type Dialect, type Term } from './read-back.ts';
import { GraphError } from './shapes.ts';

export type PythonLibrary = 'keras' | 'torch';

/** What differs between the libraries: the text of a call out of the texts of its tensors. */
export interface PythonWords {
	readonly imports: readonly string[];
	/** Functions of one tensor, by operation. */
	readonly unary: Readonly<Record<string, (x: string) => string>>;
	readonly binary: Readonly<Record<string, (a: string, b: string) => string>>;
	/** A number as a tensor, where a function takes nothing else. */
	tensor(text: string): string;
	floats(truth: string): string;
	where(condition: string, a: string, b: string): string;
	clip(x: string, min: string, max: string): string;
	reduce(op: string, x: string, axes: readonly number[] | null, keepDims: boolean): string;
	reshape(x: string, shape: readonly number[]): string;
	transpose(x: string, perm: readonly number[]): string;
	concat(list: readonly string[], axis: number): string;
	full(shape: readonly number[], value: string): string;
	array(values: string, shape: readonly number[]): string;
	/** Null where the library has no pooling with the same edges. */
	pool(op: string, x: string, size: number, strides: number, pad: string): string | null;
}

const libraries: Readonly<Record<PythonLibrary, PythonWords>> = { keras: kerasWords, torch: torchWords };

const infix: Readonly<Record<string, readonly [sign: string, at: 1 | 2, symmetric: boolean]>> = {
	add: ['+', binding.sum, true],
	sub: ['-', binding.sum, false],
	mul: ['*', binding.product, true],
	div: ['/', binding.product, false],
};
const comparisons: Readonly<Record<string, string>> = {
	greater: '>',
	greaterEqual: '>=',
	less: '<',
	lessEqual: '<=',
	equal: '==',
	notEqual: '!=',
};
const logic = ['logicalAnd', 'logicalOr', 'logicalNot'];

/** The tuple of axes of a reduction; null for all of them. */
function axesOf(node: GraphNode, nodes: readonly GraphNode[]): readonly number[] | null {
	const axes = numbersOf(node, 'axis');
	return axes.length === shapeBefore(node, nodes).length ? null : axes;
}

function slicing(node: GraphNode, nodes: readonly GraphNode[]): string {
	const [begin, size] = [numbersOf(node, 'begin'), numbersOf(node, 'size')];
	const parts = shapeBefore(node, nodes).map((side, axis) => {
		const [from = 0, length = side] = [begin[axis], size[axis]];
		return length === side ? ':' : `${from}:${from + length}`;
	});
	// Axes before the cut keep whatever sides they have.
	return parts.join(', ');
}

function dialectOf(words: PythonWords): Dialect {
	/** As a number rather than as true or false. */
	const asFloat = (term: Term): Term => (term.truth ? atom(words.floats(term.text)) : term);
	const asTensor = (term: Term): string => (term.number === undefined ? asFloat(term).text : words.tensor(term.text));
	const asTruth = (term: Term): string => (term.truth ? term.text : `${inside(term, binding.sum)} != 0`);

	function infixTerm(op: string, inputs: readonly Term[]): Term | null {
		const [first, second] = inputs.map(asFloat);
		const pair = infix[op];
		if (!pair || !first || !second) return null;
		const [sign, at, symmetric] = pair;
		const tighter = at === binding.sum ? binding.product : binding.sign;
		// Of two numbers one must be a tensor, or functions would be given a plain number.
		const left = first.number !== undefined && second.number !== undefined ? words.tensor(first.text) : inside(first, at);
		return { text: `${left} ${sign} ${inside(second, symmetric ? at : tighter)}`, binding: at };
	}

	function truthTerm(op: string, inputs: readonly Term[]): Term | null {
		const [first = atom(''), second = atom('')] = inputs;
		const comparison = comparisons[op];
		if (comparison) {
			const [a, b] = [asFloat(first), asFloat(second)];
			// Two numbers would be compared before there is a tensor.
			const left = a.number !== undefined && b.number !== undefined ? words.tensor(a.text) : inside(a, binding.sum);
			return { text: `(${left} ${comparison} ${inside(b, binding.sum)})`, binding: binding.atom, truth: true };
		}
		const word = words.binary[op] ?? words.unary[op];
		if (!logic.includes(op) || !word) return null;
		return { ...atom(word(`(${asTruth(first)})`, `(${asTruth(second)})`)), truth: true };
	}

	function shaped(node: GraphNode, x: string, inputs: readonly Term[], nodes: readonly GraphNode[]): string | null {
		const { op, attrs } = node;
		switch (op) {
			case 'reshape':
				return words.reshape(x, node.shape);
			case 'transpose':
				return words.transpose(x, numbersOf(node, 'perm'));
			case 'slice':
				return `${inside(asFloat(inputs[0] ?? atom(x)), binding.atom)}[${slicing(node, nodes)}]`;
			case 'concat':
				return words.concat(inputs.map(asTensor), Number(attrs['axis']));
			case 'maxPool':
			case 'avgPool':
				return words.pool(op, x, Number(attrs['size']), Number(attrs['strides']), String(attrs['pad']));
			default:
				return null;
		}
	}

	function called(node: GraphNode, inputs: readonly Term[], nodes: readonly GraphNode[]): string | null {
		const { op, attrs } = node;
		const [first = atom(''), second = atom(''), third = atom('')] = inputs;
		const x = asTensor(first);
		if (op === 'where') return words.where(asTruth(first), asTensor(second), asTensor(third));
		if (op === 'clipByValue') return words.clip(x, numberText(Number(attrs['min'])), numberText(Number(attrs['max'])));
		if (op === 'cast') return x;
		if (['sum', 'mean', 'max', 'min', 'logSumExp'].includes(op)) {
			// Over no axis nothing is added up.
			const axes = axesOf(node, nodes);
			return shapeBefore(node, nodes).length === 0 ? x : words.reduce(op, x, axes, attrs['keepDims'] === true);
		}
		const unary = words.unary[op];
		if (unary) return unary(x);
		const binary = words.binary[op];
		if (binary) return binary(x, asTensor(second));
		return shaped(node, x, inputs, nodes);
	}

	return {
		nameOf: (index) => `t${index + 1}`,
		constant: ({ attrs, shape }) => {
			const { values } = attrs;
			const list = typeof values === 'object' ? values : [];
			const [only = 0] = list;
			if (shape.length === 0) {
				const text = numberText(only);
				return { text: text.includes('inf') ? `float("${text}")` : text, binding: only < 0 ? binding.sign : binding.atom, number: only };
			}
			if (list.length === 1) return atom(words.full(shape, numberText(only)));
			return atom(words.array(`[${list.map(numberText).join(', ')}]`, shape));
		},
		input: (name) => atom(pythonInputs[name] ?? variableName(name.replace('variable:', ''))),
		operation: (node, inputs, nodes) => {
			const direct = infixTerm(node.op, inputs) ?? truthTerm(node.op, inputs);
			if (direct) return direct;
			if (node.op === 'pow') {
				const [base = atom(''), power = atom('')] = inputs.map(asFloat);
				return { text: `${inside(base, binding.atom)} ** ${inside(power, binding.atom)}`, binding: binding.power };
			}
			if (node.op === 'neg') return { text: `-${inside(asFloat(inputs[0] ?? atom('')), binding.power)}`, binding: binding.sign };
			const text = called(node, inputs, nodes);
			if (text === null) throw new GraphError(`tf.${node.op} has no counterpart here.`);
			return atom(text);
		},
	};
}

const pythonInputs: Readonly<Record<string, string>> = {
	yTrue: 'y_true',
	yPred: 'y_pred',
	logits: 'logits',
	valid: 'valid',
	progress: 'progress',
};

/** The argument for what a loss trains: `0/scale`, of the first term of a sum, gives `term_0_scale`. */
export function variableName(name: string): string {
	const plain = name.replace(/\W+/gu, '_');
	return /^\d/u.test(plain) ? `term_${plain}` : plain;
}

/** A name for Python out of any name: `My Dice 2` gives `my_dice_2`. */
export function pythonName(name: string): string {
	const plain = name
		.normalize('NFKD')
		.replace(/[^\w\s.-]/gu, '')
		.trim()
		.replace(/[\s.-]+/gu, '_')
		.toLowerCase();
	return /^[a-z_]/u.test(plain) ? plain : `loss_${plain}`;
}

/** True where sides of tensors are written as numbers. */
function isOfOneShape({ nodes }: LossGraph): boolean {
	return nodes.some(({ op, shape }) => (op === 'reshape' && shape.length > 0) || (op === 'constant' && shape.some((side) => side > 1)));
}

export interface PythonCode {
	/** Lines to stand at the head of the file. */
	readonly imports: readonly string[];
	/** The function, ending with a line break. */
	readonly code: string;
}

/**
 * The loss as a function `name(y_true, y_pred, …)` of one number.
 * @param about one line for its docstring
 * @throws GraphError for a step that the library has no counterpart for
 */
export function pythonOf(
	graph: LossGraph,
	library: PythonLibrary,
	{ name, about }: { readonly name: string; readonly about: string },
): PythonCode {
	const words = libraries[library];
	const { steps, result, inputs } = readBack(graph, dialectOf(words));
	const learned = Object.entries(graph.variables).filter(([key]) => inputs.includes(`variable:${key}`));
	const given = [
		'y_true',
		'y_pred',
		...(inputs.includes('logits') ? ['logits'] : []),
		...learned.map(([key]) => variableName(key)),
		...(inputs.includes('progress') ? ['progress=0.0'] : []),
		...(inputs.includes('valid') ? ['valid=None'] : []),
	];
	const notes = [
		...(inputs.includes('logits') ? ['logits: y_pred before the activation.'] : []),
		...(learned.length > 0
			? [`Trained beside the net, from: ${learned.map(([key, value]) => `${variableName(key)} = ${numberText(value)}`).join(', ')}.`]
			: []),
		...(inputs.includes('progress') ? ['progress: 0 at the first step of the run, 1 at the last.'] : []),
		...(isOfOneShape(graph)
			? [
					`Recorded for the shape (${graph.nodes.find(({ attrs }) => attrs['name'] === 'yTrue')?.shape.join(', ') ?? ''}): other sizes need other numbers.`,
				]
			: []),
		...(inputs.includes('valid') ? ['valid: [batch, height, width, 1], 1 where a pixel counts.'] : []),
	];
	const body = [
		...(inputs.includes('valid') ? ['if valid is None:', `    valid = ${words.unary['onesLike']?.('y_true[..., :1]') ?? ''}`] : []),
		...steps.map(({ name: step, text }) => `${step} = ${text}`),
		`return ${result}`,
	];
	const summary = `"""${about.replace(/["\\]/gu, '')}`;
	const docstring = notes.length === 0 ? [`${summary}"""`] : [summary, '', ...notes, '"""'];
	const signature = `def ${pythonName(name)}(${given.join(', ')}):`;
	return {
		imports: words.imports,
		code: `${[signature, ...[...docstring, ...body].map((line) => (line === '' ? '' : `    ${line}`))].join('\n')}\n`,
	};
}

/** The same as the text of a whole file. Throws as `pythonOf`. */
export function pythonFile(...given: Parameters<typeof pythonOf>): string {
	const { imports, code } = pythonOf(...given);
	return `${imports.join('\n')}\n\n\n${code}`;
}
