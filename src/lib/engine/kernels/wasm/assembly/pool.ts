import { loadLanes, storeLanes } from './simd';

/**
 * The gradient of max pooling over NHWC images: each dy goes to the first maximum of its window, in row order. Windows may overlap and
 * reach over the edge; what lies outside takes no part.
 */
export function maxPoolGradient(
	dy: usize,
	x: usize,
	dx: usize,
	batch: i32,
	height: i32,
	width: i32,
	channels: i32,
	outHeight: i32,
	outWidth: i32,
	windowHeight: i32,
	windowWidth: i32,
	strideHeight: i32,
	strideWidth: i32,
	top: i32,
	left: i32,
): void {
	const pixelBytes = <usize>channels << 2;
	const rowBytes = <usize>width * pixelBytes;
	const imageBytes = <usize>height * rowBytes;
	memory.fill(dx, 0, <usize>batch * imageBytes);
	for (let image = 0; image < batch; image++) {
		for (let outRow = 0; outRow < outHeight; outRow++) {
			const rowFrom = max(0, outRow * strideHeight - top);
			const rowTo = min(height, outRow * strideHeight - top + windowHeight);
			for (let outColumn = 0; outColumn < outWidth; outColumn++) {
				const columnFrom = max(0, outColumn * strideWidth - left);
				const columnTo = min(width, outColumn * strideWidth - left + windowWidth);
				const window = <usize>image * imageBytes + <usize>rowFrom * rowBytes + <usize>columnFrom * pixelBytes;
				scatterWindow(x + window, dx + window, dy, rowBytes, pixelBytes, rowTo - rowFrom, columnTo - columnFrom, channels);
				dy += pixelBytes;
			}
		}
	}
}

/** Adds the dy of one output pixel, channel by channel, to the first maximum of its window. */
// @ts-ignore: decorator
@inline
function scatterWindow(
	x: usize,
	dx: usize,
	dy: usize,
	rowBytes: usize,
	pixelBytes: usize,
	rows: i32,
	columns: i32,
	channels: i32,
): void {
	for (let channel = 0; channel < channels; channel += 4) {
		const lanes = channels - channel;
		const offset = <usize>channel << 2;
		let best = f32x4.splat(-Infinity);
		let position = i32x4.splat(-1);
		let tap = 0;
		for (let row = 0; row < rows; row++) {
			let source = x + <usize>row * rowBytes + offset;
			for (let column = 0; column < columns; column++) {
				const value = loadLanes(source, lanes);
				const larger = f32x4.gt(value, best);
				best = v128.bitselect(value, best, larger);
				position = v128.bitselect(i32x4.splat(tap), position, larger);
				source += pixelBytes;
				tap++;
			}
		}
		const gradient = loadLanes(dy + offset, lanes);
		tap = 0;
		for (let row = 0; row < rows; row++) {
			let target = dx + <usize>row * rowBytes + offset;
			for (let column = 0; column < columns; column++) {
				const share = v128.and(gradient, i32x4.eq(position, i32x4.splat(tap)));
				storeLanes(target, f32x4.add(loadLanes(target, lanes), share), lanes);
				target += pixelBytes;
				tap++;
			}
		}
	}
}
