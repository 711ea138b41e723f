/**
 * The core of every convolution: a block of four pixels × eight output channels is held in registers while all taps pass by. For each
 * kernel row the taps of one output pixel, columns and input channels together, lie side by side in the (padded) input, so the
 * same loop serves any kernel size, stride and channel count.
 */
import { blockWidth } from './pack';
import { multiplyAdd, rectify, storeLanes } from './simd';
import { copyWindow, inputExtent, rowsPerStrip } from './strip';

export const ACTIVATION_NONE: i32 = 0;
export const ACTIVATION_RELU: i32 = 1;

// @ts-ignore: decorator
@inline
function activate(value: v128, activation: i32): v128 {
	return activation == ACTIVATION_RELU ? rectify(value) : value;
}

/** Four neighbouring output pixels × eight channels. `lanes` of the eight are stored. */
function fourByEight(
	x: usize,
	pixelBytes: usize,
	rowBytes: usize,
	kernelHeight: i32,
	tapRowBytes: usize,
	filter: usize,
	bias: usize,
	out: usize,
	outPixelBytes: usize,
	lanes: i32,
	activation: i32,
): void {
	let low0 = v128.load(bias);
	let high0 = v128.load(bias, 16);
	let low1 = low0;
	let high1 = high0;
	let low2 = low0;
	let high2 = high0;
	let low3 = low0;
	let high3 = high0;
	for (let kernelRow = 0; kernelRow < kernelHeight; kernelRow++) {
		let x0 = x;
		let x1 = x0 + pixelBytes;
		let x2 = x1 + pixelBytes;
		let x3 = x2 + pixelBytes;
		const end = x + tapRowBytes;
		while (x0 < end) {
			const weightLow = v128.load(filter);
			const weightHigh = v128.load(filter, 16);
			let value = v128.load_splat<f32>(x0);
			low0 = multiplyAdd(value, weightLow, low0);
			high0 = multiplyAdd(value, weightHigh, high0);
			value = v128.load_splat<f32>(x1);
			low1 = multiplyAdd(value, weightLow, low1);
			high1 = multiplyAdd(value, weightHigh, high1);
			value = v128.load_splat<f32>(x2);
			low2 = multiplyAdd(value, weightLow, low2);
			high2 = multiplyAdd(value, weightHigh, high2);
			value = v128.load_splat<f32>(x3);
			low3 = multiplyAdd(value, weightLow, low3);
			high3 = multiplyAdd(value, weightHigh, high3);
			filter += 32;
			x0 += 4;
			x1 += 4;
			x2 += 4;
			x3 += 4;
		}
		x += rowBytes;
	}
	storeEight(out, low0, high0, lanes, activation);
	storeEight(out + outPixelBytes, low1, high1, lanes, activation);
	storeEight(out + 2 * outPixelBytes, low2, high2, lanes, activation);
	storeEight(out + 3 * outPixelBytes, low3, high3, lanes, activation);
}

// @ts-ignore: decorator
@inline
function storeEight(out: usize, low: v128, high: v128, lanes: i32, activation: i32): void {
	v128.store(out, activate(low, activation));
	storeLanes(out + 16, activate(high, activation), lanes - 4);
}

/** One output pixel × eight channels, for rows narrower than four. */
function oneByEight(
	x: usize,
	rowBytes: usize,
	kernelHeight: i32,
	tapRowBytes: usize,
	filter: usize,
	bias: usize,
	out: usize,
	lanes: i32,
	activation: i32,
): void {
	let low = v128.load(bias);
	let high = v128.load(bias, 16);
	for (let kernelRow = 0; kernelRow < kernelHeight; kernelRow++) {
		for (let tap: usize = 0; tap < tapRowBytes; tap += 4) {
			const value = v128.load_splat<f32>(x + tap);
			low = multiplyAdd(value, v128.load(filter), low);
			high = multiplyAdd(value, v128.load(filter, 16), high);
			filter += 32;
		}
		x += rowBytes;
	}
	storeEight(out, low, high, lanes, activation);
}

/** Four neighbouring output pixels × at most four channels. */
function fourByFour(
	x: usize,
	pixelBytes: usize,
	rowBytes: usize,
	kernelHeight: i32,
	tapRowBytes: usize,
	filter: usize,
	bias: usize,
	out: usize,
	outPixelBytes: usize,
	lanes: i32,
	activation: i32,
): void {
	let sum0 = v128.load(bias);
	let sum1 = sum0;
	let sum2 = sum0;
	let sum3 = sum0;
	for (let kernelRow = 0; kernelRow < kernelHeight; kernelRow++) {
		let x0 = x;
		let x1 = x0 + pixelBytes;
		let x2 = x1 + pixelBytes;
		let x3 = x2 + pixelBytes;
		const end = x + tapRowBytes;
		while (x0 < end) {
			const weight = v128.load(filter);
			sum0 = multiplyAdd(v128.load_splat<f32>(x0), weight, sum0);
			sum1 = multiplyAdd(v128.load_splat<f32>(x1), weight, sum1);
			sum2 = multiplyAdd(v128.load_splat<f32>(x2), weight, sum2);
			sum3 = multiplyAdd(v128.load_splat<f32>(x3), weight, sum3);
			filter += 16;
			x0 += 4;
			x1 += 4;
			x2 += 4;
			x3 += 4;
		}
		x += rowBytes;
	}
	storeLanes(out, activate(sum0, activation), lanes);
	storeLanes(out + outPixelBytes, activate(sum1, activation), lanes);
	storeLanes(out + 2 * outPixelBytes, activate(sum2, activation), lanes);
	storeLanes(out + 3 * outPixelBytes, activate(sum3, activation), lanes);
}

/** One output pixel × at most four channels. */
function oneByFour(
	x: usize,
	rowBytes: usize,
	kernelHeight: i32,
	tapRowBytes: usize,
	filter: usize,
	bias: usize,
	out: usize,
	lanes: i32,
	activation: i32,
): void {
	let sum = v128.load(bias);
	for (let kernelRow = 0; kernelRow < kernelHeight; kernelRow++) {
		for (let tap: usize = 0; tap < tapRowBytes; tap += 4) {
			sum = multiplyAdd(v128.load_splat<f32>(x + tap), v128.load(filter), sum);
			filter += 16;
		}
		x += rowBytes;
	}
	storeLanes(out, activate(sum, activation), lanes);
}

/**
 * Convolves input rows that hold every tap, padding included. `x` is the first tap of the first output pixel; rows of the input lie
 * `rowBytes` apart. The last four pixels of a row may overlap the four before: they are computed twice, alike.
 */
function convolveRows(
	x: usize,
	rowBytes: usize,
	inPixelBytes: usize,
	kernelHeight: i32,
	kernelWidth: i32,
	strideHeight: i32,
	strideWidth: i32,
	packed: usize,
	bias: usize,
	out: usize,
	outRowBytes: usize,
	outPixelBytes: usize,
	rows: i32,
	width: i32,
	channels: i32,
	activation: i32,
): void {
	const tapRowBytes = <usize>kernelWidth * inPixelBytes;
	const pixelBytes = <usize>strideWidth * inPixelBytes;
	const taps = (<usize>kernelHeight * tapRowBytes) >> 2;
	for (let channel = 0; channel < channels; channel += 8) {
		const block = blockWidth(channel, channels);
		const lanes = min(block, channels - channel);
		const blockBias = bias + (<usize>channel << 2);
		for (let row = 0; row < rows; row++) {
			const from = x + <usize>(row * strideHeight) * rowBytes;
			const to = out + <usize>row * outRowBytes + (<usize>channel << 2);
			for (let column = 0; column < width; column += 4) {
				if (width < 4) {
					for (let single = 0; single < width; single++) {
						const source = from + <usize>single * pixelBytes;
						const target = to + <usize>single * outPixelBytes;
						if (block == 8) oneByEight(source, rowBytes, kernelHeight, tapRowBytes, packed, blockBias, target, lanes, activation);
						else oneByFour(source, rowBytes, kernelHeight, tapRowBytes, packed, blockBias, target, lanes, activation);
					}
					break;
				}
				const first = min(column, width - 4);
				const source = from + <usize>first * pixelBytes;
				const target = to + <usize>first * outPixelBytes;
				if (block == 8) {
					fourByEight(source, pixelBytes, rowBytes, kernelHeight, tapRowBytes, packed, blockBias, target, outPixelBytes, lanes, activation);
				} else {
					fourByFour(source, pixelBytes, rowBytes, kernelHeight, tapRowBytes, packed, blockBias, target, outPixelBytes, lanes, activation);
				}
			}
		}
		packed += (taps * <usize>block) << 2;
	}
}

/** Whether every tap of every output lies inside the image, so that no padded copy is needed. */
// @ts-ignore: decorator
@inline
export function isInside(
	height: i32,
	width: i32,
	kernelHeight: i32,
	kernelWidth: i32,
	strideHeight: i32,
	strideWidth: i32,
	top: i32,
	left: i32,
	outHeight: i32,
	outWidth: i32,
): bool {
	if (top != 0 || left != 0) return false;
	return inputExtent(outHeight, kernelHeight, strideHeight) <= height && inputExtent(outWidth, kernelWidth, strideWidth) <= width;
}

/**
 * Convolves a batch of images [batch, height, width, inPixelBytes / 4] with a packed filter. `top` and `left` are the zeros before the
 * first row and column (negative: rows and columns to skip). Output pixels may lie apart, as one phase of a larger image.
 */
export function convolveImages(
	x: usize,
	batch: i32,
	height: i32,
	width: i32,
	inPixelBytes: usize,
	kernelHeight: i32,
	kernelWidth: i32,
	strideHeight: i32,
	strideWidth: i32,
	top: i32,
	left: i32,
	packed: usize,
	bias: usize,
	out: usize,
	outImageBytes: usize,
	outRowBytes: usize,
	outPixelBytes: usize,
	outHeight: i32,
	outWidth: i32,
	channels: i32,
	activation: i32,
	strip: usize,
): void {
	const direct = isInside(height, width, kernelHeight, kernelWidth, strideHeight, strideWidth, top, left, outHeight, outWidth);
	const columns = direct ? width : inputExtent(outWidth, kernelWidth, strideWidth);
	const rowBytes = <usize>columns * inPixelBytes;
	const stripRows = rowsPerStrip(rowBytes, kernelHeight, strideHeight, outHeight);
	const imageBytes = <usize>height * <usize>width * inPixelBytes;
	for (let image = 0; image < batch; image++) {
		const source = x + <usize>image * imageBytes;
		const target = out + <usize>image * outImageBytes;
		for (let row = 0; row < outHeight; row += stripRows) {
			const rows = min(stripRows, outHeight - row);
			let from = source + <usize>(row * strideHeight) * rowBytes;
			if (!direct) {
				const inputRows = inputExtent(rows, kernelHeight, strideHeight);
				copyWindow(source, height, width, inPixelBytes, row * strideHeight - top, -left, inputRows, columns, strip);
				from = strip;
			}
			convolveRows(
				from,
				rowBytes,
				inPixelBytes,
				kernelHeight,
				kernelWidth,
				strideHeight,
				strideWidth,
				packed,
				bias,
				target + <usize>row * outRowBytes,
				outRowBytes,
				outPixelBytes,
				rows,
				outWidth,
				channels,
				activation,
			);
		}
	}
}
