/** The gradients of max-pooling and of nearest up-sampling, and the parts of a concatenation, in one dispatch each. */
import { tf } from '../../tf.ts';
import { input, poolInfo, shape4, type Shape4 } from '../attributes.ts';
import { recorderOf, type GpuRecorder } from './recorder.ts';
import { declare, entry, flatGroup, lanes, quads, reader, repeat, spread, whole, writer } from './wgsl.ts';

/** `quad`, `row` and `column` of a pixel and `image`, by one invocation a pixel of [batch, height, width] and a quad of channels. */
const place = (batch: number, height: number, width: number, channels: number): string => `
	let id = ${flatGroup} * ${lanes} + i32(lane);
	let quad = id % ${quads(channels)};
	let pixel = id / ${quads(channels)};
	if (pixel >= ${batch * height * width}) { return; }
	let column = pixel % ${width};
	let row = pixel / ${width} % ${height};
	let image = pixel / ${width * height};`;

const workgroups = (batch: number, height: number, width: number, channels: number) =>
	spread(Math.ceil((batch * height * width * quads(channels)) / lanes));

/**
 * Bindings: x, dy, dx. Windows of `rows` × `columns` do not overlap. The slope goes to the first of equal maxima, as on the cpu backend. An
 * invocation takes the window of one output pixel; of the border that no window reaches, the last windows write the zeros.
 */
function poolGradientCode(shape: readonly number[], out: readonly number[], rows: number, columns: number): string {
	const [batch = 0, height = 0, width = 0, channels = 0] = shape;
	const [, outHeight = 0, outWidth = 0] = out;
	const names = ['x', 'dy', 'dx'].map((name) => ({ name, quads: whole(channels), written: name === 'dx' }));
	const [borderRows, borderColumns] = [height - outHeight * rows, width - outWidth * columns];
	return `${declare(names)}
${reader('readX', 'x', channels)}
${reader('readDy', 'dy', channels)}
${writer('writeDx', 'dx', channels)}
${entry()} {${place(batch, outHeight, outWidth, channels)}
	let first = (image * ${height} + row * ${rows}) * ${width} + column * ${columns};
	var best = readX(first, quad);
	var bestAt = vec4<i32>();
	for (var at = 1; at < ${rows * columns}; at++) {
		let value = readX(first + at / ${columns} * ${width} + at % ${columns}, quad);
		bestAt = select(bestAt, vec4<i32>(at), value > best);
		best = max(best, value);
	}
	let slopes = readDy(pixel, quad);
	let below = select(0, ${borderRows}, row == ${outHeight - 1});
	let right = select(0, ${borderColumns}, column == ${outWidth - 1});
	for (var y = 0; y < ${rows} + below; y++) {
		for (var x = 0; x < ${columns} + right; x++) {
			let at = select(-1, y * ${columns} + x, y < ${rows} && x < ${columns});
			writeDx(first + y * ${width} + x, quad, select(vec4<f32>(), slopes, bestAt == vec4<i32>(at)));
		}
	}
}`;
}

/** MaxPoolGrad of windows that neither overlap nor are padded; others go to `stock`. */
export function maxPoolGrad(stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const [x, dy] = [input(inputs, 'input'), input(inputs, 'dy')];
		const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo, inShape, outShape } = poolInfo(shape4(x.shape), attrs);
		const apart = filterHeight === strideHeight && filterWidth === strideWidth && padInfo.top === 0 && padInfo.left === 0;
		const inside = outShape[1] * strideHeight <= inShape[1] && outShape[2] * strideWidth <= inShape[2];
		if (!apart || !inside || x.dtype !== 'float32' || tf.util.sizeFromShape(outShape) === 0) return stock(call);
		const recorder = recorderOf(backend);
		const dx = recorder.output(x.shape);
		const key = `pool gradient ${inShape.join()},${filterHeight},${filterWidth}`;
		recorder.run(key, () => poolGradientCode(inShape, outShape, filterHeight, filterWidth), [x, dy, dx], workgroups(...outShape));
		return dx;
	};
}

/** Bindings: dy, dx. Every pixel gets the sum of its `rows` × `columns` copies. */
function resizeGradientCode(shape: readonly number[], rows: number, columns: number): string {
	const [batch = 0, height = 0, width = 0, channels = 0] = shape;
	const names = ['dy', 'dx'].map((name) => ({ name, quads: whole(channels), written: name === 'dx' }));
	return `${declare(names)}
${reader('readDy', 'dy', channels)}
${writer('writeDx', 'dx', channels)}
${entry()} {${place(batch, height, width, channels)}
	let first = (image * ${height} + row) * ${rows * width * columns} + column * ${columns};
	var sum = vec4<f32>();
	for (var at = 0; at < ${rows * columns}; at++) { sum += readDy(first + at / ${columns} * ${width * columns} + at % ${columns}, quad); }
	writeDx(pixel, quad, sum);
}`;
}

/** The slopes of images [batch, height, width, channels] from those of the images enlarged by whole factors. */
export function sumCopies(recorder: GpuRecorder, dy: tf.TensorInfo, images: Shape4): tf.TensorInfo {
	const [, outHeight, outWidth] = shape4(dy.shape);
	const [rows, columns] = [outHeight / images[1], outWidth / images[2]];
	const dx = recorder.output(images);
	const key = `resize gradient ${images.join()},${rows},${columns}`;
	recorder.run(key, () => resizeGradientCode(images, rows, columns), [dy, dx], workgroups(...images));
	return dx;
}

/** ResizeNearestNeighborGrad by whole factors; others go to `stock`. */
export function resizeNearestNeighborGrad(stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const [images, dy] = [shape4(input(inputs, 'images').shape), input(inputs, 'dy')];
		const [, outHeight, outWidth] = shape4(dy.shape);
		const [rows, columns] = [outHeight / images[1], outWidth / images[2]];
		const repeats = attrs['alignCorners'] !== true && Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0;
		if (!repeats || dy.dtype !== 'float32' || tf.util.sizeFromShape(images) === 0) return stock(call);
		return sumCopies(recorderOf(backend), dy, images);
	};
}

/** Bindings: whole, then the parts, whose channels are `counts`. */
function splitCode(rows: number, counts: readonly number[]): string {
	const all = counts.reduce((sum, count) => sum + count, 0);
	const names = counts.map((_, index) => ({ name: `part${index}`, quads: false, written: true }));
	let start = 0;
	const one = (index: number): string => {
		const [from, count] = [start, counts[index] ?? 0];
		start += count;
		return `if (channel < ${start}) { part${index}[row * ${count} + channel - ${from}] = together[id]; return; }`;
	};
	return `${declare([{ name: 'together', quads: false }, ...names])}
${entry()} {
	let id = ${flatGroup} * ${lanes} + i32(lane);
	let row = id / ${all};
	let channel = id % ${all};
	if (row >= ${rows}) { return; }
	${repeat(counts.length, one)}
}`;
}

/** SplitV along the last axis into as many parts as can be bound; others go to `stock`. */
export function splitV(stock: tf.KernelFunc): tf.KernelFunc {
	return (call) => {
		const { inputs, backend, attrs = {} } = call;
		const together = input(inputs, 'x');
		const { numOrSizeSplits: sizes, axis = 0 } = attrs;
		const recorder = recorderOf(backend);
		const [last, mostParts] = [together.shape.length - 1, recorder.limits.maxStorageBuffersPerShaderStage - 1];
		const size = tf.util.sizeFromShape(together.shape);
		const fits = together.dtype === 'float32' && size > 0 && (axis === last || axis === -1);
		if (!fits || !Array.isArray(sizes) || sizes.length > mostParts) return stock(call);
		const counts = sizes.map(Number);
		if (counts.some((count) => !(count > 0))) return stock(call);
		const rows = size / (together.shape[last] ?? 1);
		const parts = counts.map((count) => recorder.output(together.shape.with(last, count)));
		recorder.run(`split ${rows},${counts.join()}`, () => splitCode(rows, counts), [together, ...parts], spread(Math.ceil(size / lanes)));
		return parts;
	};
}
