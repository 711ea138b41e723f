/** The gradient of ReLU as one pass, where TensorFlow.js takes a step, a cast and a product. */
import { tf } from '../../tf.ts';
import { input } from '../attributes.ts';
import { kernelsOf } from './module.ts';

const kernelName = 'OverlapReluGrad';

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

/** Gives Relu the gradient above; backends without that kernel keep the composition. Saves the output instead of the input. */
export function registerReluGradient(): void {
	if (tf.getGradient('Relu')) tf.unregisterGradient('Relu');
	tf.registerGradient({
		kernelName: 'Relu',
		outputsToSave: [true],
		gradFunc: (dy, [y]) => {
			if (Array.isArray(dy) || !y) throw new Error('Relu has one output.');
			return {
				x: () => {
					if (!tf.getKernel(kernelName, tf.getBackend())) return tf.mul(dy, tf.step(y));
					return tf.engine().runKernel(kernelName, { dy, y });
				},
			};
		},
	});
}
