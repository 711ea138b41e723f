/**
 * MaxPoolGrad over our module. TensorFlow.js 4.22's own starts each window from the smallest positive float, so that windows without a
 * positive value get no gradient.
 */
import { tf } from '../../tf.ts';
import { convolutionSizes, input, poolInfo, shape4 } from '../attributes.ts';
import { kernelsOf } from './module.ts';

export function maxPoolGrad(module: WebAssembly.Module, stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const dy = input(inputs, 'dy');
		const x = input(inputs, 'input');
		if (x.dtype !== 'float32') return stock(call);
		const kernels = kernelsOf(backend, module);
		const [batch, height, width, channels, outHeight, outWidth, , ...window] = convolutionSizes(poolInfo(shape4(x.shape), attrs));
		const dx = kernels.output(x.shape);
		if (tf.util.sizeFromShape(x.shape) === 0) return dx;
		kernels.run.maxPoolGradient(
			kernels.address(dy),
			kernels.address(x),
			kernels.address(dx),
			...[batch, height, width, channels, outHeight, outWidth, ...window],
		);
		return dx;
	};
}
