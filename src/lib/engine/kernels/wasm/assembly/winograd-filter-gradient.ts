/**
 * The gradient of Winograd's convolution with respect to the filter, by the chain rule: with dU = Σ over tiles of (A dy Aᵀ) ⊙ (Bᵀ d B),
 * the gradient is Gᵀ dU G. As many products as forward, sixteen a tile.
 */
import { accumulateBlock, BLOCK_BYTES } from './filter-gradient';
import { scratch } from './scratch';
import { loadLanes, storeLanes } from './simd';
import { planeSize, PLANES, tilesPerChunk, transformTiles, wholeBlocks } from './winograd';

/** One column of A dy Aᵀ from the two values that a column of dy Aᵀ has. */
// @ts-ignore: decorator
@inline
function storeGradientColumn(target: usize, planeBytes: usize, upper: v128, lower: v128): void {
	v128.store(target, upper);
	v128.store(target + 4 * planeBytes, f32x4.add(upper, lower));
	v128.store(target + 8 * planeBytes, f32x4.sub(upper, lower));
	v128.store(target + 12 * planeBytes, f32x4.neg(lower));
}

/**
 * A dy Aᵀ of one tile into planes of [channels / 8][room][8]; `blockBytes` is the size of one block of eight channels. Pixels beyond
 * the edge count as 0.
 */
// @ts-ignore: decorator
@inline
function transformGradient(
	dy: usize,
	rowBytes: usize,
	pixelBytes: usize,
	rows: i32,
	columns: i32,
	channels: i32,
	target: usize,
	blockBytes: usize,
	planeBytes: usize,
): void {
	const padded = wholeBlocks(channels);
	for (let channel = 0; channel < padded; channel += 4) {
		const lanes = channels - channel;
		const at = dy + (<usize>channel << 2);
		const none = f32x4.splat(0);
		const y00 = loadLanes(at, lanes);
		const y01 = columns > 1 ? loadLanes(at + pixelBytes, lanes) : none;
		const y10 = rows > 1 ? loadLanes(at + rowBytes, lanes) : none;
		const y11 = rows > 1 && columns > 1 ? loadLanes(at + rowBytes + pixelBytes, lanes) : none;
		const place = target + <usize>(channel >> 3) * blockBytes + (<usize>(channel & 4) << 2);
		storeGradientColumn(place, planeBytes, y00, y10);
		storeGradientColumn(place + planeBytes, planeBytes, f32x4.add(y00, y01), f32x4.add(y10, y11));
		storeGradientColumn(place + 2 * planeBytes, planeBytes, f32x4.sub(y00, y01), f32x4.sub(y10, y11));
		storeGradientColumn(place + 3 * planeBytes, planeBytes, f32x4.neg(y01), f32x4.neg(y11));
	}
}

/** Transforms the gradients of `rows` × `columns` tiles from tile (`firstRow`, `firstColumn`) of an image on. */
function transformGradients(
	image: usize,
	height: i32,
	width: i32,
	channels: i32,
	firstRow: i32,
	firstColumn: i32,
	rows: i32,
	columns: i32,
	target: usize,
	blockBytes: usize,
	planeBytes: usize,
): void {
	const pixelBytes = <usize>channels << 2;
	const rowBytes = <usize>width * pixelBytes;
	for (let row = 0; row < rows; row++) {
		const imageRow = 2 * (firstRow + row);
		let source = image + <usize>imageRow * rowBytes + <usize>(2 * firstColumn) * pixelBytes;
		for (let column = 0; column < columns; column++) {
			const left = width - 2 * (firstColumn + column);
			transformGradient(source, rowBytes, pixelBytes, height - imageRow, left, channels, target, blockBytes, planeBytes);
			source += 2 * pixelBytes;
			target += 32;
		}
	}
}

/** Adds Vᵀ · Y of one plane to its sums [inChannels / 4][outChannels / 8][4][8]. */
function accumulatePlane(v: usize, y: usize, blockBytes: usize, tiles: i32, inChannels: i32, outChannels: i32, sums: usize): void {
	const tileBytes = <usize>inChannels << 2;
	for (let i = 0; i < inChannels; i += 4) {
		let block = y;
		for (let o = 0; o < outChannels; o += 8) {
			accumulateBlock(v, 0, tileBytes, 1, tiles, block, sums);
			block += blockBytes;
			sums += BLOCK_BYTES;
		}
		v += 16;
	}
}

// @ts-ignore: decorator
@inline
function half(value: v128): v128 {
	return f32x4.mul(value, f32x4.splat(0.5));
}

/** Gᵀ of four values: what three filter taps get from them. `which` selects the tap. */
// @ts-ignore: decorator
@inline
function tapOf(which: i32, u0: v128, u1: v128, u2: v128, u3: v128): v128 {
	if (which == 0) return f32x4.add(u0, half(f32x4.add(u1, u2)));
	if (which == 1) return half(f32x4.sub(u1, u2));
	return f32x4.add(half(f32x4.add(u1, u2)), u3);
}

/** Gᵀ dU G for four neighbouring output channels of one input channel, into the nine taps of the gradient. */
function writeTaps(sums: usize, planeBytes: usize, gradient: usize, tapBytes: usize, lanes: i32): void {
	for (let row = 0; row < 3; row++) {
		let column = sums;
		let t0 = f32x4.splat(0);
		let t1 = t0;
		let t2 = t0;
		let t3 = t0;
		for (let plane = 0; plane < 4; plane++) {
			const u0 = v128.load(column);
			const u1 = v128.load(column + 4 * planeBytes);
			const u2 = v128.load(column + 8 * planeBytes);
			const u3 = v128.load(column + 12 * planeBytes);
			const tap = tapOf(row, u0, u1, u2, u3);
			if (plane == 0) t0 = tap;
			else if (plane == 1) t1 = tap;
			else if (plane == 2) t2 = tap;
			else t3 = tap;
			column += planeBytes;
		}
		for (let tap = 0; tap < 3; tap++) {
			storeLanes(gradient, tapOf(tap, t0, t1, t2, t3), lanes);
			gradient += tapBytes;
		}
	}
}

/** Gᵀ dU G for all pairs of channels. */
function writeGradient(sums: usize, planeBytes: usize, inChannels: i32, outChannels: i32, gradient: usize): void {
	const tapBytes = <usize>(inChannels * outChannels) << 2;
	for (let i = 0; i < inChannels; i += 4) {
		for (let o = 0; o < outChannels; o += 8) {
			for (let k = 0; k < 4; k++) {
				const target = gradient + (<usize>((i + k) * outChannels + o) << 2);
				writeTaps(sums, planeBytes, target, tapBytes, outChannels - o);
				if (outChannels - o > 4) writeTaps(sums + 16, planeBytes, target + 16, tapBytes, outChannels - o - 4);
				sums += 32;
			}
		}
	}
}

export function winogradFilterGradient(
	x: usize,
	dy: usize,
	gradient: usize,
	batch: i32,
	height: i32,
	width: i32,
	inChannels: i32,
	outHeight: i32,
	outWidth: i32,
	outChannels: i32,
	top: i32,
	left: i32,
): void {
	const inPixelBytes = <usize>inChannels << 2;
	const outPixelBytes = <usize>outChannels << 2;
	const outBlocks = wholeBlocks(outChannels);
	const tileRows = (outHeight + 1) / 2;
	const tileColumns = (outWidth + 1) / 2;
	const most = tilesPerChunk(inChannels, outChannels);
	const chunkColumns = min(most, tileColumns);
	const chunkRows = max(1, min(tileRows, most / chunkColumns));
	const room = <usize>(chunkRows * chunkColumns);
	const blockBytes = room << 5;
	const vPlane = planeSize(room * inPixelBytes);
	const yPlane = planeSize((room * <usize>outBlocks) << 2);
	const sumsPlane = planeSize(<usize>(inChannels * outBlocks) << 2);
	const windowBytes = <usize>((2 * chunkRows + 2) * (2 * chunkColumns + 2)) * inPixelBytes;
	const sums = scratch(PLANES * (sumsPlane + vPlane + yPlane) + windowBytes);
	const v = sums + PLANES * sumsPlane;
	const y = v + PLANES * vPlane;
	const window = y + PLANES * yPlane;
	memory.fill(sums, 0, PLANES * sumsPlane);

	for (let image = 0; image < batch; image++) {
		const source = x + <usize>(image * height) * <usize>width * inPixelBytes;
		const outer = dy + <usize>(image * outHeight) * <usize>outWidth * outPixelBytes;
		for (let row = 0; row < tileRows; row += chunkRows) {
			const rows = min(chunkRows, tileRows - row);
			for (let column = 0; column < tileColumns; column += chunkColumns) {
				const columns = min(chunkColumns, tileColumns - column);
				transformTiles(source, height, width, inPixelBytes, 2 * row - top, 2 * column - left, rows, columns, window, v, vPlane);
				transformGradients(outer, outHeight, outWidth, outChannels, row, column, rows, columns, y, blockBytes, yPlane);
				for (let plane: usize = 0; plane < PLANES; plane++) {
					const target = sums + plane * sumsPlane;
					accumulatePlane(v + plane * vPlane, y + plane * yPlane, blockBytes, rows * columns, inChannels, outBlocks, target);
				}
			}
		}
	}
	writeGradient(sums, sumsPlane, inChannels, outChannels, gradient);
}
