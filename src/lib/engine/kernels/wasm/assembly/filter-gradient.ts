/**
 * The gradient of a convolution with respect to its filter: a block of four taps × eight output channels is held in registers while
 * the pixels of a chunk pass by. Chunks are small enough that both operands of a block stay in the first-level cache.
 */
import { isInside } from './convolve';
import { lines, scratch } from './scratch';
import { loadLanes, multiplyAdd, storeLanes } from './simd';
import { copyWindow, inputExtent, rowsPerStrip, stripBytes } from './strip';
import { suitsWinograd } from './winograd';
import { winogradFilterGradient } from './winograd-filter-gradient';

/** Output pixels of a chunk. */
const CHUNK_PIXELS: i32 = 256;

/** Sums of one block: four taps × eight channels. */
export const BLOCK_BYTES: usize = 4 * 8 * 4;

/** Blocks of eight channels for each pixel of a chunk, zeros behind the last: [channels / 8][rows · columns][8]. */
function packChunk(dy: usize, rowBytes: usize, pixelBytes: usize, rows: i32, columns: i32, channels: i32, packed: usize): void {
	for (let channel = 0; channel < channels; channel += 8) {
		const lanes = channels - channel;
		for (let row = 0; row < rows; row++) {
			let source = dy + <usize>row * rowBytes + (<usize>channel << 2);
			for (let column = 0; column < columns; column++) {
				v128.store(packed, loadLanes(source, lanes));
				v128.store(packed, loadLanes(source + 16, lanes - 4), 16);
				source += pixelBytes;
				packed += 32;
			}
		}
	}
}

/** Adds Σ x[pixel + tap] · dy[pixel, channel] over a chunk to the 4 × 8 sums at `sums`. */
export function accumulateBlock(x: usize, rowBytes: usize, pixelBytes: usize, rows: i32, columns: i32, packed: usize, sums: usize): void {
	let low0 = v128.load(sums);
	let high0 = v128.load(sums, 16);
	let low1 = v128.load(sums, 32);
	let high1 = v128.load(sums, 48);
	let low2 = v128.load(sums, 64);
	let high2 = v128.load(sums, 80);
	let low3 = v128.load(sums, 96);
	let high3 = v128.load(sums, 112);
	for (let row = 0; row < rows; row++) {
		let pixel = x;
		const end = packed + (<usize>columns << 5);
		while (packed < end) {
			const low = v128.load(packed);
			const high = v128.load(packed, 16);
			let value = v128.load_splat<f32>(pixel);
			low0 = multiplyAdd(value, low, low0);
			high0 = multiplyAdd(value, high, high0);
			value = v128.load_splat<f32>(pixel, 4);
			low1 = multiplyAdd(value, low, low1);
			high1 = multiplyAdd(value, high, high1);
			value = v128.load_splat<f32>(pixel, 8);
			low2 = multiplyAdd(value, low, low2);
			high2 = multiplyAdd(value, high, high2);
			value = v128.load_splat<f32>(pixel, 12);
			low3 = multiplyAdd(value, low, low3);
			high3 = multiplyAdd(value, high, high3);
			pixel += pixelBytes;
			packed += 32;
		}
		x += rowBytes;
	}
	v128.store(sums, low0);
	v128.store(sums, high0, 16);
	v128.store(sums, low1, 32);
	v128.store(sums, high1, 48);
	v128.store(sums, low2, 64);
	v128.store(sums, high2, 80);
	v128.store(sums, low3, 96);
	v128.store(sums, high3, 112);
}

/** Writes the sums, ordered [kernel row][tap / 4][channel / 8][4][8], as a filter [kernelHeight][tapRow][channels]. */
function unpackSums(sums: usize, kernelHeight: i32, tapRow: i32, channels: i32, filter: usize): void {
	for (let kernelRow = 0; kernelRow < kernelHeight; kernelRow++) {
		for (let firstTap = 0; firstTap < tapRow; firstTap += 4) {
			for (let channel = 0; channel < channels; channel += 8) {
				const lanes = channels - channel;
				const taps = min(4, tapRow - firstTap);
				for (let tap = 0; tap < taps; tap++) {
					const target = filter + (<usize>((kernelRow * tapRow + firstTap + tap) * channels + channel) << 2);
					storeLanes(target, v128.load(sums + <usize>tap * 32), lanes);
					if (lanes > 4) storeLanes(target + 16, v128.load(sums + <usize>tap * 32 + 16), lanes - 4);
				}
				sums += BLOCK_BYTES;
			}
		}
	}
}

/** filterGradient[ky, kx, i, o] = Σ over batch and pixels of x[pixel · stride + (ky, kx) − (top, left), i] · dy[pixel, o]. */
export function convolutionFilterGradient(
	x: usize,
	dy: usize,
	filterGradient: usize,
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
	if (suitsWinograd(kernelHeight, kernelWidth, strideHeight, strideWidth, inChannels, outChannels)) {
		winogradFilterGradient(x, dy, filterGradient, batch, height, width, inChannels, outHeight, outWidth, outChannels, top, left);
		return;
	}
	const inPixelBytes = <usize>inChannels << 2;
	const outPixelBytes = <usize>outChannels << 2;
	const tapRow = kernelWidth * inChannels;
	const tapBlocks = (tapRow + 3) / 4;
	const channelBlocks = (outChannels + 7) / 8;
	// Blocks of four taps would read past the last tap of the last row, so then a copy (with room behind it) is needed too.
	const direct =
		tapRow % 4 == 0 && isInside(height, width, kernelHeight, kernelWidth, strideHeight, strideWidth, top, left, outHeight, outWidth);
	const columns = direct ? width : inputExtent(outWidth, kernelWidth, strideWidth);
	const rowBytes = <usize>columns * inPixelBytes;
	const stripRows = rowsPerStrip(rowBytes, kernelHeight, strideHeight, outHeight);
	const chunkColumns = min(CHUNK_PIXELS, outWidth);
	const chunkRows = max(1, CHUNK_PIXELS / outWidth);
	const sumsBytes = lines(<usize>(kernelHeight * tapBlocks * channelBlocks) * BLOCK_BYTES);
	const chunkBytes = lines(<usize>(chunkRows * chunkColumns * channelBlocks) * 32);
	const sums = scratch(sumsBytes + chunkBytes + lines(stripBytes(rowBytes, kernelHeight, strideHeight, outHeight) + 16));
	const chunk = sums + sumsBytes;
	const strip = chunk + chunkBytes;
	memory.fill(sums, 0, sumsBytes);

	for (let image = 0; image < batch; image++) {
		const source = x + <usize>(image * height) * <usize>width * inPixelBytes;
		const outer = dy + <usize>(image * outHeight) * <usize>outWidth * outPixelBytes;
		for (let stripRow = 0; stripRow < outHeight; stripRow += stripRows) {
			const rows = min(stripRows, outHeight - stripRow);
			let from = source + <usize>(stripRow * strideHeight) * rowBytes;
			if (!direct) {
				const inputRows = inputExtent(rows, kernelHeight, strideHeight);
				copyWindow(source, height, width, inPixelBytes, stripRow * strideHeight - top, -left, inputRows, columns, strip);
				from = strip;
			}
			for (let row = 0; row < rows; row += chunkRows) {
				const countRows = min(chunkRows, rows - row);
				for (let column = 0; column < outWidth; column += chunkColumns) {
					const countColumns = min(chunkColumns, outWidth - column);
					const first = <usize>(stripRow + row) * <usize>outWidth + <usize>column;
					packChunk(outer + first * outPixelBytes, <usize>outWidth * outPixelBytes, outPixelBytes, countRows, countColumns, outChannels, chunk);
					let target = sums;
					for (let kernelRow = 0; kernelRow < kernelHeight; kernelRow++) {
						const tapSource = from + <usize>(row * strideHeight + kernelRow) * rowBytes + <usize>(column * strideWidth) * inPixelBytes;
						for (let tapBlock = 0; tapBlock < tapBlocks; tapBlock++) {
							for (let block = 0; block < channelBlocks; block++) {
								accumulateBlock(
									tapSource + (<usize>tapBlock << 4),
									<usize>strideHeight * rowBytes,
									<usize>strideWidth * inPixelBytes,
									countRows,
									countColumns,
									chunk + (<usize>(block * countRows * countColumns) << 5),
									target,
								);
								target += BLOCK_BYTES;
							}
						}
					}
				}
			}
		}
	}
	unpackSums(sums, kernelHeight, tapRow, outChannels, filterGradient);
}
