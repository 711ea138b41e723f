/** Moving whole pixels: concatenation and its gradient, nearest up-sampling and its gradient, sums over pixels. */
import { loadLanes, storeLanes } from './simd';

/** Copies `rows` rows of `rowBytes` each between two strides: one part of a concatenation, or back. */
export function copyRows(source: usize, sourceStride: usize, target: usize, targetStride: usize, rowBytes: usize, rows: i32): void {
	if (rowBytes > 512) {
		for (let row = 0; row < rows; row++) {
			memory.copy(target, source, rowBytes);
			source += sourceStride;
			target += targetStride;
		}
		return;
	}
	const whole = rowBytes & ~15;
	for (let row = 0; row < rows; row++) {
		for (let at: usize = 0; at < whole; at += 16) v128.store(target + at, v128.load(source + at));
		for (let at = whole; at < rowBytes; at += 4) store<f32>(target + at, load<f32>(source + at));
		source += sourceStride;
		target += targetStride;
	}
}

/** Repeats each pixel of [images · height, width, channels] `rowFactor` × `columnFactor` times. */
export function upsample(x: usize, y: usize, rows: i32, width: i32, channels: i32, rowFactor: i32, columnFactor: i32): void {
	const pixelBytes = <usize>channels << 2;
	const outRowBytes = <usize>(width * columnFactor) * pixelBytes;
	for (let row = 0; row < rows; row++) {
		const first = y;
		for (let column = 0; column < width; column++) {
			copyRows(x, 0, y, pixelBytes, pixelBytes, columnFactor);
			x += pixelBytes;
			y += <usize>columnFactor * pixelBytes;
		}
		for (let copy = 1; copy < rowFactor; copy++) {
			memory.copy(y, first, outRowBytes);
			y += outRowBytes;
		}
	}
}

/** The gradient of `upsample`: each pixel gets the sum of its copies. */
export function upsampleGradient(dy: usize, dx: usize, rows: i32, width: i32, channels: i32, rowFactor: i32, columnFactor: i32): void {
	const pixelBytes = <usize>channels << 2;
	const outRowBytes = <usize>(width * columnFactor) * pixelBytes;
	for (let row = 0; row < rows; row++) {
		for (let column = 0; column < width; column++) {
			const block = dy + <usize>(column * columnFactor) * pixelBytes;
			for (let channel = 0; channel < channels; channel += 4) {
				const lanes = channels - channel;
				let sum = f32x4.splat(0);
				for (let r = 0; r < rowFactor; r++) {
					let source = block + <usize>r * outRowBytes + (<usize>channel << 2);
					for (let c = 0; c < columnFactor; c++) {
						sum = f32x4.add(sum, loadLanes(source, lanes));
						source += pixelBytes;
					}
				}
				storeLanes(dx + (<usize>channel << 2), sum, lanes);
			}
			dx += pixelBytes;
		}
		dy += <usize>rowFactor * outRowBytes;
	}
}

/** Rows summed in one go; runs are summed again, which keeps the rounding error of long sums small. */
const RUN_ROWS: i32 = 256;

// @ts-ignore: decorator
@inline
function addTo(sums: usize, value: v128, lanes: i32): void {
	storeLanes(sums, f32x4.add(loadLanes(sums, lanes), value), lanes);
}

/** Sums [rows, columns] over its rows: the gradient of a bias. */
export function sumRows(x: usize, sums: usize, rows: i32, columns: i32): void {
	const rowBytes = <usize>columns << 2;
	memory.fill(sums, 0, rowBytes);
	for (let first = 0; first < rows; first += RUN_ROWS) {
		const count = min(RUN_ROWS, rows - first);
		const run = x + <usize>first * rowBytes;
		let column = 0;
		for (; column + 16 <= columns; column += 16) {
			let source = run + (<usize>column << 2);
			let sum0 = f32x4.splat(0);
			let sum1 = sum0;
			let sum2 = sum0;
			let sum3 = sum0;
			for (let row = 0; row < count; row++) {
				sum0 = f32x4.add(sum0, v128.load(source));
				sum1 = f32x4.add(sum1, v128.load(source, 16));
				sum2 = f32x4.add(sum2, v128.load(source, 32));
				sum3 = f32x4.add(sum3, v128.load(source, 48));
				source += rowBytes;
			}
			const target = sums + (<usize>column << 2);
			addTo(target, sum0, 4);
			addTo(target + 16, sum1, 4);
			addTo(target + 32, sum2, 4);
			addTo(target + 48, sum3, 4);
		}
		for (; column < columns; column += 4) {
			const lanes = columns - column;
			let source = run + (<usize>column << 2);
			let even = f32x4.splat(0);
			let odd = f32x4.splat(0);
			for (let row = 0; row + 1 < count; row += 2) {
				even = f32x4.add(even, loadLanes(source, lanes));
				odd = f32x4.add(odd, loadLanes(source + rowBytes, lanes));
				source += 2 * rowBytes;
			}
			if (count & 1) even = f32x4.add(even, loadLanes(source, lanes));
			addTo(sums + (<usize>column << 2), f32x4.add(even, odd), lanes);
		}
	}
}
