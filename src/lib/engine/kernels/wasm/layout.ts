/** Identity, Cast, Concat, SplitV, nearest up-sampling and sums over pixels: small, but stock they cost a third of a step. */
import { tf } from '../../tf.ts';
import { input, numberAttribute, shape4 } from '../attributes.ts';
import { kernelsOf, type WasmKernels } from './module.ts';

/** The stock kernel copies, though tensors never change; saving tensors for a gradient goes through it. */
export function identity(module: WebAssembly.Module, stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const x = input(call.inputs, 'x');
		return x.dtype === 'string' ? stock(call) : kernelsOf(call.backend, module).share(x, x.shape);
	};
}

/** A cast to the own type shares, as `identity` does. */
export function cast(module: WebAssembly.Module, stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const x = input(call.inputs, 'x');
		const same = x.dtype === call.attrs?.['dtype'] && x.dtype !== 'string';
		return same ? kernelsOf(call.backend, module).share(x, x.shape) : stock(call);
	};
}

function isFloat(infos: readonly tf.TensorInfo[]): boolean {
	return infos.every((info) => info.dtype === 'float32' && tf.util.sizeFromShape(info.shape) > 0);
}

function axisOf(attributes: tf.NamedAttrMap, rank: number): number {
	const axis = numberAttribute(attributes, 'axis');
	return axis < 0 ? axis + rank : axis;
}

/** Copies between a whole and one part of it, which starts at `offset` along `axis`. */
function copyPart(
	kernels: WasmKernels,
	whole: tf.TensorInfo,
	part: tf.TensorInfo,
	axis: number,
	offset: number,
	direction: 'in' | 'out',
): void {
	const inner = 4 * tf.util.sizeFromShape(part.shape.slice(axis + 1));
	const partBytes = inner * (part.shape[axis] ?? 1);
	const wholeBytes = inner * (whole.shape[axis] ?? 1);
	const rows = tf.util.sizeFromShape(part.shape.slice(0, axis));
	const at = kernels.address(whole) + offset * inner;
	const own = kernels.address(part);
	if (direction === 'in') kernels.run.copyRows(own, partBytes, at, wholeBytes, partBytes, rows);
	else kernels.run.copyRows(at, wholeBytes, own, partBytes, partBytes, rows);
}

export function concat(module: WebAssembly.Module, stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		// Concat's inputs are a list, though the type says a map.
		const parts = Object.values(call.inputs).filter((info) => info !== undefined);
		const [first] = parts;
		if (!first || !isFloat(parts)) return stock(call);
		const axis = axisOf(call.attrs ?? {}, first.shape.length);
		const shapes = parts.map((part) => part.shape);
		tf.backend_util.assertParamsConsistent(shapes, axis);
		const kernels = kernelsOf(call.backend, module);
		const whole = kernels.output(tf.backend_util.computeOutShape(shapes, axis));
		let offset = 0;
		for (const part of parts) {
			copyPart(kernels, whole, part, axis, offset, 'in');
			offset += part.shape[axis] ?? 1;
		}
		return whole;
	};
}

export function splitV(module: WebAssembly.Module, stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const whole = input(call.inputs, 'x');
		const sizes = call.attrs?.['numOrSizeSplits'];
		if (!isFloat([whole]) || !Array.isArray(sizes)) return stock(call);
		const counts = sizes.map(Number);
		const axis = axisOf(call.attrs ?? {}, whole.shape.length);
		if (counts.some((count) => count <= 0)) return stock(call);
		const kernels = kernelsOf(call.backend, module);
		let offset = 0;
		return counts.map((count) => {
			const part = kernels.output(whole.shape.with(axis, count));
			copyPart(kernels, whole, part, axis, offset, 'out');
			offset += count;
			return part;
		});
	};
}

interface Factors {
	readonly rows: number;
	readonly columns: number;
}

/** Whole factors from the size of an image to that of its enlargement; undefined where nearest neighbours are more than repetition. */
function factors(small: readonly number[], large: readonly number[], attributes: tf.NamedAttrMap): Factors | undefined {
	const [height = 1, width = 1] = small;
	const [outHeight = 1, outWidth = 1] = large;
	const rows = outHeight / height;
	const columns = outWidth / width;
	if (attributes['alignCorners'] === true || !Number.isInteger(rows) || !Number.isInteger(columns)) return undefined;
	return { rows, columns };
}

export function resizeNearestNeighbor(module: WebAssembly.Module, stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const images = input(call.inputs, 'images');
		const size = call.attrs?.['size'];
		if (!isFloat([images]) || !Array.isArray(size)) return stock(call);
		const [batch, height, width, channels] = shape4(images.shape);
		const [outHeight = 0, outWidth = 0] = size.map(Number);
		const factor = factors([height, width], [outHeight, outWidth], call.attrs ?? {});
		if (!factor) return stock(call);
		const kernels = kernelsOf(call.backend, module);
		const out = kernels.output([batch, outHeight, outWidth, channels]);
		kernels.run.upsample(kernels.address(images), kernels.address(out), batch * height, width, channels, factor.rows, factor.columns);
		return out;
	};
}

export function resizeNearestNeighborGrad(module: WebAssembly.Module, stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const images = input(call.inputs, 'images');
		const dy = input(call.inputs, 'dy');
		const [batch, height, width, channels] = shape4(images.shape);
		const factor = factors([height, width], dy.shape.slice(1), call.attrs ?? {});
		if (!factor || !isFloat([images, dy])) return stock(call);
		const kernels = kernelsOf(call.backend, module);
		const dx = kernels.output(images.shape);
		kernels.run.upsampleGradient(kernels.address(dy), kernels.address(dx), batch * height, width, channels, factor.rows, factor.columns);
		return dx;
	};
}

/** Sums over the leading axes, such as a bias gradient; the stock kernel transposes the whole tensor first. Other sums are stock. */
export function sum(module: WebAssembly.Module, stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const x = input(call.inputs, 'x');
		const { axis, keepDims } = call.attrs ?? {};
		const axes = Array.isArray(axis) ? axis.map(Number).sort((a, b) => a - b) : [];
		const leading = axes.length > 0 && axes.length < x.shape.length && axes.every((value, index) => value === index);
		if (!leading || !isFloat([x])) return stock(call);
		const kernels = kernelsOf(call.backend, module);
		const rest = x.shape.slice(axes.length);
		const out = kernels.output(keepDims === true ? [...axes.map(() => 1), ...rest] : rest);
		const rows = tf.util.sizeFromShape(x.shape.slice(0, axes.length));
		kernels.run.sumRows(kernels.address(x), kernels.address(out), rows, tf.util.sizeFromShape(rest));
		return out;
	};
}
