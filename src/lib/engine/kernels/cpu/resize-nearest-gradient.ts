/**
 * The gradient of nearest-neighbour resizing on tfjs' cpu backend, in the place of the stock kernel of 4.22, which steps
 * through `dy` by the strides of the smaller image: right for one image, wrong from the second of a batch on.
 */
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { tf } from '../../tf.ts';

const kernelName = 'ResizeNearestNeighborGrad';

function valuesOf(backend: MathBackendCPU, info: tf.TensorInfo): Float32Array {
	const values: unknown = backend.data.get(info.dataId).values;
	if (values instanceof Float32Array) return values;
	throw new TypeError('expected float32');
}

/** Source index of each output, as the forward kernel maps it without `alignCorners`. */
function sources(from: number, to: number): Int32Array {
	return Int32Array.from({ length: to }, (_, i) => Math.min(from - 1, Math.floor((i * from) / to)));
}

/** dy [B, H', W', C] → [B, H, W, C]: each pixel gets the sum of the pixels that were copied from it. */
function sumBySource(
	dy: Float32Array,
	[batch, height, width, channels]: readonly number[],
	outHeight: number,
	outWidth: number,
): Float32Array {
	if (batch === undefined || height === undefined || width === undefined || channels === undefined) throw new RangeError('expected rank 4');
	const rows = sources(height, outHeight);
	const columns = sources(width, outWidth);
	const dx = new Float32Array(batch * height * width * channels);
	let from = 0;
	for (let b = 0; b < batch; b++) {
		for (let y = 0; y < outHeight; y++) {
			for (let x = 0; x < outWidth; x++) {
				const to = ((b * height + rows[y]!) * width + columns[x]!) * channels;
				for (let c = 0; c < channels; c++) dx[to + c] = dx[to + c]! + dy[from++]!;
			}
		}
	}
	return dx;
}

/** Registers the kernel over the stock one. Calling it again changes nothing. */
export function mendResizeNearestGradient(): void {
	const stock = tf.getKernel(kernelName, 'cpu');
	if (!stock || mended.has(stock.kernelFunc)) return;
	const kernelFunc: tf.KernelFunc = (params) => {
		const { images, dy } = params.inputs;
		const { backend } = params;
		if (params.attrs?.['alignCorners'] === true || !images || !dy || !(backend instanceof MathBackendCPU)) return stock.kernelFunc(params);
		const [, outHeight = 1, outWidth = 1] = dy.shape;
		return backend.makeTensorInfo(images.shape, 'float32', sumBySource(valuesOf(backend, dy), images.shape, outHeight, outWidth));
	};
	mended.add(kernelFunc);
	tf.unregisterKernel(kernelName, 'cpu');
	tf.registerKernel({ ...stock, kernelFunc });
}

const mended = new WeakSet<tf.KernelFunc>();
