/** One step of the optimizer over all variables, and the norm of all gradients; the contracts stand in `register.ts`. */
import { tf } from '../../tf.ts';
import { input, numberAttribute } from '../attributes.ts';
import { kernelsOf, type WasmKernels } from './module.ts';

/** min(1, clipNorm / norm); 1 without clipping. The norm is kept from 0 so that a zero gradient stays zero. */
function clipFactor(kernels: WasmKernels, norm: tf.TensorInfo | undefined, clipNorm: number): number {
	if (!norm || clipNorm <= 0) return 1;
	return Math.min(1, clipNorm / Math.max(kernels.read(norm), 1e-12));
}

/** Updates one variable from the addresses of itself, its slots and its gradient. */
type UpdateOne = (kernels: WasmKernels, variable: number, first: number, second: number, gradient: number, count: number) => void;

function updateOf(attrs: tf.NamedAttrMap, scale: number): UpdateOne {
	const kind = attrs['kind'];
	const learningRate = numberAttribute(attrs, 'learningRate');
	const weightDecay = numberAttribute(attrs, 'weightDecay');
	const momentum = numberAttribute(attrs, 'momentum');
	const epsilon = numberAttribute(attrs, 'epsilon');
	if (kind === 'sgd') {
		return ({ run }, variable, velocity, _none, gradient, count) =>
			run.sgd(variable, velocity, gradient, count, scale, weightDecay, momentum, learningRate);
	}
	if (kind === 'rmsprop') {
		const rho = numberAttribute(attrs, 'rho');
		return ({ run }, variable, square, velocity, gradient, count) =>
			run.rmsProp(variable, square, velocity, gradient, count, scale, weightDecay, rho, momentum, learningRate, epsilon);
	}
	if (kind !== 'adam' && kind !== 'adamw') throw new RangeError('There is no such optimizer.');
	const beta1 = numberAttribute(attrs, 'beta1');
	const beta2 = numberAttribute(attrs, 'beta2');
	const step = numberAttribute(attrs, 'step');
	const rate = learningRate / (1 - beta1 ** step);
	const root = 1 / Math.sqrt(1 - beta2 ** step);
	const l2 = kind === 'adam' ? weightDecay : 0;
	const decay = kind === 'adamw' ? 1 - learningRate * weightDecay : 1;
	return ({ run }, variable, mean, square, gradient, count) =>
		run.adam(variable, mean, square, gradient, count, scale, l2, beta1, beta2, rate, root, epsilon, decay);
}

export function update(module: WebAssembly.Module): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const kernels = kernelsOf(backend, module);
		const updateOne = updateOf(attrs, clipFactor(kernels, inputs['norm'], numberAttribute(attrs, 'clipNorm')));
		for (let index = 0; index < numberAttribute(attrs, 'count'); index++) {
			const variable = input(inputs, `variable${index}`);
			const first = kernels.address(input(inputs, `first${index}`));
			const second = inputs[`second${index}`];
			const gradient = kernels.address(input(inputs, `gradient${index}`));
			const count = tf.util.sizeFromShape(variable.shape);
			updateOne(kernels, kernels.address(variable), first, second ? kernels.address(second) : 0, gradient, count);
		}
		return [];
	};
}

export function globalNorm(module: WebAssembly.Module): tf.KernelFunc {
	return ({ inputs, backend }) => {
		const kernels = kernelsOf(backend, module);
		let squares = 0;
		for (const info of Object.values(inputs)) {
			if (info) squares += kernels.run.sumOfSquares(kernels.address(info), tf.util.sizeFromShape(info.shape));
		}
		return kernels.scalar(Math.sqrt(squares));
	};
}
