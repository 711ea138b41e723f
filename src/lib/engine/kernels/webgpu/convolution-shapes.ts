/** What the programs of a convolution and of its gradients bake in, from what TensorFlow.js tells of the convolution. */
import type { convolutionInfo } from '../attributes.ts';
import type { ConvolveShape } from './convolve.ts';
import type { FilterGradientShape } from './filter-gradient.ts';
import type { StridedGradientShape } from './strided-gradient.ts';
import type { Taps } from './weights.ts';
import type { Part } from './wgsl.ts';

type Info = ReturnType<typeof convolutionInfo>;

/** All channels in one tensor. */
export const wholePart = (channels: number): readonly Part[] => [{ channels, scale: 1 }];

const tapsOf = (info: Info): Taps => ({
	kernelHeight: info.filterHeight,
	kernelWidth: info.filterWidth,
	strideHeight: info.strideHeight,
	strideWidth: info.strideWidth,
	top: info.padInfo.top,
	left: info.padInfo.left,
});

/** From the output to the input. */
const backwards = (info: Info) => ({
	sourceHeight: info.outHeight,
	sourceWidth: info.outWidth,
	sourceChannels: info.outChannels,
	targetHeight: info.inHeight,
	targetWidth: info.inWidth,
	targetChannels: info.inChannels,
});

export function forwardShape(info: Info, bias: boolean, relu: boolean, sources = wholePart(info.inChannels)): ConvolveShape {
	return {
		batch: info.batchSize,
		sourceHeight: info.inHeight,
		sourceWidth: info.inWidth,
		sourceChannels: info.inChannels,
		sources,
		targetHeight: info.outHeight,
		targetWidth: info.outWidth,
		targetChannels: info.outChannels,
		targets: wholePart(info.outChannels),
		...tapsOf(info),
		transposed: false,
		masked: false,
		bias,
		relu,
	};
}

/** Of a convolution of stride 1. */
export function inputGradientShape(info: Info, masked: boolean, parts = wholePart(info.inChannels)): ConvolveShape {
	return {
		...forwardShape(info, false, false),
		...backwards(info),
		sources: wholePart(info.outChannels),
		targets: parts.map(({ channels }) => ({ channels, scale: 1 })),
		top: info.filterHeight - 1 - info.padInfo.top,
		left: info.filterWidth - 1 - info.padInfo.left,
		transposed: true,
		masked,
	};
}

export function filterGradientShape(info: Info, masked: boolean, inputs: readonly Part[]): FilterGradientShape {
	return {
		batch: info.batchSize,
		inHeight: info.inHeight,
		inWidth: info.inWidth,
		inChannels: info.inChannels,
		inputs,
		outHeight: info.outHeight,
		outWidth: info.outWidth,
		outChannels: info.outChannels,
		...tapsOf(info),
		masked,
	};
}

/** Of the gradient of the input of a convolution whose stride is not 1. */
export function stridedGradientShape(info: Info): StridedGradientShape {
	return {
		batch: info.batchSize,
		...backwards(info),
		...tapsOf(info),
	};
}
