/** Speed of single convolutions and their gradients on the wasm backend. Runs in Node and in Chromium. */
import { RandomStream } from '#lib/core/random.ts';
import { tf } from '#lib/engine/tf.ts';

type Shape = readonly [batch: number, height: number, width: number, inChannels: number, outChannels: number, kernel: number];

export interface ConvolutionRequest {
	readonly shape: Shape;
	/** Calls of each kernel; the fastest counts. */
	readonly calls: number;
}

/** 10⁹ multiplications and additions of the direct algorithm a second, by kernel. */
export type ConvolutionResult = Readonly<Record<'forward' | 'inputGradient' | 'filterGradient', number>>;

function uniforms(shape: [number, number, number, number], seed: number): tf.Tensor4D {
	const random = new RandomStream(seed, 'sample');
	const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, index) => random.uniform(index) - 0.5);
	return tf.tensor4d(values, shape);
}

function fastestMs(calls: number, kernel: () => tf.Tensor): number {
	let fastest = Infinity;
	for (let call = 0; call < calls; call++) {
		const start = performance.now();
		const result = kernel();
		fastest = Math.min(fastest, performance.now() - start);
		result.dispose();
	}
	return fastest;
}

export function measureConvolution({ shape, calls }: ConvolutionRequest): ConvolutionResult {
	const [batch, height, width, inChannels, outChannels, kernel] = shape;
	const x = uniforms([batch, height, width, inChannels], 1);
	const filter = uniforms([kernel, kernel, inChannels, outChannels], 2);
	const bias = tf.zeros<tf.Rank.R1>([outChannels]);
	const dy = uniforms([batch, height, width, outChannels], 3);
	const attributes = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
	const operations = 2 * batch * height * width * kernel * kernel * inChannels * outChannels;
	const speed = (run: () => tf.Tensor) => operations / fastestMs(calls, run) / 1e6;
	const result = {
		forward: speed(() => tf.fused.conv2d({ x, filter, bias, strides: 1, pad: 'same', activation: 'relu' })),
		inputGradient: speed(() => tf.engine().runKernel('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape })),
		filterGradient: speed(() => tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape })),
	};
	tf.dispose([x, filter, bias, dy]);
	return result;
}
