/**
 * Puts our kernels in the place of TensorFlow.js' own on the 'webgpu' backend, so that any model trains faster there.
 *
 * Replaced: Conv2D, FusedConv2D and both gradients of Conv2D, MaxPoolGrad, ResizeNearestNeighborGrad, SplitV, Sum, Mean, Max, Min, Softmax,
 * and the gradient of Relu. What
 * ours do not cover (dilation, NCHW, activations other than ReLU, windows that overlap, axes apart) still goes to the stock kernels.
 *
 * Added under our own names: `OverlapNorm`, `OverlapNormGrad`, `OverlapReluGrad`, `OverlapUpdate` and `OverlapGlobalNorm` as in `wasm/register.ts`, and
 *
 * - `OverlapConvolution` { x, below?, filter, bias? }, the attributes of FusedConv2D and scales → FusedConv2D of the channels of x and then of
 *   below, 'same', stride 1. scales[i] is 2 where a part counts enlarged to twice its sides by repeating pixels. x has whole quads of channels
 *   where there is a below.
 * - `OverlapConvolutionGrad` { x, below?, filter, dy, y? }, the same attributes and trainsInput → [dx and dBelow if trainsInput, dFilter, dBias] of
 *   y = OverlapConvolution, or with `y` given of y = relu of it.
 * - `OverlapTrackedNorm`: OverlapNorm of one sample with the inputs movingMean and movingVariance [C] and the attribute keep. They become
 *   keep · old + (1 − keep) · batch, IN PLACE.
 * - `OverlapDropout` { x, stream } and the attribute rate → x with numbers dropped by the stream (prefix, length in bytes) of `RandomStream`.
 * - `OverlapBatch` { images, classes, table } → [x [B, S, S, channels], yTrue [B, S, S, outputs], valid [B, S, S, 1]], and
 *   `OverlapIntensity` { x, mean, table } → x; images, tables and attributes as `ResidentSamples` gives them.
 */
import { tf } from '../../tf.ts';
import { registerReluGradient } from '../relu-gradient.ts';
import { batch, intensity } from './batch.ts';
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, convolutionGradient, fusedConv2D, joinedConvolution } from './convolution.ts';
import { dropout } from './dropout.ts';
import { globalNorm } from './global-norm.ts';
import { norm, normGradient } from './norm.ts';
import { reluGrad } from './relu-gradient.ts';
import { max, mean, min, sum } from './reduce.ts';
import { maxPoolGrad, resizeNearestNeighborGrad, splitV } from './resample.ts';
import { softmax } from './softmax.ts';
import { update } from './update.ts';

const replacements: Readonly<Record<string, (stock: tf.KernelFunc) => tf.KernelFunc>> = {
	Conv2D: conv2D,
	FusedConv2D: fusedConv2D,
	Conv2DBackpropInput: conv2DBackpropInput,
	Conv2DBackpropFilter: conv2DBackpropFilter,
	MaxPoolGrad: maxPoolGrad,
	ResizeNearestNeighborGrad: resizeNearestNeighborGrad,
	SplitV: splitV,
	Sum: sum,
	Mean: mean,
	Max: max,
	Min: min,
	Softmax: softmax,
};

const additions: Readonly<Record<string, () => tf.KernelFunc>> = {
	OverlapConvolution: joinedConvolution,
	OverlapConvolutionGrad: convolutionGradient,
	OverlapReluGrad: reluGrad,
	OverlapNorm: norm,
	OverlapTrackedNorm: norm,
	OverlapNormGrad: normGradient,
	OverlapUpdate: update,
	OverlapGlobalNorm: globalNorm,
	OverlapDropout: dropout,
	OverlapBatch: batch,
	OverlapIntensity: intensity,
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
	registerReluGradient();
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
