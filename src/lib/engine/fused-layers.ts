/**
 * tf.layers' own layers, computed by fewer kernels in training where the backend has ours: under a gradient tape tf.layers takes a
 * convolution, its bias and its ReLU apart. Saved models stay stock.
 */
import { fusedConvolution, fusedNorm, hasFusions, type ConvolutionSetting } from './fused.ts';
import { variableOf } from './layers.ts';
import type { Layer, Tensor } from './tensor-types.ts';
import { tfl } from './tf.ts';

const epsilon = 1e-5;
/** Share of the old statistics that is kept: new = 0.9 old + 0.1 batch. */
const momentum = 0.9;

type ConvolutionConfig = Parameters<typeof tfl.layers.conv2d>[0];

/** Puts `fused` in the place of a layer's own computation in training, where it applies. */
function replaceInTraining(layer: Layer, fused: (x: Tensor) => Tensor | null): Layer {
	const stock = layer.call.bind(layer);
	layer.call = (inputs, kwargs) => {
		const [x] = Array.isArray(inputs) ? inputs : [inputs];
		return (kwargs['training'] === true && hasFusions() && x ? fused(x) : null) ?? stock(inputs, kwargs);
	};
	return layer;
}

/** Convolution with bias, stride 1, 'same'; with `relu` the following `rectifier`, or the layer's own activation, is done on the way. */
export function convolution2D(config: ConvolutionConfig, setting: ConvolutionSetting): Layer {
	const layer = tfl.layers.conv2d({ ...config, padding: 'same', useBias: true, kernelInitializer: 'zeros' });
	return replaceInTraining(layer, (x) => {
		const [kernel, bias] = layer.weights;
		return kernel && bias ? fusedConvolution(x, kernel.read(), bias.read(), setting) : null;
	});
}

/** The ReLU behind a layer that does it on the way in training. */
export function rectifier(name: string): Layer {
	return replaceInTraining(tfl.layers.activation({ name, activation: 'relu' }), (x) => x);
}

/** [B, H, W, C] → [B, H, W, C], followed by a `rectifier`; a stock `BatchNormalization` for whoever opens the saved model. */
export function batchNormalization(name: string): Layer {
	const layer = tfl.layers.batchNormalization({ name, momentum, epsilon });
	return replaceInTraining(layer, (x) => {
		// tf.layers keeps [gamma, beta, moving mean, moving variance] in this order.
		const [gamma, beta, mean, variance] = layer.weights;
		if (!gamma || !beta || !mean || !variance) return null;
		const setting = { samples: 1, groups: x.shape.at(-1) ?? 1, epsilon, relu: true };
		const moving = { mean: variableOf(mean), variance: variableOf(variance), keep: momentum };
		return fusedNorm(x, gamma.read(), beta.read(), setting, moving);
	});
}
