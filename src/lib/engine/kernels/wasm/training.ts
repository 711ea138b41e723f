/** The kernels of a training step that TensorFlow.js has no name for; their contracts stand in `register.ts`. */
import { tf } from '../../tf.ts';
import { input, numberAttribute } from './attributes.ts';
import { kernelsOf, type WasmKernels } from './module.ts';

export function batchNorm(module: WebAssembly.Module): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const kernels = kernelsOf(backend, module);
		const x = input(inputs, 'x');
		const channels = x.shape.at(-1) ?? 1;
		const y = kernels.output(x.shape);
		const mean = kernels.output([channels]);
		const variance = kernels.output([channels]);
		kernels.run.batchNorm(
			kernels.address(x),
			kernels.address(input(inputs, 'scale')),
			kernels.address(input(inputs, 'offset')),
			kernels.address(y),
			kernels.address(mean),
			kernels.address(variance),
			tf.util.sizeFromShape(x.shape) / channels,
			channels,
			numberAttribute(attrs, 'epsilon'),
			attrs['activation'] === 'relu' ? 1 : 0,
		);
		return [y, mean, variance];
	};
}

export function batchNormGradient(module: WebAssembly.Module): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const kernels = kernelsOf(backend, module);
		const x = input(inputs, 'x');
		const channels = x.shape.at(-1) ?? 1;
		const dx = kernels.output(x.shape);
		const dScale = kernels.output([channels]);
		const dOffset = kernels.output([channels]);
		kernels.run.batchNormGradient(
			kernels.address(input(inputs, 'dy')),
			kernels.address(x),
			kernels.address(input(inputs, 'mean')),
			kernels.address(input(inputs, 'variance')),
			kernels.address(input(inputs, 'scale')),
			kernels.address(input(inputs, 'offset')),
			kernels.address(dx),
			kernels.address(dScale),
			kernels.address(dOffset),
			tf.util.sizeFromShape(x.shape) / channels,
			channels,
			numberAttribute(attrs, 'epsilon'),
			attrs['activation'] === 'relu' ? 1 : 0,
		);
		return [dx, dScale, dOffset];
	};
}

/** min(1, clipNorm / norm); 1 without clipping. The norm is kept from 0 so that a zero gradient stays zero. */
function clipFactor(kernels: WasmKernels, norm: tf.TensorInfo | undefined, clipNorm: number): number {
	if (!norm || clipNorm <= 0) return 1;
	return Math.min(1, clipNorm / Math.max(kernels.read(norm), 1e-12));
}

export function adam(module: WebAssembly.Module): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const kernels = kernelsOf(backend, module);
		const variable = input(inputs, 'variable');
		const beta1 = numberAttribute(attrs, 'beta1');
		const beta2 = numberAttribute(attrs, 'beta2');
		const step = numberAttribute(attrs, 'step');
		const learningRate = numberAttribute(attrs, 'learningRate');
		const weightDecay = numberAttribute(attrs, 'weightDecay', 0);
		const decoupled = attrs['decoupled'] === true;
		kernels.run.adam(
			kernels.address(variable),
			kernels.address(input(inputs, 'firstMoment')),
			kernels.address(input(inputs, 'secondMoment')),
			kernels.address(input(inputs, 'gradient')),
			tf.util.sizeFromShape(variable.shape),
			beta1,
			beta2,
			learningRate / (1 - beta1 ** step),
			1 / Math.sqrt(1 - beta2 ** step),
			numberAttribute(attrs, 'epsilon'),
			clipFactor(kernels, inputs['norm'], numberAttribute(attrs, 'clipNorm', 0)),
			decoupled ? 0 : weightDecay,
			decoupled ? 1 - learningRate * weightDecay : 1,
		);
		return [];
	};
}

export function globalNorm(module: WebAssembly.Module): tf.KernelFunc {
	return ({ inputs, backend }) => {
		const kernels = kernelsOf(backend, module);
		let squares = 0;
		for (const info of Object.values(inputs)) {
			if (info) squares += kernels.run.sumOfSquares(kernels.address(info), tf.util.sizeFromShape(info.shape));
		}
		return kernels.scalar(Math.sqrt(squares));
	};
}
