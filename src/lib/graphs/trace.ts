/** Runs loss code against a recorder and makes a graph of it that can be trained. */
import type { GraphInput, LossGraph } from '#lib/core/loss-graph.ts';
import { operations } from './ops.ts';
import { inKind, Recorder, Traced, type BuiltIns } from './recorder.ts';
import { GraphError, inWords, type Shape } from './shapes.ts';

/** Parameter values by name, as the constructor of a loss class takes them. */
export type CodeValues = Readonly<Record<string, number | boolean | string>>;

export interface TraceRequest {
	/** [B, H, W, C] */
	readonly shape: readonly [number, number, number, number];
	readonly values: CodeValues;
	readonly builtIns: BuiltIns;
}

export interface Trace {
	readonly graph: LossGraph;
	/** What trains, but perhaps not as meant: each with its line. */
	readonly warnings: readonly { readonly line: number; readonly text: string }[];
}

/** What code is handed; it returns a function of (yTrue, yPred, extras) or a class with `call`. */
export type LossCode = (tf: object, losses: object, Loss: unknown) => unknown;

const reductions = ['sum_over_batch_size', 'mean', 'sum'] as const;

/** Base class of losses in the style of Keras. */
function baseClass(recorder: Recorder): unknown {
	return class Loss {
		/** A scalar that is trained beside the net. */
		addWeight({ name = '', initial = 0 }: { name?: string; initial?: number } = {}): Traced {
			return recorder.variable(name, initial);
		}
	};
}

type LossFunction = (...given: readonly [yTrue: Traced, yPred: Traced, extras: object]) => unknown;

function isCallable(value: unknown): value is (...args: readonly unknown[]) => unknown {
	return typeof value === 'function';
}

const isClass = (made: (...args: readonly unknown[]) => unknown): boolean => /^class\b/u.test(Function.prototype.toString.call(made));

/** The function to record, and the reduction that a class asks for. */
function lossFunction(made: unknown, values: CodeValues): { readonly call: LossFunction; readonly reduction: string } {
	if (!isCallable(made)) {
		throw new GraphError(
			`The code ends with ${inKind(made)}. It must end with a function (yTrue, yPred) => … or a class with call(yTrue, yPred).`,
		);
	}
	if (!isClass(made)) return { call: made, reduction: 'sum_over_batch_size' };
	const instance: unknown = Reflect.construct(made, [values]);
	if (typeof instance !== 'object' || instance === null || !('call' in instance) || !isCallable(instance.call)) {
		throw new GraphError('The class lacks a method call(yTrue, yPred).');
	}
	const { call } = instance;
	const wanted = 'reduction' in instance ? instance.reduction : 'sum_over_batch_size';
	const reduction = reductions.find((known) => known === wanted);
	if (reduction === undefined) {
		throw new GraphError(`reduction must be ${reductions.map((name) => `'${name}'`).join(', ')}: training needs one number.`);
	}
	return { call: (...given): unknown => Reflect.apply(call, instance, given), reduction };
}

/** Keras' rule: what is no scalar is averaged, ignored pixels left out; `sum` adds up. */
function reduce(recorder: Recorder, result: Traced, reduction: string, shapes: Readonly<Record<GraphInput, Shape>>): Traced {
	const op = (name: string, tensors: unknown[], rest?: Record<string, unknown>) => recorder.operation(name, tensors, rest);
	if (result.rank === 0) return result;
	const valid = shapes.valid;
	const perPixel = valid.slice(0, 3).every((side, axis) => side === result.shape[axis]) && (result.rank === 3 || result.rank === 4);
	if (!perPixel) return op(reduction === 'sum' ? 'sum' : 'mean', [result]);
	const mask = recorder.input('valid', valid);
	const kept = result.rank === 3 ? op('reshape', [mask], { shape: [...valid.slice(0, 3)] }) : mask;
	const sum = op('sum', [op('mul', [result, kept])]);
	if (reduction === 'sum') return sum;
	const channels = result.rank === 4 ? (result.shape[3] ?? 1) : 1;
	return op('divNoNan', [sum, op('mul', [op('sum', [mask]), channels])]);
}

/** A result that can be trained on, or the reason why not. */
function checkResult(result: unknown): Traced {
	if (result instanceof Traced) {
		if (result.isTruth)
			throw new GraphError('The loss returns true and false. They have no gradient; tf.where(condition, a, b) chooses between numbers.');
		return result;
	}
	if (result === undefined) throw new GraphError('The function returns nothing: does it lack a return?');
	if (typeof result === 'number') throw new GraphError(`The loss returns the number ${result}, which is no tensor and depends on nothing.`);
	if (result instanceof Promise) throw new GraphError('The function is async. A loss is recorded in one go: take away async and await.');
	throw new GraphError(`The loss returns ${inKind(result)}, not a tensor.`);
}

/** Which nodes depend on what is trained: by a slope, and at all. */
function dependence({ nodes }: Recorder): { readonly smooth: boolean[]; readonly any: boolean[] } {
	const smooth: boolean[] = [];
	const any: boolean[] = [];
	for (const { op, inputs, attrs } of nodes) {
		const isSource = op === 'builtIn' || (op === 'input' && !['yTrue', 'valid', 'progress'].includes(String(attrs['name'])));
		// The condition of a choice passes no slope.
		const passing = op === 'where' ? inputs.slice(1) : inputs;
		any.push(isSource || inputs.some((place) => any[place]));
		smooth.push(isSource || (operations[op]?.gradient === 'yes' && passing.some((place) => smooth[place])));
	}
	return { smooth, any };
}

/** Throws where no slope reaches the prediction; lists where one is lost on the way. */
function checkGradient(recorder: Recorder, output: Traced): Trace['warnings'] {
	const { smooth, any } = dependence(recorder);
	const cuts = recorder.nodes.filter(({ op, inputs }) => operations[op]?.gradient === 'none' && inputs.some((place) => smooth[place]));
	const steps = cuts.filter(({ op }) => op !== 'stopGradient' && op !== 'onesLike' && op !== 'zerosLike');
	if (any[output.place] !== true) throw new GraphError('The loss does not depend on yPred, so there is nothing to train.');
	if (smooth[output.place] !== true) {
		const names = [
			...new Set((steps.length > 0 ? steps : cuts).map(({ op, line }) => `tf.${op}${line > 0 ? ` (line ${line})` : ''}`)),
		].join(', ');
		throw new GraphError(
			`No gradient reaches yPred: ${names} has none. Use the probabilities themselves instead of rounding or comparing them.`,
		);
	}
	return steps.map(({ op, line }) => ({
		line,
		text: `tf.${op} has no gradient: what goes through it counts in the value and trains nothing.`,
	}));
}

/**
 * Records a loss.
 * @throws GraphError for code that cannot be recorded or trained, in words; whatever the code itself throws comes through
 */
export function traceLoss(code: LossCode, { shape, values, builtIns }: TraceRequest, lineOf?: () => number): Trace {
	const [batch, height, width] = shape;
	const shapes: Record<GraphInput, Shape> = { yTrue: shape, yPred: shape, logits: shape, valid: [batch, height, width, 1], progress: [] };
	const recorder = new Recorder(builtIns, lineOf);
	const yTrue = recorder.input('yTrue', shape);
	const yPred = recorder.input('yPred', shape);
	const { call, reduction } = lossFunction(code(recorder.tf(), recorder.losses(), baseClass(recorder)), values);
	const result = checkResult(call(yTrue, yPred, recorder.extras(shapes)));
	const output = reduce(recorder, result, reduction, shapes);
	if (output.rank !== 0) throw new GraphError(`The loss ends with the shape ${inWords(output.shape)} instead of one number.`);
	const warnings = checkGradient(recorder, output);
	return { graph: { nodes: recorder.nodes, output: output.place, variables: recorder.variables }, warnings };
}
