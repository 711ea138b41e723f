/** The gradients of ReLU, and of a bias and ReLU, as one pass each. */
import { tf } from '../../tf.ts';
import { input } from '../attributes.ts';
import { kernelsOf } from './module.ts';

export function reluGrad(module: WebAssembly.Module): tf.KernelFunc {
	return ({ inputs, backend }) => {
		const kernels = kernelsOf(backend, module);
		const dy = input(inputs, 'dy');
		const dx = kernels.output(dy.shape);
		const count = tf.util.sizeFromShape(dy.shape);
		kernels.run.reluGradient(kernels.address(dy), kernels.address(input(inputs, 'y')), kernels.address(dx), count);
		return dx;
	};
}

export function biasReluGrad(module: WebAssembly.Module): tf.KernelFunc {
	return ({ inputs, backend }) => {
		const kernels = kernelsOf(backend, module);
		const dy = input(inputs, 'dy');
		const channels = dy.shape.at(-1) ?? 1;
		const dz = kernels.output(dy.shape);
		const dBias = kernels.output([channels]);
		const rows = tf.util.sizeFromShape(dy.shape) / channels;
		const [from, by] = [kernels.address(dy), kernels.address(input(inputs, 'y'))];
		kernels.run.biasReluGradient(from, by, kernels.address(dz), kernels.address(dBias), rows, channels);
		return [dz, dBias];
	};
}
