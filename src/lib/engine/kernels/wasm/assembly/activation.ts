import { loadLanes, storeLanes } from './simd';

/** dx = dy where y > 0, else 0: the gradient of ReLU by its output. */
export function reluGradient(dy: usize, y: usize, dx: usize, count: i32): void {
	const end = <usize>count << 2;
	const whole = end & ~15;
	for (let at: usize = 0; at < whole; at += 16) {
		v128.store(dx + at, v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), f32x4.splat(0))));
	}
	for (let at = whole; at < end; at += 4) store<f32>(dx + at, load<f32>(y + at) > 0 ? load<f32>(dy + at) : 0);
}

/** Bytes of rows that stay in the first-level cache while all their columns, four at a time, pass by. */
const RUN_BYTES: i32 = 8 * 1024;

// @ts-ignore: decorator
@inline
function biasReluRun(dy: usize, y: usize, dz: usize, rows: i32, rowBytes: usize, lanes: i32): v128 {
	let sum = f32x4.splat(0);
	for (let row = 0; row < rows; row++) {
		const value = v128.and(loadLanes(dy, lanes), f32x4.gt(loadLanes(y, lanes), f32x4.splat(0)));
		sum = f32x4.add(sum, value);
		storeLanes(dz, value, lanes);
		dy += rowBytes;
		y += rowBytes;
		dz += rowBytes;
	}
	return sum;
}

/** The gradient of relu(z + bias) by its output: dz [rows, columns], and its sum over the rows, dBias [columns]. */
export function biasReluGradient(dy: usize, y: usize, dz: usize, dBias: usize, rows: i32, columns: i32): void {
	const rowBytes = <usize>columns << 2;
	const run = max(16, RUN_BYTES / (columns << 2));
	memory.fill(dBias, 0, rowBytes);
	for (let first = 0; first < rows; first += run) {
		const count = min(run, rows - first);
		for (let column = 0; column < columns; column += 4) {
			const lanes = columns - column;
			const at = <usize>column << 2;
			const place = <usize>first * rowBytes + at;
			const sum =
				lanes >= 4
					? biasReluRun(dy + place, y + place, dz + place, count, rowBytes, 4)
					: biasReluRun(dy + place, y + place, dz + place, count, rowBytes, lanes);
			storeLanes(dBias + at, f32x4.add(loadLanes(dBias + at, lanes), sum), lanes);
		}
	}
}
