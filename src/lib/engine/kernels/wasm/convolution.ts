/** Conv2D, FusedConv2D and both gradients of Conv2D over our module. */
import { tf } from '../../tf.ts';
import { convolutionInfo, convolutionSizes, input, isPlainConvolution, shape4, shapeAttribute } from '../attributes.ts';
import { kernelsOf, type WasmKernels } from './module.ts';

/** The activations of the assembly's `ACTIVATION_…`. */
const activationCodes: Readonly<Record<string, number>> = { linear: 0, relu: 1 };

function isEmpty(...infos: readonly tf.TensorInfo[]): boolean {
	return infos.some((info) => tf.util.sizeFromShape(info.shape) === 0);
}

function isFloat(...infos: readonly (tf.TensorInfo | undefined)[]): boolean {
	return infos.every((info) => info === undefined || info.dtype === 'float32');
}

function convolve(
	kernels: WasmKernels,
	x: tf.TensorInfo,
	filter: tf.TensorInfo,
	bias: tf.TensorInfo | undefined,
	attributes: tf.NamedAttrMap,
	code: number,
) {
	const info = convolutionInfo(shape4(x.shape), shape4(filter.shape), attributes);
	const out = kernels.output(info.outShape);
	if (!isEmpty(out)) {
		const biasAddress = bias ? kernels.address(bias) : 0;
		kernels.run.convolution(
			kernels.address(x),
			kernels.address(filter),
			biasAddress,
			kernels.address(out),
			...convolutionSizes(info),
			code,
		);
	}
	return out;
}

/** Conv2D; dilated, NCHW and integer convolutions go to `stock`. */
export function conv2D(module: WebAssembly.Module, stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const x = input(inputs, 'x');
		const filter = input(inputs, 'filter');
		if (!isPlainConvolution(attrs) || !isFloat(x, filter)) return stock(call);
		return convolve(kernelsOf(backend, module), x, filter, undefined, attrs, 0);
	};
}

/** FusedConv2D with a bias per channel and no activation or ReLU; everything else goes to `stock`. */
export function fusedConv2D(module: WebAssembly.Module, stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const x = input(inputs, 'x');
		const filter = input(inputs, 'filter');
		const bias = inputs['bias'];
		const code = typeof attrs['activation'] === 'string' ? activationCodes[attrs['activation']] : 0;
		const biasFits = !bias || (bias.shape.length === 1 && bias.shape[0] === filter.shape[3]);
		if (code === undefined || !biasFits || !isPlainConvolution(attrs) || !isFloat(x, filter, bias)) return stock(call);
		return convolve(kernelsOf(backend, module), x, filter, bias, attrs, code);
	};
}

/** Conv2DBackpropInput, which is also the transposed convolution; NCHW goes to `stock`. */
export function conv2DBackpropInput(module: WebAssembly.Module, stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const dy = input(inputs, 'dy');
		const filter = input(inputs, 'filter');
		if (!isPlainConvolution(attrs) || !isFloat(dy, filter)) return stock(call);
		const kernels = kernelsOf(backend, module);
		const inputShape = shapeAttribute(attrs, 'inputShape');
		const info = convolutionInfo(inputShape, shape4(filter.shape), attrs);
		const dx = kernels.output(inputShape);
		if (isEmpty(dx)) return dx;
		kernels.run.convolutionInputGradient(kernels.address(dy), kernels.address(filter), kernels.address(dx), ...convolutionSizes(info));
		return dx;
	};
}

/** Conv2DBackpropFilter for NHWC, which the stock backend lacks altogether. */
export function conv2DBackpropFilter(module: WebAssembly.Module): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const x = input(inputs, 'x');
		const dy = input(inputs, 'dy');
		if (!isPlainConvolution(attrs)) throw new Error('Conv2DBackpropFilter on wasm takes NHWC images without dilation only.');
		const kernels = kernelsOf(backend, module);
		const filterShape = shapeAttribute(attrs, 'filterShape');
		const info = convolutionInfo(shape4(x.shape), filterShape, attrs);
		const gradient = kernels.output(filterShape);
		if (isEmpty(gradient)) return gradient;
		kernels.run.convolutionFilterGradient(kernels.address(x), kernels.address(dy), kernels.address(gradient), ...convolutionSizes(info));
		return gradient;
	};
}
