/** Conv2DBackpropFilter made of stock operations, for a backend without that kernel when our module cannot be loaded. */
import { tf } from '../../tf.ts';
import { convolutionInfo, input, isPlainConvolution, shape4, shapeAttribute } from '../attributes.ts';

/**
 * A tensor over data that the caller owns. Its reference is counted, so that disposing of it (as `tf.tidy` does) does not free the
 * caller's data.
 */
function borrow(backend: object, info: tf.TensorInfo): tf.Tensor {
	if (!(backend instanceof tf.KernelBackend)) throw new Error('The kernel was called without a backend.');
	backend.incRef(info.dataId);
	return tf.engine().makeTensorFromTensorInfo(info);
}

/** What the tap (row, column) sees of the padded input, for every output pixel: [batch, outHeight, outWidth, inChannels]. */
function shifted(padded: tf.Tensor4D, row: number, column: number, info: ReturnType<typeof convolutionInfo>): tf.Tensor4D {
	const { batchSize, strideHeight, strideWidth, outHeight, outWidth, inChannels } = info;
	const height = (outHeight - 1) * strideHeight + 1;
	const width = (outWidth - 1) * strideWidth + 1;
	const window = tf.slice4d(padded, [0, row, column, 0], [batchSize, height, width, inChannels]);
	if (strideHeight === 1 && strideWidth === 1) return window;
	return tf.reshape<tf.Rank.R4>(tf.stridedSlice(window, [0, 0, 0, 0], window.shape, [1, strideHeight, strideWidth, 1]), [
		batchSize,
		outHeight,
		outWidth,
		inChannels,
	]);
}

/** [kernelHeight, kernelWidth, inChannels, outChannels]: for each tap, (shifted x)ᵀ · dy as one matrix product over all pixels. */
function composedFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, info: ReturnType<typeof convolutionInfo>): tf.Tensor4D {
	const { filterHeight, filterWidth, strideHeight, strideWidth, outHeight, outWidth, inChannels, outChannels, padInfo } = info;
	const below = Math.max(0, (outHeight - 1) * strideHeight + filterHeight - info.inHeight - padInfo.top);
	const right = Math.max(0, (outWidth - 1) * strideWidth + filterWidth - info.inWidth - padInfo.left);
	const padded = tf.pad4d(x, [
		[0, 0],
		[padInfo.top, below],
		[padInfo.left, right],
		[0, 0],
	]);
	const gradients = tf.reshape(dy, [-1, outChannels]);
	const taps = Array.from({ length: filterHeight * filterWidth }, (_, tap) => {
		const row = Math.floor(tap / filterWidth);
		const column = tap % filterWidth;
		const seen = shifted(padded, row, column, info);
		// The stock matrix product is fast only without its own transposition.
		return tf.matMul(tf.transpose(tf.reshape(seen, [-1, inChannels])), gradients);
	});
	return tf.reshape(tf.stack(taps), [filterHeight, filterWidth, inChannels, outChannels]);
}

/** Registers the composed kernel where `backendName` has none. */
export function registerComposedFilterGradient(backendName: string): void {
	if (tf.getKernel('Conv2DBackpropFilter', backendName)) return;
	tf.registerKernel({
		kernelName: 'Conv2DBackpropFilter',
		backendName,
		kernelFunc: ({ inputs, backend, attrs = {} }) => {
			if (!isPlainConvolution(attrs)) throw new Error('The composed Conv2DBackpropFilter takes NHWC images without dilation only.');
			const info = convolutionInfo(shape4(input(inputs, 'x').shape), shapeAttribute(attrs, 'filterShape'), attrs);
			return tf.tidy(() => {
				const x = tf.reshape<tf.Rank.R4>(borrow(backend, input(inputs, 'x')), info.inShape);
				const dy = tf.reshape<tf.Rank.R4>(borrow(backend, input(inputs, 'dy')), info.outShape);
				return composedFilterGradient(x, dy, info);
			});
		},
	});
}
