/**
 * The shelf of operations that a loss of one's own may use: for each its result's shape, whether a gradient passes, and how it is run.
 * `tf` arrives as an argument, so that the page can read the shelf without TensorFlow.js.
 */
import type * as tfjs from '@tensorflow/tfjs-core';
import { axesOf, broadcast, concatenated, GraphError, multiplied, pooled, reduced, reshaped, sliced, type Shape } from './shapes.ts';

type Tf = typeof tfjs;
type Tensor = tfjs.Tensor;
export type Attr = number | boolean | string | readonly number[];
export type Attrs = Readonly<Record<string, Attr>>;

export interface Operation {
	/** Arguments that are tensors; Infinity for a list. */
	readonly tensors: number;
	/** Names of the other arguments, in order. */
	readonly rest: readonly string[];
	/** `none` where the result has steps only: no gradient reaches the inputs. */
	readonly gradient: 'yes' | 'none';
	/** The result holds true and false. */
	readonly truth?: boolean;
	/** Throws `GraphError` for shapes that do not fit. Fills in what was left out. */
	resolve(shapes: readonly Shape[], attrs: Attrs): { readonly shape: Shape; readonly attrs: Attrs };
	run(tf: Tf, inputs: readonly Tensor[], attrs: Attrs): Tensor;
}

const first = <T>(list: readonly T[]): T => at(list, 0);
function at<T>(list: readonly T[], place: number): T {
	const value = list[place];
	if (value === undefined) throw new GraphError('An operation lacks a tensor.');
	return value;
}

const numberOf = (attrs: Attrs, name: string, fallback?: number): number => {
	const value = attrs[name] ?? fallback;
	if (typeof value !== 'number' || Number.isNaN(value)) throw new GraphError(`${name} must be a number.`);
	return value;
};
const numbersOf = (attrs: Attrs, name: string): number[] => {
	const value = attrs[name];
	if (typeof value === 'number') return [value];
	if (typeof value !== 'object') throw new GraphError(`${name} must be a list of numbers.`);
	return [...value];
};
const optionalNumbers = (attrs: Attrs, name: string): number[] | undefined =>
	attrs[name] === undefined ? undefined : numbersOf(attrs, name);

type Unary = (tf: Tf, x: Tensor) => Tensor;
type Binary = (tf: Tf, a: Tensor, b: Tensor) => Tensor;

const unary = (run: Unary, gradient: Operation['gradient'] = 'yes'): Operation => ({
	tensors: 1,
	rest: [],
	gradient,
	resolve: (shapes) => ({ shape: first(shapes), attrs: {} }),
	run: (tf, inputs) => run(tf, first(inputs)),
});

const binary = (op: string, run: Binary, kind: Pick<Operation, 'gradient' | 'truth'> = { gradient: 'yes' }): Operation => ({
	tensors: 2,
	rest: [],
	...kind,
	resolve: (shapes) => ({ shape: broadcast(op, at(shapes, 0), at(shapes, 1)), attrs: {} }),
	run: (tf, inputs) => run(tf, at(inputs, 0), at(inputs, 1)),
});

/** TensorFlow.js stops at operations without a gradient, even where a choice needs none: here it is 0. */
function withoutSlope(tf: Tf, inputs: readonly Tensor[], run: () => Tensor): Tensor {
	const wrapped = tf.customGrad(() => ({ value: run(), gradFunc: () => inputs.map((input) => tf.zerosLike(input)) }));
	return wrapped(...inputs);
}

const comparison = (op: string, run: Binary): Operation => ({
	...binary(op, run, { gradient: 'none', truth: true }),
	run: (tf, inputs) => withoutSlope(tf, inputs, () => run(tf, at(inputs, 0), at(inputs, 1))),
});

const reduction = (op: string, run: (tf: Tf, x: Tensor, axes: number[], keepDims: boolean) => Tensor): Operation => ({
	tensors: 1,
	rest: ['axis', 'keepDims'],
	gradient: 'yes',
	resolve: (shapes, attrs) => {
		const axes = axesOf(op, first(shapes), optionalNumbers(attrs, 'axis'));
		const keepDims = attrs['keepDims'] === true;
		return { shape: reduced(first(shapes), axes, keepDims), attrs: { axis: axes, keepDims } };
	},
	run: (tf, inputs, attrs) => run(tf, first(inputs), numbersOf(attrs, 'axis'), attrs['keepDims'] === true),
});

const overLastAxis = (op: string, run: Unary): Operation => ({
	...unary(run),
	rest: ['dim'],
	resolve: (shapes, attrs) => {
		const shape = first(shapes);
		const [axis = 0] = axesOf(op, shape, [numberOf(attrs, 'dim', -1)]);
		if (axis !== shape.length - 1) throw new GraphError(`tf.${op} works along the last axis only.`);
		return { shape, attrs: {} };
	},
});

const pool = (op: string, run: (tf: Tf, x: tfjs.Tensor4D, size: number, strides: number, pad: 'same' | 'valid') => Tensor): Operation => ({
	tensors: 1,
	rest: ['size', 'strides', 'pad'],
	gradient: 'yes',
	resolve: (shapes, attrs) => {
		const size = numberOf(attrs, 'size');
		const strides = numberOf(attrs, 'strides', 1);
		const pad = attrs['pad'] ?? 'same';
		if (pad !== 'same' && pad !== 'valid') throw new GraphError(`tf.${op} pads 'same' or 'valid'.`);
		return { shape: pooled(op, first(shapes), size, strides, pad), attrs: { size, strides, pad } };
	},
	run: (tf, inputs, attrs) => {
		const pad = attrs['pad'] === 'valid' ? 'valid' : 'same';
		return run(
			tf,
			tf.reshape<tfjs.Rank.R4>(first(inputs), [...fourSides(first(inputs).shape)]),
			numberOf(attrs, 'size'),
			numberOf(attrs, 'strides'),
			pad,
		);
	},
});

function fourSides(shape: Shape): [number, number, number, number] {
	return [at(shape, 0), at(shape, 1), at(shape, 2), at(shape, 3)];
}

const float = (tf: Tf, x: Tensor): Tensor => tf.cast(x, 'float32');
/** True for what is not 0. A cast to `bool` cuts fractions off on WebAssembly. */
const truth = (tf: Tf, x: Tensor): Tensor => (x.dtype === 'bool' ? x : withoutSlope(tf, [x], () => tf.notEqual(x, 0)));

/** By the names of TensorFlow.js, which are those of its documentation. */
export const operations: Readonly<Record<string, Operation>> = {
	abs: unary((tf, x) => tf.abs(x)),
	neg: unary((tf, x) => tf.neg(x)),
	exp: unary((tf, x) => tf.exp(x)),
	expm1: unary((tf, x) => tf.expm1(x)),
	log: unary((tf, x) => tf.log(x)),
	log1p: unary((tf, x) => tf.log1p(x)),
	sqrt: unary((tf, x) => tf.sqrt(x)),
	rsqrt: unary((tf, x) => tf.rsqrt(x)),
	square: unary((tf, x) => tf.square(x)),
	reciprocal: unary((tf, x) => tf.reciprocal(x)),
	sin: unary((tf, x) => tf.sin(x)),
	cos: unary((tf, x) => tf.cos(x)),
	atan: unary((tf, x) => tf.atan(x)),
	tanh: unary((tf, x) => tf.tanh(x)),
	cosh: unary((tf, x) => tf.cosh(x)),
	sinh: unary((tf, x) => tf.sinh(x)),
	erf: unary((tf, x) => tf.erf(x)),
	sigmoid: unary((tf, x) => tf.sigmoid(x)),
	// TensorFlow.js' own frees its input too early on WebAssembly.
	logSigmoid: unary((tf, x) => tf.neg(tf.softplus(tf.neg(x)))),
	relu: unary((tf, x) => tf.relu(x)),
	softplus: unary((tf, x) => tf.softplus(x)),
	// Steps: their slope is 0 wherever there is one.
	sign: unary((tf, x) => tf.sign(x), 'none'),
	step: unary((tf, x) => tf.step(x), 'none'),
	round: unary((tf, x) => tf.round(x), 'none'),
	floor: unary((tf, x) => tf.floor(x), 'none'),
	ceil: unary((tf, x) => tf.ceil(x), 'none'),
	stopGradient: unary((tf, x) => withoutSlope(tf, [x], () => tf.clone(x)), 'none'),
	onesLike: unary((tf, x) => tf.onesLike(x), 'none'),
	zerosLike: unary((tf, x) => tf.zerosLike(x), 'none'),

	add: binary('add', (tf, a, b) => tf.add(a, b)),
	sub: binary('sub', (tf, a, b) => tf.sub(a, b)),
	mul: binary('mul', (tf, a, b) => tf.mul(a, b)),
	div: binary('div', (tf, a, b) => tf.div(a, b)),
	divNoNan: binary('divNoNan', (tf, a, b) => divideOrZero(tf, a, b)),
	pow: binary('pow', (tf, a, b) => tf.pow(a, b)),
	maximum: binary('maximum', (tf, a, b) => tf.maximum(a, b)),
	minimum: binary('minimum', (tf, a, b) => tf.minimum(a, b)),
	squaredDifference: binary('squaredDifference', (tf, a, b) => tf.squaredDifference(a, b)),

	greater: comparison('greater', (tf, a, b) => tf.greater(a, b)),
	greaterEqual: comparison('greaterEqual', (tf, a, b) => tf.greaterEqual(a, b)),
	less: comparison('less', (tf, a, b) => tf.less(a, b)),
	lessEqual: comparison('lessEqual', (tf, a, b) => tf.lessEqual(a, b)),
	equal: comparison('equal', (tf, a, b) => tf.equal(a, b)),
	notEqual: comparison('notEqual', (tf, a, b) => tf.notEqual(a, b)),
	logicalAnd: comparison('logicalAnd', (tf, a, b) => tf.logicalAnd(truth(tf, a), truth(tf, b))),
	logicalOr: comparison('logicalOr', (tf, a, b) => tf.logicalOr(truth(tf, a), truth(tf, b))),
	logicalNot: {
		...unary((tf, x) => x, 'none'),
		truth: true,
		run: (tf, inputs) => withoutSlope(tf, inputs, () => tf.logicalNot(truth(tf, first(inputs)))),
	},
	where: {
		tensors: 3,
		rest: [],
		gradient: 'yes',
		resolve: (shapes) => ({ shape: broadcast('where', broadcast('where', at(shapes, 0), at(shapes, 1)), at(shapes, 2)), attrs: {} }),
		run: (tf, inputs) => tf.where(truth(tf, at(inputs, 0)), at(inputs, 1), at(inputs, 2)),
	},

	sum: reduction('sum', (tf, x, axes, keep) => tf.sum(x, axes, keep)),
	mean: reduction('mean', (tf, x, axes, keep) => tf.mean(x, axes, keep)),
	max: reduction('max', (tf, x, axes, keep) => tf.max(x, axes, keep)),
	min: reduction('min', (tf, x, axes, keep) => tf.min(x, axes, keep)),
	logSumExp: reduction('logSumExp', (tf, x, axes, keep) => tf.logSumExp(x, axes, keep)),
	softmax: overLastAxis('softmax', (tf, x) => tf.softmax(x)),
	logSoftmax: overLastAxis('logSoftmax', (tf, x) => tf.logSoftmax(x)),

	clipByValue: {
		...unary((_tf, x) => x),
		rest: ['min', 'max'],
		resolve: (shapes, attrs) => ({ shape: first(shapes), attrs: { min: numberOf(attrs, 'min'), max: numberOf(attrs, 'max') } }),
		run: (tf, inputs, attrs) => tf.clipByValue(first(inputs), numberOf(attrs, 'min'), numberOf(attrs, 'max')),
	},
	// All is float32 here; a cast to whole numbers would cut the gradient.
	cast: {
		...unary((tf, x) => float(tf, x)),
		rest: ['dtype'],
		resolve: (shapes, attrs) => {
			if (attrs['dtype'] !== 'float32') throw new GraphError(`tf.cast goes to 'float32' only here; tf.round or tf.greater make steps.`);
			return { shape: first(shapes), attrs: {} };
		},
	},
	reshape: {
		...unary((_tf, x) => x),
		rest: ['shape'],
		resolve: (shapes, attrs) => {
			const shape = reshaped(first(shapes), numbersOf(attrs, 'shape'));
			return { shape, attrs: { shape } };
		},
		run: (tf, inputs, attrs) => tf.reshape(first(inputs), numbersOf(attrs, 'shape')),
	},
	transpose: {
		...unary((_tf, x) => x),
		rest: ['perm'],
		resolve: (shapes, attrs) => {
			const shape = first(shapes);
			const perm = optionalNumbers(attrs, 'perm') ?? shape.map((_, axis) => shape.length - 1 - axis);
			if (axesOf('transpose', shape, perm).length !== shape.length) throw new GraphError('tf.transpose must name every axis once.');
			return { shape: perm.map((axis) => at(shape, axis < 0 ? axis + shape.length : axis)), attrs: { perm } };
		},
		run: (tf, inputs, attrs) => tf.transpose(first(inputs), numbersOf(attrs, 'perm')),
	},
	slice: {
		...unary((_tf, x) => x),
		rest: ['begin', 'size'],
		resolve: (shapes, attrs) => {
			const block = sliced(first(shapes), numbersOf(attrs, 'begin'), optionalNumbers(attrs, 'size') ?? []);
			return { shape: block.size, attrs: block };
		},
		run: (tf, inputs, attrs) => tf.slice(first(inputs), numbersOf(attrs, 'begin'), numbersOf(attrs, 'size')),
	},
	concat: {
		tensors: Infinity,
		rest: ['axis'],
		gradient: 'yes',
		resolve: (shapes, attrs) => {
			const [axis = 0] = axesOf('concat', first(shapes), [numberOf(attrs, 'axis', 0)]);
			return { shape: concatenated(shapes, axis), attrs: { axis } };
		},
		run: (tf, inputs, attrs) => tf.concat([...inputs], numberOf(attrs, 'axis')),
	},
	matMul: {
		tensors: 2,
		rest: [],
		gradient: 'yes',
		resolve: (shapes) => ({ shape: multiplied(at(shapes, 0), at(shapes, 1)), attrs: {} }),
		run: (tf, inputs) => tf.matMul(at(inputs, 0), at(inputs, 1)),
	},
	maxPool: pool('maxPool', (tf, x, size, strides, pad) => tf.maxPool(x, size, strides, pad)),
	avgPool: pool('avgPool', (tf, x, size, strides, pad) => tf.avgPool(x, size, strides, pad)),
};

/** a / b, and 0 where b is 0; a slope everywhere. */
function divideOrZero(tf: Tf, a: Tensor, b: Tensor): Tensor {
	const defined = tf.step(tf.abs(b));
	return tf.mul(tf.div(a, tf.add(b, tf.sub(1, defined))), defined);
}

/** What TensorFlow.js has and a loss cannot use, with what to write instead. */
export const refused: Readonly<Record<string, string>> = {
	prod: 'its gradient is missing on WebAssembly; tf.exp(tf.sum(tf.log(x))) is the product of positive numbers',
	topk: 'it has no gradient; tf.where with a threshold keeps the largest values, and losses.topKCrossEntropy() is built in',
	gather: 'its gradient is missing on WebAssembly; tf.slice takes a range, tf.mul with a one-hot tensor a class',
	argMax: 'it has no gradient; tf.softmax is its smooth relative',
	argMin: 'it has no gradient; tf.softmax of the negated tensor is its smooth relative',
	oneHot: 'yTrue is one-hot already',
	randomNormal: 'a loss must give the same value for the same input',
	randomUniform: 'a loss must give the same value for the same input',
	grad: 'the gradient is taken by the trainer',
	variable: 'trainable numbers are made with this.addWeight in a class',
};
