/** Reads the untyped inputs and attributes that TensorFlow.js hands to a kernel. */
import { tf } from '../tf.ts';
import type { ConvolutionSizes } from './wasm/module.ts';

export type Shape4 = [number, number, number, number];
type ConvolutionInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;
type Padding = Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
type Rounding = Parameters<typeof tf.backend_util.computeConv2DInfo>[5];

export function input(inputs: tf.NamedTensorInfoMap, name: string): tf.TensorInfo {
	const info = inputs[name];
	if (!info) throw new Error(`The kernel needs the input ${name}.`);
	return info;
}

export function shape4(shape: readonly number[]): Shape4 {
	const [a, b, c, d] = shape;
	if (shape.length !== 4 || a === undefined || b === undefined || c === undefined || d === undefined) {
		throw new Error(`Expected four dimensions, got [${shape.join(', ')}].`);
	}
	return [a, b, c, d];
}

export function shapeAttribute(attributes: tf.NamedAttrMap, name: string): Shape4 {
	const value = attributes[name];
	if (!isNumbers(value)) throw new Error(`The attribute ${name} is no shape.`);
	return shape4(value);
}

/** A number, or the default where the attribute is absent. */
export function numberAttribute(attributes: tf.NamedAttrMap, name: string, otherwise?: number): number {
	const value = attributes[name] ?? otherwise;
	if (typeof value !== 'number') throw new Error(`The attribute ${name} is no number.`);
	return value;
}

function isNumbers(value: unknown): value is number[] {
	return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

function pair(value: unknown): [number, number] {
	if (typeof value === 'number') return [value, value];
	if (isNumbers(value) && value[0] !== undefined) return [value[0], value[1] ?? value[0]];
	return [1, 1];
}

function isExplicitPadding(value: unknown): value is [[number, number], [number, number], [number, number], [number, number]] {
	return Array.isArray(value) && value.length === 4 && value.every((side) => isNumbers(side) && side.length === 2);
}

function padding(value: unknown): Padding {
	if (value === 'same' || value === 'valid' || typeof value === 'number' || isExplicitPadding(value)) return value;
	throw new Error(`Unknown padding ${String(value)}.`);
}

function rounding(value: unknown): Rounding {
	return value === 'floor' || value === 'ceil' || value === 'round' ? value : undefined;
}

/** What a convolution of this input and filter shape does, by TensorFlow.js' own rules. Images are NHWC. */
export function convolutionInfo(inShape: Shape4, filterShape: Shape4, attributes: tf.NamedAttrMap): ConvolutionInfo {
	const { strides, dilations, pad, dimRoundingMode } = attributes;
	return tf.backend_util.computeConv2DInfo(inShape, filterShape, pair(strides), pair(dilations), padding(pad), rounding(dimRoundingMode));
}

/** What a pooling of NHWC images does. */
export function poolInfo(inShape: Shape4, attributes: tf.NamedAttrMap): ConvolutionInfo {
	const { filterSize, strides, pad, dimRoundingMode } = attributes;
	return tf.backend_util.computePool2DInfo(inShape, pair(filterSize), pair(strides), 1, padding(pad), rounding(dimRoundingMode));
}

/** True for NHWC without dilation: what our convolutions cover. */
export function isPlainConvolution(attributes: tf.NamedAttrMap): boolean {
	const { dataFormat, dilations } = attributes;
	return (dataFormat === undefined || dataFormat === 'NHWC') && pair(dilations).every((dilation) => dilation === 1);
}

export function convolutionSizes(info: ConvolutionInfo): ConvolutionSizes {
	return [
		info.batchSize,
		info.inHeight,
		info.inWidth,
		info.inChannels,
		info.outHeight,
		info.outWidth,
		info.outChannels,
		info.filterHeight,
		info.filterWidth,
		info.strideHeight,
		info.strideWidth,
		info.padInfo.top,
		info.padInfo.left,
	];
}
