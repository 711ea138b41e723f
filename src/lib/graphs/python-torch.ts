/** PyTorch. */
import type { PythonWords } from './python.ts';

const call =
	(name: string) =>
	(x: string): string =>
		`torch.${name}(${x})`;
const pair =
	(name: string) =>
	(a: string, b: string): string =>
		`torch.${name}(${a}, ${b})`;
const tuple = (numbers: readonly number[]): string => `(${numbers.join(', ')}${numbers.length === 1 ? ',' : ''})`;

const sameName = ['abs', 'exp', 'expm1', 'log', 'log1p', 'sqrt', 'rsqrt', 'square', 'reciprocal', 'sin', 'cos', 'tanh', 'cosh', 'sinh'];
const alsoSame = ['atan', 'erf', 'sigmoid', 'relu', 'sign', 'round', 'floor', 'ceil'];

function reduce(op: string, x: string, axes: readonly number[] | null, keepDims: boolean): string {
	const dim = axes === null ? '' : `dim=${axes.length === 1 ? axes[0] : tuple(axes)}`;
	const given = [dim, keepDims ? 'keepdim=True' : ''].filter(Boolean);
	if (op === 'logSumExp')
		return `torch.logsumexp(${[x, dim === '' ? `dim=tuple(range((${x}).ndim))` : dim, ...given.slice(dim === '' ? 0 : 1)].join(', ')})`;
	const name = op === 'max' ? 'amax' : op === 'min' ? 'amin' : op;
	// Over every axis with sides kept, the axes must be named.
	const all = axes === null && keepDims ? [`dim=tuple(range((${x}).ndim))`, 'keepdim=True'] : given;
	return `torch.${name}(${[x, ...all].join(', ')})`;
}

export const torchWords: PythonWords = {
	imports: ['import torch', 'import torch.nn.functional as F'],
	unary: {
		...Object.fromEntries([...sameName, ...alsoSame].map((name) => [name, call(name)])),
		logSigmoid: (x) => `F.logsigmoid(${x})`,
		softplus: (x) => `F.softplus(${x})`,
		stopGradient: (x) => `(${x}).detach()`,
		onesLike: call('ones_like'),
		zerosLike: call('zeros_like'),
		logicalNot: call('logical_not'),
		step: (x) => `(${x} > 0).float()`,
		softmax: (x) => `torch.softmax(${x}, dim=-1)`,
		logSoftmax: (x) => `torch.log_softmax(${x}, dim=-1)`,
	},
	binary: {
		divNoNan: (a, b) => `torch.where((${b}) != 0, (${a}) / torch.where((${b}) != 0, ${b}, torch.ones_like(${b})), torch.zeros_like(${b}))`,
		maximum: pair('maximum'),
		minimum: pair('minimum'),
		squaredDifference: (a, b) => `torch.square((${a}) - (${b}))`,
		logicalAnd: pair('logical_and'),
		logicalOr: pair('logical_or'),
		matMul: pair('matmul'),
	},
	tensor: (text) => `torch.tensor(${Number.isInteger(Number(text)) ? `${text}.0` : text})`,
	floats: (truth) => `${truth}.float()`,
	where: (condition, a, b) => `torch.where(${condition}, ${a}, ${b})`,
	clip: (x, min, max) => `torch.clamp(${x}, ${min}, ${max})`,
	reduce,
	reshape: (x, shape) => `torch.reshape(${x}, ${tuple(shape)})`,
	transpose: (x, perm) => `torch.permute(${x}, ${tuple(perm)})`,
	concat: (list, along) => `torch.cat([${list.join(', ')}], dim=${along})`,
	full: (shape, value) => `torch.full(${tuple(shape)}, ${Number.isInteger(Number(value)) ? `${value}.0` : value})`,
	array: (values, shape) => `torch.tensor(${values}, dtype=torch.float32).reshape(${tuple(shape)})`,
	// Its padding is the same on both sides, that of TensorFlow is not.
	pool: (op, x, size, strides, pad) => {
		const same = pad === 'same' && strides === 1 && size % 2 === 1;
		if (pad !== 'valid' && !same) return null;
		const padding = same ? `, padding=${(size - 1) / 2}${op === 'avgPool' ? ', count_include_pad=False' : ''}` : '';
		return `F.${op === 'maxPool' ? 'max_pool2d' : 'avg_pool2d'}((${x}).permute(0, 3, 1, 2), ${size}, stride=${strides}${padding}).permute(0, 2, 3, 1)`;
	},
};
