/** A graph read back as text that people read: one line a step, what is used once written where it is used. Pure. */
import type { GraphNode, LossGraph } from '#lib/core/loss-graph.ts';
import { GraphError } from './shapes.ts';

/** How tightly a text holds together: what stands inside a tighter one needs brackets. */
export const binding = { choice: 0, sum: 1, product: 2, sign: 3, power: 4, atom: 5 } as const;
type Binding = (typeof binding)[keyof typeof binding];

export interface Term {
	readonly text: string;
	readonly binding: Binding;
	/** It holds true and false. */
	readonly truth?: boolean;
	/** It is a plain number, known beforehand. */
	readonly number?: number;
}

export const atom = (text: string): Term => ({ text, binding: binding.atom });

/** The text, in brackets where it holds together less tightly than `least`. */
export function inside({ text, binding: own }: Term, least: Binding): string {
	return own < least ? `(${text})` : text;
}

/** A language that graphs are written in. */
export interface Dialect {
	/** Name of the step at `index`, from 0. */
	nameOf(index: number): string;
	constant(node: GraphNode): Term;
	input(name: string): Term;
	/** Throws `GraphError` for what the language has no words for. */
	operation(node: GraphNode, inputs: readonly Term[], nodes: readonly GraphNode[]): Term;
}

export interface Written {
	/** Steps in order. */
	readonly steps: readonly { readonly name: string; readonly text: string }[];
	readonly result: string;
	/** Names of the inputs that it needs. */
	readonly inputs: readonly string[];
}

/** Longest text that is written into another. */
const longest = 72;

/** How often each node is used by what the output needs. */
function usesOf({ nodes, output }: LossGraph): readonly number[] {
	const uses = nodes.map(() => 0);
	const visit = (place: number): void => {
		uses[place] = (uses[place] ?? 0) + 1;
		if (uses[place] > 1) return;
		for (const input of nodes[place]?.inputs ?? []) visit(input);
	};
	visit(output);
	return uses;
}

/** Writes the graph. Nodes that the output does not need are left out. */
export function readBack(graph: LossGraph, dialect: Dialect): Written {
	const uses = usesOf(graph);
	const terms: (Term | undefined)[] = [];
	const steps: { name: string; text: string }[] = [];
	const inputs = new Set<string>();
	graph.nodes.forEach((node, place) => {
		if (!uses[place]) return;
		const term = termOf(node);
		const isPlain = node.op === 'input' || term.number !== undefined;
		const isStep = !isPlain && place !== graph.output && ((uses[place] > 1 && term.text.length > 3) || term.text.length > longest);
		if (!isStep) {
			terms[place] = term;
			return;
		}
		const name = dialect.nameOf(steps.length);
		steps.push({ name, text: term.text });
		terms[place] = { ...atom(name), ...(term.truth ? { truth: true } : {}) };
	});
	return { steps, result: terms[graph.output]?.text ?? '', inputs: [...inputs] };

	function termOf(node: GraphNode): Term {
		if (node.op === 'constant') return dialect.constant(node);
		if (node.op === 'builtIn') throw new GraphError(`It calls the built-in loss ${String(node.attrs['loss'])}.`);
		if (node.op === 'input') {
			const name = String(node.attrs['name']);
			inputs.add(name);
			return dialect.input(name);
		}
		const given = node.inputs.map((place) => terms[place]);
		if (given.some((term) => term === undefined)) throw new GraphError('A step comes before what it needs.');
		return dialect.operation(
			node,
			given.flatMap((term) => term ?? []),
			graph.nodes,
		);
	}
}

/** `1`, `0.7`, `1e-7`: the shortest text that a float32 is told by. */
export function numberText(value: number): string {
	if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
	for (let digits = 1; digits <= 9; digits++) {
		const text = String(Number(value.toPrecision(digits)));
		if (Math.fround(Number(text)) === Math.fround(value)) return text;
	}
	return String(value);
}

/** Sides of a node's first input. */
export function shapeBefore(node: GraphNode, nodes: readonly GraphNode[]): readonly number[] {
	return nodes[node.inputs[0] ?? -1]?.shape ?? [];
}

export const numbersOf = (node: GraphNode, name: string): readonly number[] => {
	const value = node.attrs[name];
	return typeof value === 'object' ? value : typeof value === 'number' ? [value] : [];
};
