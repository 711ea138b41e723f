/** Normalisation and its gradient as one pass each; the contracts stand in `register.ts`. */
import { tf } from '../../tf.ts';
import { input, numberAttribute } from '../attributes.ts';
import { kernelsOf, type NormSizes } from './module.ts';

function normSizes(x: tf.TensorInfo, attrs: tf.NamedAttrMap): NormSizes {
	const samples = numberAttribute(attrs, 'samples');
	const groups = numberAttribute(attrs, 'groups');
	const channels = x.shape.at(-1) ?? 1;
	const pixels = tf.util.sizeFromShape(x.shape) / (samples * channels);
	if (!Number.isInteger(pixels) || !Number.isInteger(channels / groups)) {
		throw new RangeError(`[${x.shape.join(', ')}] cannot be normalised as ${samples} samples of ${groups} groups.`);
	}
	return [samples, pixels, channels, groups];
}

const activationCode = (attrs: tf.NamedAttrMap): number => (attrs['activation'] === 'relu' ? 1 : 0);

export function norm(module: WebAssembly.Module): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const kernels = kernelsOf(backend, module);
		const x = input(inputs, 'x');
		const sizes = normSizes(x, attrs);
		const [samples, , channels] = sizes;
		const y = kernels.output(x.shape);
		const mean = kernels.output([samples, channels]);
		const variance = kernels.output([samples, channels]);
		kernels.run.normalize(
			kernels.address(x),
			kernels.address(input(inputs, 'scale')),
			kernels.address(input(inputs, 'offset')),
			kernels.address(y),
			kernels.address(mean),
			kernels.address(variance),
			...sizes,
			numberAttribute(attrs, 'epsilon'),
			activationCode(attrs),
		);
		return [y, mean, variance];
	};
}

export function normGradient(module: WebAssembly.Module): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const kernels = kernelsOf(backend, module);
		const x = input(inputs, 'x');
		const sizes = normSizes(x, attrs);
		const [, , channels] = sizes;
		const dx = kernels.output(x.shape);
		const dScale = kernels.output([channels]);
		const dOffset = kernels.output([channels]);
		kernels.run.normalizeGradient(
			kernels.address(input(inputs, 'dy')),
			kernels.address(x),
			kernels.address(input(inputs, 'mean')),
			kernels.address(input(inputs, 'variance')),
			kernels.address(input(inputs, 'scale')),
			kernels.address(input(inputs, 'offset')),
			kernels.address(dx),
			kernels.address(dScale),
			kernels.address(dOffset),
			...sizes,
			numberAttribute(attrs, 'epsilon'),
			activationCode(attrs),
		);
		return [dx, dScale, dOffset];
	};
}
