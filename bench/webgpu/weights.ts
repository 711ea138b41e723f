/** The weights that all begin with, for those that are not TensorFlow.js. */
import { variableOf } from '#lib/engine/layers.ts';
import { buildUNet, initialise } from '#lib/engine/unet.ts';
import type { GpuNet } from '../nets.mjs';
import { netSpec, seed } from './ours.ts';

/** [h, w, a, b] → [b, a, h, w] */
function channelsFirst(values: Float32Array, shape: readonly number[]): Float32Array {
	const [height = 1, width = 1, third = 1, fourth = 1] = shape;
	const pixels = height * width;
	return Float32Array.from(values, (_, at) => {
		const pixel = at % pixels;
		const [inner, outer] = [Math.floor(at / pixels) % third, Math.floor(at / (pixels * third))];
		return values[(pixel * third + inner) * fourth + outer] ?? NaN;
	});
}

/**
 * The kernels of a net in the order of `convolutionsOf`, one after the other; biases are 0. A convolution's is
 * [filters, inputs, side, side], that of a transposed one [inputs, filters, side, side], as in PyTorch.
 */
export async function firstWeights(net: GpuNet): Promise<Float32Array> {
	const unet = buildUNet(netSpec({ net, norm: 'none' }), net.channels, net.channels);
	initialise(unet, seed);
	const kernels = unet.logits.weights.filter(({ shape }) => shape.length === 4).map(variableOf);
	const all = new Float32Array(kernels.reduce((sum, { size }) => sum + size, 0));
	let at = 0;
	for (const kernel of kernels) {
		all.set(channelsFirst(Float32Array.from(await kernel.data()), kernel.shape), at);
		at += kernel.size;
	}
	unet.logits.dispose();
	return all;
}
