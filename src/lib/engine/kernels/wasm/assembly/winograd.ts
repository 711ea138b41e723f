/** 3 × 3 convolutions of stride 1 by Winograd's F(4 × 4, 3 × 3), in chunks of tiles that stay in the second-level cache. */
import { lines, scratch } from './scratch';
import { multiplyAdd } from './simd';
import { copyWindow } from './strip';
import { transformFilter, transformInput, transformOutput } from './winograd-transforms';

/** Planes of products: one for each of the 6 × 6 transformed values of a tile. */
export const PLANES: usize = 36;

/** Output pixels of a tile, each way. */
export const TILE: i32 = 4;

/** Room in which one tile is transformed. */
export const LINE_BYTES: usize = 36 * 16;

/** What the transformed inputs and outputs of a chunk may take, and the fewest and most tiles of a chunk. */
const CHUNK_BYTES: i32 = 512 * 1024;
const FEWEST_TILES: i32 = 64;
const MOST_TILES: i32 = 256;

/** Planes a whole number of cache lines and one more apart: a power of two would put all of them into the same cache set. */
// @ts-ignore: decorator
@inline
export function planeSize(bytes: usize): usize {
	return lines(bytes) | 64;
}

/** Channels in whole blocks of eight. */
// @ts-ignore: decorator
@inline
export function wholeBlocks(channels: i32): i32 {
	return (channels + 7) & ~7;
}

/** Tiles of a chunk for these channel counts. */
export function tilesPerChunk(inChannels: i32, outChannels: i32): i32 {
	const tileBytes = 4 * <i32>PLANES * (inChannels + wholeBlocks(outChannels));
	return max(FEWEST_TILES, min(MOST_TILES, (CHUNK_BYTES / tileBytes) & ~3));
}

/** Whether Winograd serves: enough channels to pay for the transforms, and inputs in whole vectors. */
// @ts-ignore: decorator
@inline
export function suitsWinograd(
	kernelHeight: i32,
	kernelWidth: i32,
	strideHeight: i32,
	strideWidth: i32,
	inChannels: i32,
	outChannels: i32,
): bool {
	const plain = kernelHeight == 3 && kernelWidth == 3 && strideHeight == 1 && strideWidth == 1;
	return plain && inChannels >= 8 && outChannels >= 8 && (inChannels & 3) == 0;
}

/** One plane: [tiles, inChannels] times [outChannels / 8][inChannels][8], four tiles × eight channels at a time. */
function multiplyPlane(v: usize, u: usize, m: usize, tiles: i32, inChannels: i32, outChannels: i32): void {
	const tileBytes = <usize>inChannels << 2;
	const outTileBytes = <usize>outChannels << 2;
	for (let channel = 0; channel < outChannels; channel += 8) {
		const target = m + (<usize>channel << 2);
		// Tiles come in whole fours; the last may hold leftovers of an earlier chunk, whose products nobody reads.
		for (let tile = 0; tile < tiles; tile += 4) {
			let low0 = f32x4.splat(0);
			let high0 = low0;
			let low1 = low0;
			let high1 = low0;
			let low2 = low0;
			let high2 = low0;
			let low3 = low0;
			let high3 = low0;
			let weights = u;
			let v0 = v + <usize>tile * tileBytes;
			let v1 = v0 + tileBytes;
			let v2 = v1 + tileBytes;
			let v3 = v2 + tileBytes;
			const end = v1;
			while (v0 < end) {
				const low = v128.load(weights);
				const high = v128.load(weights, 16);
				let value = v128.load_splat<f32>(v0);
				low0 = multiplyAdd(value, low, low0);
				high0 = multiplyAdd(value, high, high0);
				value = v128.load_splat<f32>(v1);
				low1 = multiplyAdd(value, low, low1);
				high1 = multiplyAdd(value, high, high1);
				value = v128.load_splat<f32>(v2);
				low2 = multiplyAdd(value, low, low2);
				high2 = multiplyAdd(value, high, high2);
				value = v128.load_splat<f32>(v3);
				low3 = multiplyAdd(value, low, low3);
				high3 = multiplyAdd(value, high, high3);
				weights += 32;
				v0 += 4;
				v1 += 4;
				v2 += 4;
				v3 += 4;
			}
			let out = target + <usize>tile * outTileBytes;
			v128.store(out, low0);
			v128.store(out, high0, 16);
			out += outTileBytes;
			v128.store(out, low1);
			v128.store(out, high1, 16);
			out += outTileBytes;
			v128.store(out, low2);
			v128.store(out, high2, 16);
			out += outTileBytes;
			v128.store(out, low3);
			v128.store(out, high3, 16);
		}
		u += <usize>inChannels << 5;
	}
}

/** Transforms the inputs of `rows` × `columns` tiles, the first of which starts at (`firstRow`, `firstColumn`) of the image. */
export function transformTiles(
	image: usize,
	height: i32,
	width: i32,
	pixelBytes: usize,
	firstRow: i32,
	firstColumn: i32,
	rows: i32,
	columns: i32,
	window: usize,
	v: usize,
	planeBytes: usize,
	line: usize,
): void {
	const inputRows = TILE * rows + 2;
	const inputColumns = TILE * columns + 2;
	let source = window;
	let rowBytes = <usize>inputColumns * pixelBytes;
	const inside = firstRow >= 0 && firstColumn >= 0 && firstRow + inputRows <= height && firstColumn + inputColumns <= width;
	if (inside) {
		rowBytes = <usize>width * pixelBytes;
		source = image + <usize>firstRow * rowBytes + <usize>firstColumn * pixelBytes;
	} else {
		copyWindow(image, height, width, pixelBytes, firstRow, firstColumn, inputRows, inputColumns, window);
	}
	for (let row = 0; row < rows; row++) {
		let tile = source + <usize>(TILE * row) * rowBytes;
		for (let column = 0; column < columns; column++) {
			transformInput(tile, rowBytes, pixelBytes, v, planeBytes, line);
			tile += <usize>TILE * pixelBytes;
			v += pixelBytes;
		}
	}
}

/**
 * out = activation(x ⋆ filter + bias) for a filter given by its strides in bytes. A `bias` of 0 means none.
 */
export function winograd(
	x: usize,
	filter: usize,
	rowStride: isize,
	columnStride: isize,
	inStride: isize,
	outStride: isize,
	bias: usize,
	out: usize,
	batch: i32,
	height: i32,
	width: i32,
	inChannels: i32,
	outHeight: i32,
	outWidth: i32,
	outChannels: i32,
	top: i32,
	left: i32,
	relu: i32,
): void {
	const inPixelBytes = <usize>inChannels << 2;
	const outPixelBytes = <usize>outChannels << 2;
	const outBlocks = wholeBlocks(outChannels);
	const tileRows = (outHeight + TILE - 1) / TILE;
	const tileColumns = (outWidth + TILE - 1) / TILE;
	const most = tilesPerChunk(inChannels, outChannels);
	const chunkColumns = min(most, tileColumns);
	const chunkRows = max(1, min(tileRows, most / chunkColumns));
	const room = <usize>((chunkRows * chunkColumns + 3) & ~3);
	const uPlane = planeSize((<usize>(inChannels * outBlocks)) << 2);
	const vPlane = planeSize(room * inPixelBytes);
	const mPlane = planeSize((room * <usize>outBlocks) << 2);
	const windowBytes = <usize>((TILE * chunkRows + 2) * (TILE * chunkColumns + 2)) * inPixelBytes;
	const biasBytes = lines(<usize>outBlocks << 2);
	const padded = scratch(biasBytes + PLANES * (uPlane + vPlane + mPlane) + LINE_BYTES + windowBytes);
	const u = padded + biasBytes;
	const v = u + PLANES * uPlane;
	const m = v + PLANES * vPlane;
	const line = m + PLANES * mPlane;
	const window = line + LINE_BYTES;
	memory.fill(padded, 0, biasBytes);
	if (bias != 0) memory.copy(padded, bias, outPixelBytes);
	transformFilter(filter, rowStride, columnStride, inStride, outStride, inChannels, outChannels, u, uPlane, line);

	for (let image = 0; image < batch; image++) {
		const source = x + <usize>(image * height) * <usize>width * inPixelBytes;
		const outImage = out + <usize>(image * outHeight) * <usize>outWidth * outPixelBytes;
		for (let row = 0; row < tileRows; row += chunkRows) {
			const rows = min(chunkRows, tileRows - row);
			for (let column = 0; column < tileColumns; column += chunkColumns) {
				const columns = min(chunkColumns, tileColumns - column);
				transformTiles(source, height, width, inPixelBytes, TILE * row - top, TILE * column - left, rows, columns, window, v, vPlane, line);
				for (let plane: usize = 0; plane < PLANES; plane++) {
					multiplyPlane(v + plane * vPlane, u + plane * uPlane, m + plane * mPlane, rows * columns, inChannels, outBlocks);
				}
				writeTiles(m, mPlane, padded, outImage, outHeight, outWidth, outChannels, row, column, rows, columns, relu, line);
			}
		}
	}
}

/** Transforms the products of `rows` × `columns` tiles back into output pixels, dropping those beyond the edge. */
function writeTiles(
	m: usize,
	planeBytes: usize,
	bias: usize,
	image: usize,
	height: i32,
	width: i32,
	channels: i32,
	firstRow: i32,
	firstColumn: i32,
	rows: i32,
	columns: i32,
	relu: i32,
	line: usize,
): void {
	const pixelBytes = <usize>channels << 2;
	const tileBytes = <usize>wholeBlocks(channels) << 2;
	const rowBytes = <usize>width * pixelBytes;
	for (let row = 0; row < rows; row++) {
		const outRow = TILE * (firstRow + row);
		let target = image + <usize>outRow * rowBytes + <usize>(TILE * firstColumn) * pixelBytes;
		for (let column = 0; column < columns; column++) {
			const left = width - TILE * (firstColumn + column);
			transformOutput(m, planeBytes, bias, target, rowBytes, pixelBytes, height - outRow, left, channels, relu, line);
			m += tileBytes;
			target += <usize>TILE * pixelBytes;
		}
	}
}
