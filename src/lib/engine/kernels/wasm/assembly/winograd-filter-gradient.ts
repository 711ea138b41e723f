/**
 * The gradient of Winograd's convolution with respect to the filter, by the chain rule: with dU = Σ over tiles of (A dy Aᵀ) ⊙ (Bᵀ d B),
 * the gradient is Gᵀ dU G. As many products as forward.
 */
import { accumulateBlock, BLOCK_BYTES } from './filter-gradient';
import { scratch } from './scratch';
import { loadLanes } from './simd';
import { LINE_BYTES, planeSize, PLANES, TILE, tilesPerChunk, transformTiles, wholeBlocks } from './winograd';
import { storeGradientLine, storeTapLine } from './winograd-transforms';

/**
 * A dy Aᵀ of one tile into planes of [channels / 8][room][8]; `blockBytes` is the size of one block of eight channels. Pixels beyond
 * the edge count as 0.
 */
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
	line: usize,
): void {
	const padded = wholeBlocks(channels);
	for (let channel = 0; channel < padded; channel += 4) {
		const lanes = channels - channel;
		let source = dy + (<usize>channel << 2);
		for (let column = 0; column < TILE; column++) {
			const inside = column < columns ? rows : 0;
			const y0 = loadLanes(source, inside > 0 ? lanes : 0);
			const y1 = loadLanes(source + rowBytes, inside > 1 ? lanes : 0);
			const y2 = loadLanes(source + 2 * rowBytes, inside > 2 ? lanes : 0);
			const y3 = loadLanes(source + 3 * rowBytes, inside > 3 ? lanes : 0);
			storeGradientLine(line + (<usize>column << 4), 64, y0, y1, y2, y3);
			source += pixelBytes;
		}
		let place = target + <usize>(channel >> 3) * blockBytes + (<usize>(channel & 4) << 2);
		for (let row = line; row < line + 384; row += 64) {
			storeGradientLine(place, planeBytes, v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48));
			place += 6 * planeBytes;
		}
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
	line: usize,
): void {
	const pixelBytes = <usize>channels << 2;
	const rowBytes = <usize>width * pixelBytes;
	for (let row = 0; row < rows; row++) {
		const imageRow = TILE * (firstRow + row);
		let source = image + <usize>imageRow * rowBytes + <usize>(TILE * firstColumn) * pixelBytes;
		for (let column = 0; column < columns; column++) {
			const left = width - TILE * (firstColumn + column);
			transformGradient(source, rowBytes, pixelBytes, height - imageRow, left, channels, target, blockBytes, planeBytes, line);
			source += <usize>TILE * pixelBytes;
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

/** Gᵀ dU G for four neighbouring output channels of one input channel, into the nine taps of the gradient. */
function writeTaps(sums: usize, planeBytes: usize, gradient: usize, tapBytes: usize, lanes: i32, line: usize): void {
	for (let column: usize = 0; column < 96; column += 16) {
		let row = sums;
		const u0 = v128.load(row);
		row += 6 * planeBytes;
		const u1 = v128.load(row);
		row += 6 * planeBytes;
		const u2 = v128.load(row);
		row += 6 * planeBytes;
		const u3 = v128.load(row);
		row += 6 * planeBytes;
		const u4 = v128.load(row);
		row += 6 * planeBytes;
		storeTapLine(line + column, 96, 4, u0, u1, u2, u3, u4, v128.load(row));
		sums += planeBytes;
	}
	for (let row = line; row < line + 288; row += 96) {
		const u0 = v128.load(row);
		const u1 = v128.load(row, 16);
		const u2 = v128.load(row, 32);
		const u3 = v128.load(row, 48);
		const u4 = v128.load(row, 64);
		storeTapLine(gradient, tapBytes, lanes, u0, u1, u2, u3, u4, v128.load(row, 80));
		gradient += 3 * tapBytes;
	}
}

/** Gᵀ dU G for all pairs of channels. */
function writeGradient(sums: usize, planeBytes: usize, inChannels: i32, outChannels: i32, gradient: usize, line: usize): void {
	const tapBytes = <usize>(inChannels * outChannels) << 2;
	for (let i = 0; i < inChannels; i += 4) {
		for (let o = 0; o < outChannels; o += 8) {
			for (let k = 0; k < 4; k++) {
				const target = gradient + (<usize>((i + k) * outChannels + o) << 2);
				writeTaps(sums, planeBytes, target, tapBytes, outChannels - o, line);
				if (outChannels - o > 4) writeTaps(sums + 16, planeBytes, target + 16, tapBytes, outChannels - o - 4, line);
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
	const tileRows = (outHeight + TILE - 1) / TILE;
	const tileColumns = (outWidth + TILE - 1) / TILE;
	const most = tilesPerChunk(inChannels, outChannels);
	const chunkColumns = min(most, tileColumns);
	const chunkRows = max(1, min(tileRows, most / chunkColumns));
	const room = <usize>(chunkRows * chunkColumns);
	const blockBytes = room << 5;
	const vPlane = planeSize(room * inPixelBytes);
	const yPlane = planeSize((room * <usize>outBlocks) << 2);
	const sumsPlane = planeSize(<usize>(inChannels * outBlocks) << 2);
	const windowBytes = <usize>((TILE * chunkRows + 2) * (TILE * chunkColumns + 2)) * inPixelBytes;
	const sums = scratch(PLANES * (sumsPlane + vPlane + yPlane) + LINE_BYTES + windowBytes);
	const v = sums + PLANES * sumsPlane;
	const y = v + PLANES * vPlane;
	const line = y + PLANES * yPlane;
	const window = line + LINE_BYTES;
	memory.fill(sums, 0, PLANES * sumsPlane);

	for (let image = 0; image < batch; image++) {
		const source = x + <usize>(image * height) * <usize>width * inPixelBytes;
		const outer = dy + <usize>(image * outHeight) * <usize>outWidth * outPixelBytes;
		for (let row = 0; row < tileRows; row += chunkRows) {
			const rows = min(chunkRows, tileRows - row);
			for (let column = 0; column < tileColumns; column += chunkColumns) {
				const columns = min(chunkColumns, tileColumns - column);
				transformTiles(source, height, width, inPixelBytes, TILE * row - top, TILE * column - left, rows, columns, window, v, vPlane, line);
				transformGradients(outer, outHeight, outWidth, outChannels, row, column, rows, columns, y, blockBytes, yPlane, line);
				for (let plane: usize = 0; plane < PLANES; plane++) {
					const target = sums + plane * sumsPlane;
					accumulatePlane(v + plane * vPlane, y + plane * yPlane, blockBytes, rows * columns, inChannels, outBlocks, target);
				}
			}
		}
	}
	writeGradient(sums, sumsPlane, inChannels, outChannels, gradient, line);
}
