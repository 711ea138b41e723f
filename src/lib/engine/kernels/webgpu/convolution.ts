/** Conv2D, FusedConv2D and the gradients of a convolution by our own programs; contracts in `register.ts`. */
import { tf } from '../../tf.ts';
import { convolutionInfo, input, isPlainConvolution, shape4, shapeAttribute } from '../attributes.ts';
import { convolveCode, convolveKey, convolveWorkgroups, type ConvolveShape } from './convolve.ts';
import {
	filterGradientCode,
	filterGradientKey,
	filterGradientWorkgroups,
	sliceCount,
	sliceLength,
	type FilterGradientShape,
} from './filter-gradient.ts';
import { recorderOf, type GpuRecorder } from './recorder.ts';
import { stridedGradientCode, stridedGradientKey, stridedGradientWorkgroups, type StridedGradientShape } from './strided-gradient.ts';
import { sumSlicesCode, sumSlicesKey, sumSlicesWorkgroups } from './sum-slices.ts';

type Info = ReturnType<typeof convolutionInfo>;

/** Kernels and strides up to this are unrolled. */
const longestUnrolled = 7;

/** Whether our programs take it: NHWC, float32, not dilated, nothing empty, and short enough to be unrolled. */
function fits(attrs: tf.NamedAttrMap, shapes: readonly (tf.TensorInfo | undefined)[]): boolean {
	return (
		isPlainConvolution(attrs) &&
		shapes.every((info) => info === undefined || (info.dtype === 'float32' && tf.util.sizeFromShape(info.shape) > 0))
	);
}

const isShort = ({ filterWidth, strideWidth, outHeight, outWidth }: Info): boolean =>
	filterWidth <= longestUnrolled && strideWidth <= longestUnrolled && outHeight > 0 && outWidth > 0;

function forwardShape(info: Info, bias: boolean, relu: boolean): ConvolveShape {
	return {
		batch: info.batchSize,
		sourceHeight: info.inHeight,
		sourceWidth: info.inWidth,
		sourceChannels: info.inChannels,
		targetHeight: info.outHeight,
		targetWidth: info.outWidth,
		targetChannels: info.outChannels,
		kernelHeight: info.filterHeight,
		kernelWidth: info.filterWidth,
		strideHeight: info.strideHeight,
		strideWidth: info.strideWidth,
		top: info.padInfo.top,
		left: info.padInfo.left,
		transposed: false,
		masked: false,
		bias,
		relu,
	};
}

/** Of a convolution of stride 1. */
function inputGradientShape(info: Info, masked: boolean): ConvolveShape {
	return {
		...forwardShape(info, false, false),
		sourceHeight: info.outHeight,
		sourceWidth: info.outWidth,
		sourceChannels: info.outChannels,
		targetHeight: info.inHeight,
		targetWidth: info.inWidth,
		targetChannels: info.inChannels,
		top: info.filterHeight - 1 - info.padInfo.top,
		left: info.filterWidth - 1 - info.padInfo.left,
		transposed: true,
		masked,
	};
}

function filterGradientShape(info: Info, masked: boolean): FilterGradientShape {
	return {
		batch: info.batchSize,
		inHeight: info.inHeight,
		inWidth: info.inWidth,
		inChannels: info.inChannels,
		outHeight: info.outHeight,
		outWidth: info.outWidth,
		outChannels: info.outChannels,
		kernelHeight: info.filterHeight,
		kernelWidth: info.filterWidth,
		strideHeight: info.strideHeight,
		strideWidth: info.strideWidth,
		top: info.padInfo.top,
		left: info.padInfo.left,
		masked,
	};
}

function convolve(recorder: GpuRecorder, shape: ConvolveShape, inputs: readonly tf.TensorInfo[]): tf.TensorInfo {
	const result = recorder.output([shape.batch, shape.targetHeight, shape.targetWidth, shape.targetChannels]);
	recorder.run(convolveKey(shape), () => convolveCode(shape), [...inputs, result], convolveWorkgroups(shape));
	return result;
}

function stridedGradient(recorder: GpuRecorder, info: Info, dy: tf.TensorInfo, filter: tf.TensorInfo): tf.TensorInfo {
	const shape: StridedGradientShape = {
		batch: info.batchSize,
		sourceHeight: info.outHeight,
		sourceWidth: info.outWidth,
		sourceChannels: info.outChannels,
		targetHeight: info.inHeight,
		targetWidth: info.inWidth,
		targetChannels: info.inChannels,
		kernelHeight: info.filterHeight,
		kernelWidth: info.filterWidth,
		strideHeight: info.strideHeight,
		strideWidth: info.strideWidth,
		top: info.padInfo.top,
		left: info.padInfo.left,
	};
	const result = recorder.output(info.inShape);
	const bindings = [dy, filter, result];
	recorder.run(stridedGradientKey(shape), () => stridedGradientCode(shape), bindings, stridedGradientWorkgroups(shape));
	return result;
}

/** [dFilter, dBias]; `outcome` masks the slopes. */
function filterGradient(recorder: GpuRecorder, info: Info, x: tf.TensorInfo, dy: tf.TensorInfo, outcome: tf.TensorInfo | undefined) {
	const shape = filterGradientShape(info, outcome !== undefined);
	const [count, length] = [sliceCount(shape), sliceLength(shape)];
	const slices = recorder.scratch(count * length);
	const read = outcome ? [x, dy, outcome] : [x, dy];
	recorder.run(filterGradientKey(shape), () => filterGradientCode(shape), [...read, slices], filterGradientWorkgroups(shape));
	const dFilter = recorder.output(info.filterShape);
	const dBias = recorder.output([info.outChannels]);
	const sizes = [count, length, info.outChannels] as const;
	recorder.run(sumSlicesKey(...sizes), () => sumSlicesCode(...sizes), [slices, dFilter, dBias], sumSlicesWorkgroups(length));
	return [dFilter, dBias] as const;
}

/** Conv2D; what ours does not take goes to `stock`. */
export function conv2D(stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const [x, filter] = [input(inputs, 'x'), input(inputs, 'filter')];
		if (!fits(attrs, [x, filter])) return stock(call);
		const info = convolutionInfo(shape4(x.shape), shape4(filter.shape), attrs);
		return isShort(info) ? convolve(recorderOf(backend), forwardShape(info, false, false), [x, filter]) : stock(call);
	};
}

/** FusedConv2D with a bias per channel and no activation or ReLU; everything else goes to `stock`. */
export function fusedConv2D(stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const [x, filter, bias] = [input(inputs, 'x'), input(inputs, 'filter'), inputs['bias']];
		const activation = attrs['activation'] ?? 'linear';
		const biasFits = !bias || (bias.shape.length === 1 && bias.shape[0] === filter.shape[3]);
		const known = activation === 'linear' || activation === 'relu';
		if (!known || !biasFits || inputs['preluActivationWeights'] || !fits(attrs, [x, filter, bias])) return stock(call);
		const info = convolutionInfo(shape4(x.shape), shape4(filter.shape), attrs);
		if (!isShort(info)) return stock(call);
		return convolve(
			recorderOf(backend),
			forwardShape(info, bias !== undefined, activation === 'relu'),
			bias ? [x, filter, bias] : [x, filter],
		);
	};
}

/** Conv2DBackpropInput. */
export function conv2DBackpropInput(stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const [dy, filter] = [input(inputs, 'dy'), input(inputs, 'filter')];
		if (!fits(attrs, [dy, filter])) return stock(call);
		const info = convolutionInfo(shapeAttribute(attrs, 'inputShape'), shape4(filter.shape), attrs);
		if (!isShort(info)) return stock(call);
		const recorder = recorderOf(backend);
		const strided = info.strideHeight !== 1 || info.strideWidth !== 1;
		return strided ? stridedGradient(recorder, info, dy, filter) : convolve(recorder, inputGradientShape(info, false), [dy, filter]);
	};
}

/** Conv2DBackpropFilter. */
export function conv2DBackpropFilter(stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const [x, dy] = [input(inputs, 'x'), input(inputs, 'dy')];
		if (!fits(attrs, [x, dy])) return stock(call);
		const info = convolutionInfo(shape4(x.shape), shapeAttribute(attrs, 'filterShape'), attrs);
		if (!isShort(info)) return stock(call);
		const recorder = recorderOf(backend);
		const [dFilter, dBias] = filterGradient(recorder, info, x, dy, undefined);
		recorder.free(dBias);
		return dFilter;
	};
}

/** OverlapConvolutionGrad, for the convolutions of `fused.ts`: stride 1, 'same'. */
export function convolutionGradient(): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const [x, filter, dy, y] = [input(inputs, 'x'), input(inputs, 'filter'), input(inputs, 'dy'), inputs['y']];
		const recorder = recorderOf(backend);
		const info = convolutionInfo(shape4(x.shape), shape4(filter.shape), attrs);
		const gradients = filterGradient(recorder, info, x, dy, y);
		if (attrs['trainsInput'] !== true) return [...gradients];
		const dx = convolve(recorder, inputGradientShape(info, y !== undefined), y ? [dy, y, filter] : [dy, filter]);
		return [dx, ...gradients];
	};
}
