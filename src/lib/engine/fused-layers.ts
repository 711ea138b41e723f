/**
 * tf.layers' own layers, computed by fewer kernels in training where the backend has ours: under a gradient tape tf.layers takes a
 * convolution, its bias and its ReLU apart. Saved models stay stock.
 */
import { convolvesParts, fusedConvolution, fusedNorm, hasFusions, type ConvolutionSetting, type ConvolvedPart } from './fused.ts';
import { variableOf } from './layers.ts';
import type { Layer, Tensor } from './tensor-types.ts';
import { tf, tfl } from './tf.ts';

const epsilon = 1e-5;
/** Share of the old statistics that is kept: new = 0.9 old + 0.1 batch. */
const momentum = 0.9;

type ConvolutionConfig = Parameters<typeof tfl.layers.conv2d>[0];

/** Puts `fused` in the place of a layer's own computation in training, where it applies. */
function replaceInTraining(layer: Layer, fused: (x: Tensor, ...others: Tensor[]) => Tensor | null): Layer {
	const stock = layer.call.bind(layer);
	layer.call = (inputs, kwargs) => {
		const [x, ...others] = Array.isArray(inputs) ? inputs : [inputs];
		return (kwargs['training'] === true && hasFusions() && x ? fused(x, ...others) : null) ?? stock(inputs, kwargs);
	};
	return layer;
}

/** What placeholders stand for that a layer passed on instead of its result, for the convolution behind it. */
const deferred = new WeakMap<Tensor, readonly ConvolvedPart[]>();

/** A placeholder with as many channels, which tf.layers checks, and no pixel, so that no other layer can take it for images. */
function defer(parts: readonly ConvolvedPart[]): Tensor | null {
	if (!convolvesParts()) return null;
	const channels = parts.reduce((sum, { x }) => sum + (x.shape[3] ?? 0), 0);
	const placeholder = tf.zeros([parts[0]?.x.shape[0] ?? 0, 0, 0, channels]);
	deferred.set(placeholder, parts);
	return placeholder;
}

/** Enlarges images twice by repeating pixels; what follows, a convolution or `joined`, does it on the way in training if `defers`. */
export function enlarged(name: string, defers: boolean): Layer {
	const layer = tfl.layers.upSampling2d({ name, size: [2, 2], interpolation: 'nearest' });
	return replaceInTraining(layer, (x) => (defers ? defer([{ x, scale: 2 }]) : null));
}

/** The channels of two inputs after each other; the convolution that follows does it on the way in training if `defers`. */
export function joined(name: string, defers: boolean): Layer {
	return replaceInTraining(tfl.layers.concatenate({ name }), (skip, below) => {
		if (!below) return null;
		if (defers) return defer([{ x: skip, scale: 1 }, ...(deferred.get(below) ?? [{ x: below, scale: 1 }])]);
		if (deferred.has(below)) throw new TypeError(`${name} cannot enlarge what was left to it`);
		return null;
	});
}

/**
 * Convolution, stride 1, 'same', with a bias unless `useBias` is false; with `relu` the following `rectifier`, or the layer's own activation, is
 * done on the way.
 */
export function convolution2D(config: ConvolutionConfig, setting: ConvolutionSetting): Layer {
	const layer = tfl.layers.conv2d({ ...config, padding: 'same', kernelInitializer: 'zeros' });
	return replaceInTraining(layer, (x) => {
		const [kernel, bias] = layer.weights;
		if (!kernel) return null;
		const parts = deferred.get(x) ?? (bias ? [{ x, scale: 1 } as const] : null);
		return parts && fusedConvolution(parts, kernel.read(), bias?.read() ?? null, setting);
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
