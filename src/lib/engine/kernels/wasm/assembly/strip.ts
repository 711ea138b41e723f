/** Padded copies of a few image rows, small enough to stay in the second-level cache. */

/** Half of a common second-level cache; the other half is for filters and results. */
const STRIP_BYTES: usize = 384 * 1024;

/** Output rows whose input rows fit a strip: 1 … `outHeight`. */
export function rowsPerStrip(rowBytes: usize, kernelHeight: i32, strideHeight: i32, outHeight: i32): i32 {
	const inputRows = <i32>(STRIP_BYTES / rowBytes);
	return max(1, min(outHeight, (inputRows - kernelHeight) / strideHeight + 1));
}

/** Input rows (or columns) that `outSize` output rows read. */
// @ts-ignore: decorator
@inline
export function inputExtent(outSize: i32, kernelSize: i32, stride: i32): i32 {
	return (outSize - 1) * stride + kernelSize;
}

/** Bytes that hold any strip of `rowsPerStrip` rows; grows with each of its arguments. */
export function stripBytes(rowBytes: usize, kernelHeight: i32, strideHeight: i32, outHeight: i32): usize {
	const whole = <usize>inputExtent(outHeight, kernelHeight, strideHeight) * rowBytes;
	return min(whole, max(STRIP_BYTES, <usize>kernelHeight * rowBytes));
}

/**
 * Copies the window of an image that starts at (`firstRow`, `firstColumn`), which may lie outside, and is `rows` × `columns`
 * pixels large; what lies outside becomes 0.
 */
export function copyWindow(
	image: usize,
	height: i32,
	width: i32,
	pixelBytes: usize,
	firstRow: i32,
	firstColumn: i32,
	rows: i32,
	columns: i32,
	strip: usize,
): void {
	const stripRowBytes = <usize>columns * pixelBytes;
	const from = max(0, min(columns, -firstColumn));
	const to = max(from, min(columns, width - firstColumn));
	const beforeBytes = <usize>from * pixelBytes;
	const insideBytes = <usize>(to - from) * pixelBytes;
	for (let row = 0; row < rows; row++) {
		const target = strip + <usize>row * stripRowBytes;
		const sourceRow = firstRow + row;
		if (sourceRow < 0 || sourceRow >= height || insideBytes == 0) {
			memory.fill(target, 0, stripRowBytes);
			continue;
		}
		if (beforeBytes > 0) memory.fill(target, 0, beforeBytes);
		const source = image + (<usize>sourceRow * <usize>width + <usize>(firstColumn + from)) * pixelBytes;
		memory.copy(target + beforeBytes, source, insideBytes);
		const afterBytes = stripRowBytes - beforeBytes - insideBytes;
		if (afterBytes > 0) memory.fill(target + beforeBytes + insideBytes, 0, afterBytes);
	}
}
