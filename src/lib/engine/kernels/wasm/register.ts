/**
 * Puts our kernels in the place of TensorFlow.js' own on the 'wasm' backend (SIMD build, one thread), so that any model trains there.
 *
 * Added: Conv2DBackpropFilter, which the backend lacks. Replaced because stock they are slow: Conv2D, FusedConv2D, Conv2DBackpropInput,
 * Identity, Cast, Concat, SplitV, ResizeNearestNeighbor and its gradient, Sum, and the gradient of Relu. Replaced because in 4.22 it is
 * wrong where all inputs of a window are negative: MaxPoolGrad. What ours do not cover (dilation, NCHW, integers, activations other than
 * ReLU) still goes to the stock kernels.
 *
 * Added under our own names, for `tf.engine().runKernel(name, inputs, attrs)`; all tensors are float32:
 *
 * - `OverlapNorm` { x [..., C], scale [C], offset [C] }, { samples, groups, epsilon, activation?: 'linear' | 'relu' } →
 *   [y, mean [samples, C], variance [samples, C]]: y = activation((x − mean) / √(variance + ε) · scale + offset), with mean and biased
 *   variance over the pixels and channels of a group in a sample, repeated for each channel of the group. Batch norm: one sample, C groups;
 *   instance norm: B samples, C groups. Has no gradient of its own.
 * - `OverlapNormGrad` { dy, x, mean, variance, scale, offset }, the same attributes → [dx, dScale, dOffset].
 * - `OverlapUpdate` { variable0, first0, second0?, gradient0, variable1, …, norm?: scalar }, { kind: 'sgd' | 'adam' | 'adamw' | 'rmsprop',
 *   count, learningRate, step (from 1), weightDecay, momentum, beta1, beta2, rho, epsilon, clipNorm } → []: one step of `optimizer.ts`
 *   on `count` variables and their slots, IN PLACE. With `norm` and `clipNorm` > 0 the gradients are first scaled by
 *   min(1, clipNorm / norm). Clones of variables or slots share their data and change too: read a snapshot out, do not clone it.
 * - `OverlapBiasReluGrad` { dy, y = relu(z + bias) } → [dz, dBias [C]].
 * - `OverlapReluGrad` { dy, y = relu(x) } → dx; the registered gradient of Relu uses it.
 * - `OverlapGlobalNorm` { any names: gradients } → scalar: √(Σ g²) over all of them, summed in double precision.
 */
import { tf } from '../../tf.ts';
import { registerReluGradient } from '../relu-gradient.ts';
import { biasReluGrad, reluGrad } from './activation.ts';
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, fusedConv2D } from './convolution.ts';
import { cast, concat, identity, resizeNearestNeighbor, resizeNearestNeighborGrad, splitV, sum } from './layout.ts';
import { norm, normGradient } from './norm.ts';
import { maxPoolGrad } from './pool.ts';
import { globalNorm, update } from './update.ts';

type MakeKernel = (module: WebAssembly.Module, stock: tf.KernelFunc) => tf.KernelFunc;

const replacements: Readonly<Record<string, MakeKernel>> = {
	Conv2D: conv2D,
	FusedConv2D: fusedConv2D,
	Conv2DBackpropInput: conv2DBackpropInput,
	MaxPoolGrad: maxPoolGrad,
	Identity: identity,
	Cast: cast,
	Concat: concat,
	SplitV: splitV,
	ResizeNearestNeighbor: resizeNearestNeighbor,
	ResizeNearestNeighborGrad: resizeNearestNeighborGrad,
	Sum: sum,
};

const additions: Readonly<Record<string, (module: WebAssembly.Module) => tf.KernelFunc>> = {
	Conv2DBackpropFilter: conv2DBackpropFilter,
	OverlapReluGrad: reluGrad,
	OverlapBiasReluGrad: biasReluGrad,
	OverlapNorm: norm,
	OverlapNormGrad: normGradient,
	OverlapUpdate: update,
	OverlapGlobalNorm: globalNorm,
};

const backendName = 'wasm';
let registered = false;

/** Registers every kernel, once per JavaScript realm. Needs the stock kernels, that is, an imported `@tensorflow/tfjs-backend-wasm`. */
export function registerWasmKernels(module: WebAssembly.Module): void {
	if (registered) return;
	registered = true;
	for (const [kernelName, make] of Object.entries(replacements)) {
		const stock = tf.getKernel(kernelName, backendName);
		if (!stock) throw new Error(`TensorFlow.js has no ${kernelName} for ${backendName}.`);
		tf.unregisterKernel(kernelName, backendName);
		tf.registerKernel({ ...stock, kernelFunc: make(module, stock.kernelFunc) });
	}
	for (const [kernelName, make] of Object.entries(additions)) {
		if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
		tf.registerKernel({ kernelName, backendName, kernelFunc: make(module) });
	}
	registerReluGradient();
}
