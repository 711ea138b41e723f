/**
 * Puts our kernels in the place of TensorFlow.js' own on the 'webgpu' backend, so that any model trains faster there.
 *
 * Replaced: Conv2D, FusedConv2D and both gradients of Conv2D. What ours do not cover (dilation, NCHW, strided input gradients, activations other than
 * ReLU) still goes to the stock kernels.
 */
import { tf } from '../../tf.ts';
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, convolutionGradient, fusedConv2D } from './convolution.ts';

const replacements: Readonly<Record<string, (stock: tf.KernelFunc) => tf.KernelFunc>> = {
	Conv2D: conv2D,
	FusedConv2D: fusedConv2D,
	Conv2DBackpropInput: conv2DBackpropInput,
	Conv2DBackpropFilter: conv2DBackpropFilter,
};

const additions: Readonly<Record<string, () => tf.KernelFunc>> = {
	OverlapConvolutionGrad: convolutionGradient,
};

const backendName = 'webgpu';
const replaced = new Map<string, tf.KernelConfig>();

/** Registers every kernel. Needs the stock kernels, that is, an imported `@tensorflow/tfjs-backend-webgpu`. */
export function registerWebGpuKernels(): void {
	if (replaced.size > 0) return;
	for (const [kernelName, make] of Object.entries(replacements)) {
		const stock = tf.getKernel(kernelName, backendName);
		if (!stock) throw new Error(`TensorFlow.js has no ${kernelName} for ${backendName}.`);
		replaced.set(kernelName, stock);
		tf.unregisterKernel(kernelName, backendName);
		tf.registerKernel({ ...stock, kernelFunc: make(stock.kernelFunc) });
	}
	for (const [kernelName, make] of Object.entries(additions)) tf.registerKernel({ kernelName, backendName, kernelFunc: make() });
}

/** Puts the stock kernels back. */
export function unregisterWebGpuKernels(): void {
	if (replaced.size === 0) return;
	for (const stock of replaced.values()) {
		tf.unregisterKernel(stock.kernelName, backendName);
		tf.registerKernel(stock);
	}
	for (const kernelName of Object.keys(additions)) tf.unregisterKernel(kernelName, backendName);
	replaced.clear();
}
