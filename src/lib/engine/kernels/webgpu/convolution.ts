/** Conv2D, FusedConv2D and the gradients of a convolution by our own programs; contracts in `register.ts`. */
import { tf } from '../../tf.ts';
import { convolutionInfo, input, isPlainConvolution, shape4, shapeAttribute } from '../attributes.ts';
import { convolveCode, convolveKey, convolveWorkgroups, type ConvolveShape } from './convolve.ts';
import { filterGradientCode, filterGradientKey, filterGradientWorkgroups, sliceCount, sliceLength } from './filter-gradient.ts';
import { filterGradientShape, forwardShape, inputGradientShape, stridedGradientShape, wholePart } from './convolution-shapes.ts';
import { recorderOf, type GpuRecorder } from './recorder.ts';
import { sumCopies } from './resample.ts';
import { stridedGradientCode, stridedGradientKey, stridedGradientWorkgroups } from './strided-gradient.ts';
import { sumSlicesCode, sumSlicesKey, sumSlicesWorkgroups } from './sum-slices.ts';
import type { Part } from './wgsl.ts';

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

/** One tensor for each of the shape's targets. */
function convolveApart(recorder: GpuRecorder, shape: ConvolveShape, inputs: readonly tf.TensorInfo[]): tf.TensorInfo[] {
	const { batch, targetHeight, targetWidth, targets } = shape;
	const results = targets.map(({ channels }) => recorder.output([batch, targetHeight, targetWidth, channels]));
	recorder.run(convolveKey(shape), () => convolveCode(shape), [...inputs, ...results], convolveWorkgroups(shape));
	return results;
}

function convolve(recorder: GpuRecorder, shape: ConvolveShape, inputs: readonly tf.TensorInfo[]): tf.TensorInfo {
	const [result] = convolveApart(recorder, shape, inputs);
	if (!result) throw new TypeError('a convolution has no target');
	return result;
}

function stridedGradient(recorder: GpuRecorder, info: Info, dy: tf.TensorInfo, filter: tf.TensorInfo): tf.TensorInfo {
	const shape = stridedGradientShape(info);
	const result = recorder.output(info.inShape);
	const bindings = [dy, filter, result];
	recorder.run(stridedGradientKey(shape), () => stridedGradientCode(shape), bindings, stridedGradientWorkgroups(shape));
	return result;
}

/** [dFilter, dBias]; `outcome` masks the slopes. */
function filterGradient(
	recorder: GpuRecorder,
	info: Info,
	inputs: readonly tf.TensorInfo[],
	dy: tf.TensorInfo,
	{ outcome, parts = wholePart(info.inChannels) }: { readonly outcome?: tf.TensorInfo | undefined; readonly parts?: readonly Part[] },
) {
	const shape = filterGradientShape(info, outcome !== undefined, parts);
	const [count, length] = [sliceCount(shape), sliceLength(shape)];
	const slices = recorder.scratch(count * length);
	const read = outcome ? [...inputs, dy, outcome] : [...inputs, dy];
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
		const [dFilter, dBias] = filterGradient(recorder, info, [x], dy, {});
		recorder.free(dBias);
		return dFilter;
	};
}

/** The parts of what is convolved, in their order, and the convolution of them. Its attributes are those of FusedConv2D and scales. */
function joinedInput(inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) {
	const below = inputs['below'];
	const tensors = [input(inputs, 'x'), ...(below ? [below] : [])];
	const scales = attrs['scales'];
	const parts = tensors.map(({ shape }, index): Part => {
		const scale = Array.isArray(scales) && scales[index] === 2 ? 2 : 1;
		return { channels: shape4(shape)[3], scale };
	});
	const [batchSize, height, width] = shape4(input(inputs, 'x').shape);
	const side = parts[0]?.scale ?? 1;
	const channels = parts.reduce((sum, part) => sum + part.channels, 0);
	const info = convolutionInfo([batchSize, height * side, width * side, channels], shape4(input(inputs, 'filter').shape), attrs);
	return { tensors, parts, info };
}

/** OverlapConvolution. */
export function joinedConvolution(): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const { tensors, parts, info } = joinedInput(inputs, attrs);
		const bias = inputs['bias'];
		const shape = forwardShape(info, bias !== undefined, attrs['activation'] === 'relu', parts);
		return convolve(recorderOf(backend), shape, [...tensors, input(inputs, 'filter'), ...(bias ? [bias] : [])]);
	};
}

/** OverlapConvolutionGrad, for the convolutions of `fused.ts`: stride 1, 'same'. */
export function convolutionGradient(): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const [filter, dy, outcome] = [input(inputs, 'filter'), input(inputs, 'dy'), inputs['y']];
		const recorder = recorderOf(backend);
		const { tensors, parts, info } = joinedInput(inputs, attrs);
		const gradients = filterGradient(recorder, info, tensors, dy, { outcome, parts });
		if (attrs['trainsInput'] !== true) return [...gradients];
		const shape = inputGradientShape(info, outcome !== undefined, parts);
		const large = convolveApart(recorder, shape, outcome ? [dy, outcome, filter] : [dy, filter]);
		const slopes = large.map((slope, index) => {
			const small = tensors[index];
			if (!small || parts[index]?.scale !== 2) return slope;
			const summed = sumCopies(recorder, slope, shape4(small.shape));
			recorder.free(slope);
			return summed;
		});
		return [...slopes, ...gradients];
	};
}
