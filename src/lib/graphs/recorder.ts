/**
 * A `tf` that computes nothing: it writes down what is asked of it. Loss code runs against it once per shape, and what is left is a
 * graph. Tensors have a shape and no values, so code that looks at a value says so instead of going wrong.
 */
import { graphInputs, type GraphInput, type GraphNode } from '#lib/core/loss-graph.ts';
import { operations, refused, type Attr, type Attrs } from './ops.ts';
import { GraphError, inWords, reshaped, sizeOf, type Shape } from './shapes.ts';

/** Most numbers in one constant that is spelled out. */
const mostConstants = 65_536;

/** Losses of the shelf that code may call, with the names of their parameters. */
export type BuiltIns = Readonly<Record<string, readonly string[]>>;

/** What stands for a tensor while a loss is traced. */
export class Traced {
	readonly place: number;
	readonly shape: Shape;
	readonly isTruth: boolean;

	constructor(place: number, shape: Shape, isTruth = false) {
		this.place = place;
		this.shape = shape;
		this.isTruth = isTruth;
	}

	get rank(): number {
		return this.shape.length;
	}

	get size(): number {
		return sizeOf(this.shape);
	}

	get dtype(): string {
		return this.isTruth ? 'bool' : 'float32';
	}

	/** `tensor > 0` and `${tensor}` ask for a value that is not there. */
	[Symbol.toPrimitive](): never {
		throw new GraphError(
			'A tensor has no value yet while the loss is recorded, so JavaScript cannot compare or add it. Write tf.greater, tf.add, … and choose with tf.where(condition, a, b).',
		);
	}
}

const readers = ['dataSync', 'data', 'arraySync', 'array', 'bytes', 'print', 'toString'];

/** Numbers in nested lists, with their shape. */
function spread(value: unknown): { readonly values: number[]; readonly shape: number[] } {
	if (typeof value === 'number') return { values: [value], shape: [] };
	if (typeof value === 'boolean') return { values: [value ? 1 : 0], shape: [] };
	if (value instanceof Float32Array || value instanceof Float64Array || value instanceof Int32Array) return spread([...value]);
	if (!Array.isArray(value)) throw new GraphError(`Expected a tensor or a number, not ${inKind(value)}.`);
	const parts = value.map((part: unknown) => spread(part));
	const [first] = parts;
	if (parts.some((part) => inWords(part.shape) !== inWords(first?.shape ?? [])))
		throw new GraphError('A list of numbers has rows of different lengths.');
	return { values: parts.flatMap((part) => part.values), shape: [value.length, ...(first?.shape ?? [])] };
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** What a value is, for people. */
export function inKind(value: unknown): string {
	if (value === undefined) return 'undefined';
	if (value === null) return 'null';
	if (typeof value === 'function') return 'a function';
	if (typeof value === 'object') return 'an object';
	return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
		? `the ${typeof value} ${value}`
		: `a ${typeof value}`;
}

/** Arguments of `slice`, `reshape` and the like as attributes. */
function asAttr(name: string, value: unknown): Attr | undefined {
	if (value === undefined || value === null) return undefined;
	if (value instanceof Traced) throw new GraphError(`${name} must be a number that is known beforehand, not a tensor.`);
	if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
	return spread(value).values;
}

export class Recorder {
	readonly nodes: GraphNode[] = [];
	readonly variables: Record<string, number> = {};
	readonly #lineOf: () => number;
	readonly #inputs = new Map<string, Traced>();
	readonly #builtIns: BuiltIns;
	/** Stands between a tensor and its class, with the methods. */
	#methods: Traced | undefined;

	/** @param lineOf the line of the code that is being run, from 1 on; 0 where it is not known */
	constructor(builtIns: BuiltIns, lineOf: () => number = () => 0) {
		this.#builtIns = builtIns;
		this.#lineOf = lineOf;
	}

	#push(op: string, inputs: readonly Traced[], attrs: Attrs, shape: Shape, isTruth = false): Traced {
		const plain = Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]));
		this.nodes.push({ op, inputs: inputs.map(({ place }) => place), attrs: plain, shape: [...shape], line: this.#lineOf() });
		return this.#wrap(new Traced(this.nodes.length - 1, shape, isTruth));
	}

	/** A tensor with the methods that TensorFlow.js chains. */
	#wrap(traced: Traced): Traced {
		this.#methods ??= this.#makeMethods();
		Object.setPrototypeOf(traced, this.#methods);
		return traced;
	}

	#makeMethods(): Traced {
		const methods = new Traced(-1, []);
		for (const name of readers) {
			const value = () => {
				throw new GraphError(`${name}() reads numbers that are not there while the loss is recorded. Compute with tensors to the end.`);
			};
			Object.defineProperty(methods, name, { value });
		}
		for (const [name, make] of Object.entries(this.#functions())) {
			const value = function (this: Traced, ...rest: unknown[]): unknown {
				return make(this, ...rest);
			};
			Object.defineProperty(methods, name, { value });
		}
		return methods;
	}

	/** One of the things that a loss is given; asked for twice it is the same. */
	input(name: GraphInput, shape: Shape): Traced {
		const known = this.#inputs.get(name) ?? this.#push('input', [], { name }, shape);
		this.#inputs.set(name, known);
		return known;
	}

	/** A scalar that the loss trains; in a weighted sum its name begins with the place of its term, as in `0/alpha`. */
	variable(name: string, initial: number): Traced {
		if (!/^(?:\d+\/)*[A-Za-z]\w{0,39}$/u.test(name))
			throw new GraphError(`A weight needs a name of letters and digits, not ${inKind(name)}.`);
		if (name in this.variables) throw new GraphError(`There is a weight called ${name} already.`);
		if (!Number.isFinite(initial)) throw new GraphError(`The weight ${name} needs a number to start from.`);
		this.variables[name] = initial;
		return this.#push('input', [], { name: `variable:${name}` }, []);
	}

	/** A constant, or the tensor that it is already. */
	tensor(value: unknown, wanted?: readonly number[]): Traced {
		if (value instanceof Traced) return value;
		const { values, shape } = spread(value);
		if (values.length > mostConstants) throw new GraphError(`A constant may have ${mostConstants} numbers; this one has ${values.length}.`);
		if (values.some((number) => typeof number !== 'number' || Number.isNaN(number)))
			throw new GraphError('A constant has something in it that is no number.');
		const fits = wanted === undefined ? shape : reshaped(shape, wanted);
		return this.#push('constant', [], { values }, fits);
	}

	/** The same number everywhere. */
	fill(shape: unknown, value: number): Traced {
		return this.#push('constant', [], { values: [value] }, spread(shape).values);
	}

	/** Records an operation of the shelf. */
	operation(name: string, tensors: readonly unknown[], rest: Readonly<Record<string, unknown>> = {}): Traced {
		const op = operations[name];
		if (!op) throw new GraphError(`tf.${name} is not known.`);
		const inputs = tensors.map((tensor) => this.tensor(tensor));
		const given = Object.entries(rest).flatMap(([key, value]) => {
			const attr = asAttr(key, value);
			return attr === undefined ? [] : [[key, attr] as const];
		});
		const { shape, attrs } = op.resolve(
			inputs.map((input) => input.shape),
			Object.fromEntries(given),
		);
		return this.#push(name, inputs, attrs, shape, op.truth === true);
	}

	/** A loss of the shelf on what the code was given. */
	builtIn(id: string, yTrue: unknown, yPred: unknown, values: Readonly<Record<string, unknown>>): Traced {
		const names = this.#builtIns[id] ?? [];
		if (yTrue !== this.#inputs.get('yTrue') || yPred !== this.#inputs.get('yPred')) {
			throw new GraphError(
				`losses.${id} judges the prediction itself: call it as losses.${id}(yTrue, yPred) with the unchanged arguments.`,
			);
		}
		const given = Object.entries(values).map(([name, value]) => {
			if (!names.includes(name)) throw new GraphError(`losses.${id} has no parameter ${name}; it has ${names.join(', ') || 'none'}.`);
			const attr = asAttr(name, value);
			if (attr === undefined || typeof attr === 'object')
				throw new GraphError(`${name} of losses.${id} must be a number, text or true or false.`);
			return [`value:${name}`, attr] as const;
		});
		return this.#push('builtIn', [], { loss: id, ...Object.fromEntries(given) }, []);
	}

	/** Every function that takes a tensor first: those of the shelf, and what they are composed to. */
	#functions(): Record<string, (x: unknown, ...rest: unknown[]) => unknown> {
		const fromShelf = Object.entries(operations).map(([name, { tensors, rest: names }]) => {
			const call = (...args: unknown[]): Traced => {
				if (tensors === Infinity) {
					const [head, next, ...rest] = args;
					// `a.concat(b, axis)` as well as `tf.concat([a, b], axis)`.
					if (isList(head)) return this.operation(name, head, named(names, [next, ...rest]));
					return this.operation(name, [head, ...(isList(next) ? next : [next])], named(names, rest));
				}
				if (args.length < tensors) throw new GraphError(`tf.${name} needs ${tensors} tensors and got ${args.length}.`);
				return this.operation(name, args.slice(0, tensors), named(names, args.slice(tensors)));
			};
			return [name, call] as const;
		});
		return { ...Object.fromEntries(fromShelf), ...this.#composed() };
	}

	#composed(): Record<string, (x: unknown, ...rest: unknown[]) => unknown> {
		const op = (name: string, tensors: unknown[], rest?: Record<string, unknown>) => this.operation(name, tensors, rest);
		const shapeOf = (x: unknown): Shape => this.tensor(x).shape;
		return {
			flatten: (x) => op('reshape', [x], { shape: [sizeOf(shapeOf(x))] }),
			asScalar: (x) => op('reshape', [x], { shape: [] }),
			toFloat: (x) => op('cast', [x], { dtype: 'float32' }),
			clone: (x) => this.tensor(x),
			expandDims: (x, axis = 0) => op('reshape', [x], { shape: insertedAt(shapeOf(x), Number(axis)) }),
			squeeze: (x, axes) => op('reshape', [x], { shape: squeezed(shapeOf(x), axes === undefined ? undefined : spread(axes).values) }),
			stack: (list, axis = 0) => {
				const tensors = isList(list) ? list.map((part) => this.tensor(part)) : [];
				const raised = tensors.map((part) => op('reshape', [part], { shape: insertedAt(part.shape, Number(axis)) }));
				return op('concat', raised, { axis });
			},
			...Object.fromEntries(
				['slice1d', 'slice2d', 'slice3d', 'slice4d'].map((name) => [
					name,
					(x: unknown, begin: unknown, size: unknown) => op('slice', [x], { begin, size }),
				]),
			),
			split: (x, parts, axis = 0) => this.#split(this.tensor(x), parts, Number(axis)),
			addN: (list) => (isList(list) ? list : []).reduce((sum, part) => op('add', [sum, part])),
			dot: (a, b) => op('matMul', [a, b]),
			variance: (x, axis, keepDims) => {
				const distance = op('sub', [x, op('mean', [x], { axis, keepDims: true })]);
				return op('mean', [op('square', [distance])], { axis, keepDims });
			},
		};
	}

	/** So many equal parts, or parts of these sizes, along an axis. */
	#split(x: Traced, parts: unknown, axis: number): Traced[] {
		const along = axis < 0 ? axis + x.rank : axis;
		const side = x.shape[along] ?? 0;
		const sizes = typeof parts === 'number' ? Array.from({ length: parts }, () => side / parts) : spread(parts).values;
		if (sizes.some((size) => !Number.isInteger(size)) || sizes.reduce((sum, size) => sum + size, 0) !== side)
			throw new GraphError(`tf.split cannot cut ${inWords(x.shape)} into these parts along axis ${axis}.`);
		return sizes.map((size, place) => {
			const from = sizes.slice(0, place).reduce((sum, before) => sum + before, 0);
			const begin = x.shape.map((_, at) => (at === along ? from : 0));
			return this.operation('slice', [x], { begin, size: x.shape.map((whole, at) => (at === along ? size : whole)) });
		});
	}

	/** What loss code sees as `tf`. */
	tf(): object {
		const functions: Record<string, unknown> = {
			...this.#functions(),
			scalar: (value: unknown) => this.tensor(value),
			tensor: (value: unknown, shape?: number[]) => this.tensor(value, shape),
			tensor1d: (value: unknown) => this.tensor(value),
			tensor2d: (value: unknown, shape?: number[]) => this.tensor(value, shape),
			tensor3d: (value: unknown, shape?: number[]) => this.tensor(value, shape),
			tensor4d: (value: unknown, shape?: number[]) => this.tensor(value, shape),
			ones: (shape: unknown) => this.fill(shape, 1),
			zeros: (shape: unknown) => this.fill(shape, 0),
			fill: (shape: unknown, value: number) => this.fill(shape, value),
			range: (start: number, stop: number, step = 1) =>
				this.tensor(Array.from({ length: Math.max(0, Math.ceil((stop - start) / step)) }, (_, index) => start + index * step)),
			// Nothing is held while a loss is recorded, so nothing need be freed.
			tidy: (given: unknown, inner?: unknown) => {
				const run = typeof given === 'function' ? given : inner;
				const result: unknown = typeof run === 'function' ? Reflect.apply(run, undefined, []) : undefined;
				return result;
			},
			keep: (value: unknown) => value,
			dispose: () => undefined,
		};
		return closed('tf', functions, (name) => {
			const reason = refused[name];
			if (reason !== undefined) return `tf.${name} cannot be used in a loss: ${reason}.`;
			return `tf.${name} is not among the operations of a loss. There are: ${Object.keys(functions).sort().join(', ')}.`;
		});
	}

	/** What loss code sees as `losses`. */
	losses(): object {
		const functions = Object.keys(this.#builtIns).map((id) => {
			const call = (yTrue: unknown, yPred: unknown, values: Record<string, unknown> = {}) => this.builtIn(id, yTrue, yPred, values);
			return [id, call] as const;
		});
		return closed('losses', Object.fromEntries(functions), (name) => `losses.${name} is not a built-in loss that code can call.`);
	}

	/** The arguments that are asked for by name. */
	extras(shapes: Readonly<Record<GraphInput, Shape>>): object {
		const extras = {};
		for (const name of graphInputs.slice(2)) {
			Object.defineProperty(extras, name, { enumerable: true, get: () => this.input(name, shapes[name]) });
		}
		return extras;
	}
}

/** An object whose missing names say what is wrong. */
function closed(what: string, entries: Readonly<Record<string, unknown>>, missing: (name: string) => string): object {
	return new Proxy(Object.freeze({ ...entries }), {
		get(target, name) {
			if (typeof name === 'symbol') return undefined;
			if (Object.hasOwn(target, name)) return target[name];
			throw new GraphError(missing(name));
		},
		set() {
			throw new GraphError(`${what} cannot be changed.`);
		},
	});
}

/** Arguments by name: in order, or as one object. */
function named(names: readonly string[], args: readonly unknown[]): Record<string, unknown> {
	return Object.fromEntries(names.map((name, place) => [name, args[place]]));
}

function insertedAt(shape: Shape, axis: number): number[] {
	const place = axis < 0 ? axis + shape.length + 1 : axis;
	if (!Number.isInteger(place) || place < 0 || place > shape.length)
		throw new GraphError(`tf.expandDims has no axis ${axis} for ${inWords(shape)}.`);
	return [...shape.slice(0, place), 1, ...shape.slice(place)];
}

function squeezed(shape: Shape, axes: readonly number[] | undefined): number[] {
	const gone = axes?.map((axis) => (axis < 0 ? axis + shape.length : axis)) ?? shape.flatMap((side, axis) => (side === 1 ? [axis] : []));
	if (gone.some((axis) => shape[axis] !== 1))
		throw new GraphError(`tf.squeeze takes away sides of 1 only; the shape is ${inWords(shape)}.`);
	return shape.filter((_, axis) => !gone.includes(axis));
}
