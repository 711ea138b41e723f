/** Keras 3: `keras.ops` runs on every backend of Keras. */
import type { PythonWords } from './python.ts';

const call =
	(name: string) =>
	(x: string): string =>
		`ops.${name}(${x})`;
const pair =
	(name: string) =>
	(a: string, b: string): string =>
		`ops.${name}(${a}, ${b})`;
const tuple = (numbers: readonly number[]): string => `(${numbers.join(', ')}${numbers.length === 1 ? ',' : ''})`;
const axis = (axes: readonly number[] | null): string => (axes === null ? '' : `, axis=${axes.length === 1 ? axes[0] : tuple(axes)}`);
const reductions: Readonly<Record<string, string>> = { sum: 'sum', mean: 'mean', max: 'max', min: 'min', logSumExp: 'logsumexp' };

const sameName = ['abs', 'exp', 'expm1', 'log', 'log1p', 'sqrt', 'rsqrt', 'square', 'reciprocal', 'sin', 'cos', 'tanh', 'cosh', 'sinh'];
const alsoSame = ['erf', 'sigmoid', 'relu', 'softplus', 'sign', 'round', 'floor', 'ceil'];

export const kerasWords: PythonWords = {
	imports: ['from keras import ops'],
	unary: {
		...Object.fromEntries([...sameName, ...alsoSame].map((name) => [name, call(name)])),
		atan: call('arctan'),
		logSigmoid: call('log_sigmoid'),
		stopGradient: call('stop_gradient'),
		onesLike: call('ones_like'),
		zerosLike: call('zeros_like'),
		logicalNot: call('logical_not'),
		step: (x) => `ops.cast(${x} > 0, "float32")`,
		softmax: (x) => `ops.softmax(${x}, axis=-1)`,
		logSoftmax: (x) => `ops.log_softmax(${x}, axis=-1)`,
	},
	binary: {
		divNoNan: pair('divide_no_nan'),
		maximum: pair('maximum'),
		minimum: pair('minimum'),
		squaredDifference: (a, b) => `ops.square(ops.subtract(${a}, ${b}))`,
		logicalAnd: pair('logical_and'),
		logicalOr: pair('logical_or'),
		matMul: pair('matmul'),
	},
	tensor: (text) => text,
	floats: (truth) => `ops.cast(${truth}, "float32")`,
	where: (condition, a, b) => `ops.where(${condition}, ${a}, ${b})`,
	clip: (x, min, max) => `ops.clip(${x}, ${min}, ${max})`,
	reduce: (op, x, axes, keepDims) => `ops.${reductions[op] ?? op}(${x}${axis(axes)}${keepDims ? ', keepdims=True' : ''})`,
	reshape: (x, shape) => `ops.reshape(${x}, ${tuple(shape)})`,
	transpose: (x, perm) => `ops.transpose(${x}, ${tuple(perm)})`,
	concat: (list, along) => `ops.concatenate([${list.join(', ')}], axis=${along})`,
	full: (shape, value) => `ops.full(${tuple(shape)}, ${value}, dtype="float32")`,
	array: (values, shape) => `ops.reshape(ops.array(${values}, dtype="float32"), ${tuple(shape)})`,
	pool: (op, x, size, strides, pad) =>
		`ops.${op === 'maxPool' ? 'max_pool' : 'average_pool'}(${x}, ${size}, strides=${strides}, padding="${pad}", data_format="channels_last")`,
};
