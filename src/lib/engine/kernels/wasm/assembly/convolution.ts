/** Conv2D (with bias and ReLU) and its gradient with respect to the input. Images are NHWC, filters [height, width, in, out]. */
import { ACTIVATION_NONE, ACTIVATION_RELU, convolveImages } from './convolve';
import { packedFilterBytes, packFilter, packTurnedFilter } from './pack';
import { lines, scratch } from './scratch';
import { inputExtent, stripBytes } from './strip';
import { suitsWinograd, winograd } from './winograd';

/** The bias (or zeros) of all channels, padded to whole blocks. */
function writeBias(target: usize, bias: usize, channels: i32): void {
	memory.fill(target, 0, (<usize>channels + 8) << 2);
	if (bias != 0) memory.copy(target, bias, <usize>channels << 2);
}

/** out = activation(x ⋆ filter + bias). `bias` 0 means none. */
export function convolution(
	x: usize,
	filter: usize,
	bias: usize,
	out: usize,
	batch: i32,
	height: i32,
	width: i32,
	inChannels: i32,
	outHeight: i32,
	outWidth: i32,
	outChannels: i32,
	kernelHeight: i32,
	kernelWidth: i32,
	strideHeight: i32,
	strideWidth: i32,
	top: i32,
	left: i32,
	activation: i32,
): void {
	if (suitsWinograd(kernelHeight, kernelWidth, strideHeight, strideWidth, inChannels, outChannels)) {
		const inStride = <isize>outChannels << 2;
		const tap = <isize>inChannels * inStride;
		const relu = activation == ACTIVATION_RELU ? 1 : 0;
		winograd(
			x,
			filter,
			3 * tap,
			tap,
			inStride,
			4,
			bias,
			out,
			batch,
			height,
			width,
			inChannels,
			outHeight,
			outWidth,
			outChannels,
			top,
			left,
			relu,
		);
		return;
	}
	const inPixelBytes = <usize>inChannels << 2;
	const outPixelBytes = <usize>outChannels << 2;
	const taps = kernelHeight * kernelWidth * inChannels;
	const biasBytes = lines((<usize>outChannels + 8) << 2);
	const filterBytes = lines(packedFilterBytes(taps, outChannels));
	const rowBytes = <usize>inputExtent(outWidth, kernelWidth, strideWidth) * inPixelBytes;
	const paddedBias = scratch(biasBytes + filterBytes + stripBytes(rowBytes, kernelHeight, strideHeight, outHeight));
	const packed = paddedBias + biasBytes;
	writeBias(paddedBias, bias, outChannels);
	packFilter(filter, taps, outChannels, packed);
	convolveImages(
		x,
		batch,
		height,
		width,
		inPixelBytes,
		kernelHeight,
		kernelWidth,
		strideHeight,
		strideWidth,
		top,
		left,
		packed,
		paddedBias,
		out,
		<usize>outHeight * <usize>outWidth * outPixelBytes,
		<usize>outWidth * outPixelBytes,
		outPixelBytes,
		outHeight,
		outWidth,
		outChannels,
		activation,
		packed + filterBytes,
	);
}

/** Taps of one phase along one axis: those of `phase`, `phase + stride`, … below `kernelSize`. */
// @ts-ignore: decorator
@inline
function phaseTaps(kernelSize: i32, phase: i32, stride: i32): i32 {
	return kernelSize > phase ? (kernelSize - phase + stride - 1) / stride : 0;
}

/**
 * dx = the gradient of a convolution with respect to its input, and so also the transposed convolution. With a stride s the input
 * pixels fall into s × s phases; each is an ordinary convolution of dy with the taps that meet it.
 */
export function convolutionInputGradient(
	dy: usize,
	filter: usize,
	dx: usize,
	batch: i32,
	height: i32,
	width: i32,
	inChannels: i32,
	outHeight: i32,
	outWidth: i32,
	outChannels: i32,
	kernelHeight: i32,
	kernelWidth: i32,
	strideHeight: i32,
	strideWidth: i32,
	top: i32,
	left: i32,
): void {
	if (suitsWinograd(kernelHeight, kernelWidth, strideHeight, strideWidth, outChannels, inChannels)) {
		// The turned filter: from its last tap backwards, with the channels exchanged.
		const outStride = <isize>outChannels << 2;
		const tap = <isize>inChannels * outStride;
		const last = filter + <usize>(8 * tap);
		winograd(
			dy,
			last,
			-3 * tap,
			-tap,
			4,
			outStride,
			0,
			dx,
			batch,
			outHeight,
			outWidth,
			outChannels,
			height,
			width,
			inChannels,
			2 - top,
			2 - left,
			0,
		);
		return;
	}
	const inPixelBytes = <usize>inChannels << 2;
	const outPixelBytes = <usize>outChannels << 2;
	const rowBytes = <usize>width * inPixelBytes;
	const imageBytes = <usize>height * rowBytes;
	const biasBytes = lines((<usize>inChannels + 8) << 2);
	// Room for any phase: none has more taps, rows or columns than the whole.
	const filterBytes = lines(packedFilterBytes(kernelHeight * kernelWidth * outChannels, inChannels));
	const stripRowBytes = <usize>inputExtent(width, kernelWidth, 1) * outPixelBytes;
	const zeroBias = scratch(biasBytes + filterBytes + stripBytes(stripRowBytes, kernelHeight, 1, height));
	const packed = zeroBias + biasBytes;
	const strip = packed + filterBytes;
	writeBias(zeroBias, 0, inChannels);
	if (kernelHeight < strideHeight || kernelWidth < strideWidth) memory.fill(dx, 0, <usize>batch * imageBytes);

	for (let rowOffset = 0; rowOffset < min(strideHeight, height); rowOffset++) {
		const rowPhase = (rowOffset + top) % strideHeight;
		const tapRows = phaseTaps(kernelHeight, rowPhase, strideHeight);
		if (tapRows == 0) continue;
		const phaseTop = tapRows - 1 - (rowOffset + top - rowPhase) / strideHeight;
		for (let columnOffset = 0; columnOffset < min(strideWidth, width); columnOffset++) {
			const columnPhase = (columnOffset + left) % strideWidth;
			const tapColumns = phaseTaps(kernelWidth, columnPhase, strideWidth);
			if (tapColumns == 0) continue;
			const phaseLeft = tapColumns - 1 - (columnOffset + left - columnPhase) / strideWidth;
			packTurnedFilter(
				filter,
				kernelWidth,
				inChannels,
				outChannels,
				rowPhase,
				columnPhase,
				strideHeight,
				strideWidth,
				tapRows,
				tapColumns,
				packed,
			);
			convolveImages(
				dy,
				batch,
				outHeight,
				outWidth,
				outPixelBytes,
				tapRows,
				tapColumns,
				1,
				1,
				phaseTop,
				phaseLeft,
				packed,
				zeroBias,
				dx + <usize>rowOffset * rowBytes + <usize>columnOffset * inPixelBytes,
				imageBytes,
				<usize>strideHeight * rowBytes,
				<usize>strideWidth * inPixelBytes,
				(height - rowOffset + strideHeight - 1) / strideHeight,
				(width - columnOffset + strideWidth - 1) / strideWidth,
				inChannels,
				ACTIVATION_NONE,
				strip,
			);
		}
	}
}
