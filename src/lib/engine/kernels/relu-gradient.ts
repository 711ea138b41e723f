/** The gradient of ReLU as one pass, where TensorFlow.js takes a step, a cast and a product. */
import { tf } from '../tf.ts';

const kernelName = 'OverlapReluGrad';

/** Gives Relu that gradient where the backend has it as a kernel; others keep the composition. Saves the output instead of the input. */
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
