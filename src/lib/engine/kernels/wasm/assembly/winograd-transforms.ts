/**
 * The transforms of Winograd's minimal filtering F(4 × 4, 3 × 3): thirty-six products for a tile of 4 × 4 outputs instead of 144. With d
 * the 6 × 6 inputs of a tile, g the filter and y the outputs: y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A. The thirty-six values of a tile lie in as
 * many planes, `planeBytes` apart.
 *
 * The polynomials behind it are evaluated at 0, ±a, ±b and ∞. The usual a = 1, b = 2 costs a decimal digit; a = 3/4, b = 3/2, exact in
 * binary, costs next to nothing.
 * Sources: Lavin & Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016; Barabasz et al., Error Analysis and Improving the
 * Accuracy of Winograd Convolution for Deep Neural Networks, ACM TOMS 2020 (the choice of points matters).
 */
import { multiplyAdd, rectify, storeLanes } from './simd';

const A: f32 = 0.75;
const B: f32 = 1.5;
const A2: f32 = A * A;
const B2: f32 = B * B;
const A3: f32 = A2 * A;
const B3: f32 = B2 * B;

/** Scales of G, one over the products of the distances between the points. */
const SCALE_0: f32 = 1 / (A2 * B2);
const SCALE_A: f32 = 1 / (2 * A2 * (A2 - B2));
const SCALE_B: f32 = 1 / (2 * B2 * (B2 - A2));

// @ts-ignore: decorator
@inline
function times(value: v128, factor: f32): v128 {
	return f32x4.mul(value, f32x4.splat(factor));
}

/** value · factor + addend */
// @ts-ignore: decorator
@inline
function scaleAdd(value: v128, factor: f32, addend: v128): v128 {
	return multiplyAdd(value, f32x4.splat(factor), addend);
}

/** Stores Bᵀ d for one line of six inputs. */
// @ts-ignore: decorator
@inline
function storeInputLine(target: usize, stride: usize, d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128): void {
	v128.store(target, scaleAdd(d0, A2 * B2, scaleAdd(d2, -(A2 + B2), d4)));
	let even = scaleAdd(d2, -B2, d4);
	let odd = times(scaleAdd(d1, -B2, d3), A);
	v128.store(target + stride, f32x4.add(even, odd));
	v128.store(target + 2 * stride, f32x4.sub(even, odd));
	even = scaleAdd(d2, -A2, d4);
	odd = times(scaleAdd(d1, -A2, d3), B);
	v128.store(target + 3 * stride, f32x4.add(even, odd));
	v128.store(target + 4 * stride, f32x4.sub(even, odd));
	v128.store(target + 5 * stride, scaleAdd(d1, A2 * B2, scaleAdd(d3, -(A2 + B2), d5)));
}

/** Bᵀ d B of one tile, all channels (a multiple of four). `x` is its first input pixel, `v` its place in the first plane, `line` room for 36 vectors. */
export function transformInput(x: usize, rowBytes: usize, pixelBytes: usize, v: usize, planeBytes: usize, line: usize): void {
	for (let at: usize = 0; at < pixelBytes; at += 16) {
		let source = x + at;
		for (let column: usize = 0; column < 96; column += 16) {
			let row = source;
			const d0 = v128.load(row);
			row += rowBytes;
			const d1 = v128.load(row);
			row += rowBytes;
			const d2 = v128.load(row);
			row += rowBytes;
			const d3 = v128.load(row);
			row += rowBytes;
			const d4 = v128.load(row);
			row += rowBytes;
			storeInputLine(line + column, 96, d0, d1, d2, d3, d4, v128.load(row));
			source += pixelBytes;
		}
		let target = v + at;
		for (let row = line; row < line + 576; row += 96) {
			const d0 = v128.load(row);
			const d1 = v128.load(row, 16);
			const d2 = v128.load(row, 32);
			const d3 = v128.load(row, 48);
			const d4 = v128.load(row, 64);
			storeInputLine(target, planeBytes, d0, d1, d2, d3, d4, v128.load(row, 80));
			target += 6 * planeBytes;
		}
	}
}

/** Stores Aᵀ m for one line of six products: four values. */
// @ts-ignore: decorator
@inline
function storeOutputLine(target: usize, stride: usize, m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128): void {
	const evenA = f32x4.add(m1, m2);
	const oddA = f32x4.sub(m1, m2);
	const evenB = f32x4.add(m3, m4);
	const oddB = f32x4.sub(m3, m4);
	v128.store(target, f32x4.add(f32x4.add(m0, evenA), evenB));
	v128.store(target + stride, scaleAdd(oddB, B, times(oddA, A)));
	v128.store(target + 2 * stride, scaleAdd(evenB, B2, times(evenA, A2)));
	v128.store(target + 3 * stride, scaleAdd(oddB, B3, scaleAdd(oddA, A3, m5)));
}

/**
 * Aᵀ m A of one tile, plus bias, through the activation, into at most `rows` × `columns` output pixels. `m` is the tile's place in the
 * first plane, whose channels are padded to whole blocks; `line` is room for 36 vectors.
 */
export function transformOutput(
	m: usize,
	planeBytes: usize,
	bias: usize,
	out: usize,
	rowBytes: usize,
	pixelBytes: usize,
	rows: i32,
	columns: i32,
	channels: i32,
	relu: i32,
	line: usize,
): void {
	for (let channel = 0; channel < channels; channel += 4) {
		const lanes = channels - channel;
		const at = <usize>channel << 2;
		let plane = m + at;
		for (let column: usize = 0; column < 96; column += 16) {
			let row = plane;
			const m0 = v128.load(row);
			row += 6 * planeBytes;
			const m1 = v128.load(row);
			row += 6 * planeBytes;
			const m2 = v128.load(row);
			row += 6 * planeBytes;
			const m3 = v128.load(row);
			row += 6 * planeBytes;
			const m4 = v128.load(row);
			row += 6 * planeBytes;
			storeOutputLine(line + column, 96, m0, m1, m2, m3, m4, v128.load(row));
			plane += planeBytes;
		}
		const shift = v128.load(bias + at);
		let target = out + at;
		let source = line;
		for (let row = min(rows, 4); row > 0; row--) {
			const m0 = f32x4.add(v128.load(source), shift);
			const m1 = v128.load(source, 16);
			const m2 = v128.load(source, 32);
			const m3 = v128.load(source, 48);
			const m4 = v128.load(source, 64);
			// Products at 0 and ∞ reach the first and the last pixel only, so the bias joins the others here.
			storePixels(target, pixelBytes, columns, lanes, relu, shift, m0, m1, m2, m3, m4, v128.load(source, 80));
			target += rowBytes;
			source += 96;
		}
	}
}

// @ts-ignore: decorator
@inline
function storePixel(target: usize, value: v128, lanes: i32, relu: i32): void {
	storeLanes(target, relu ? rectify(value) : value, lanes);
}

/** The last step of a row: four output pixels, of which the first `columns` exist. `m0` carries the bias already. */
// @ts-ignore: decorator
@inline
function storePixels(
	target: usize,
	pixelBytes: usize,
	columns: i32,
	lanes: i32,
	relu: i32,
	bias: v128,
	m0: v128,
	m1: v128,
	m2: v128,
	m3: v128,
	m4: v128,
	m5: v128,
): void {
	const evenA = f32x4.add(m1, m2);
	const oddA = f32x4.sub(m1, m2);
	const evenB = f32x4.add(m3, m4);
	const oddB = f32x4.sub(m3, m4);
	storePixel(target, f32x4.add(f32x4.add(m0, evenA), evenB), lanes, relu);
	if (columns == 1) return;
	target += pixelBytes;
	storePixel(target, scaleAdd(oddB, B, scaleAdd(oddA, A, bias)), lanes, relu);
	if (columns == 2) return;
	target += pixelBytes;
	storePixel(target, scaleAdd(evenB, B2, scaleAdd(evenA, A2, bias)), lanes, relu);
	if (columns == 3) return;
	target += pixelBytes;
	storePixel(target, scaleAdd(oddB, B3, scaleAdd(oddA, A3, f32x4.add(m5, bias))), lanes, relu);
}

/** Stores G g for one line of three filter taps: six values. */
// @ts-ignore: decorator
@inline
function storeFilterLine(target: usize, stride: usize, g0: v128, g1: v128, g2: v128): void {
	v128.store(target, times(g0, SCALE_0));
	let even = times(scaleAdd(g2, A2, g0), SCALE_A);
	let odd = times(g1, A * SCALE_A);
	v128.store(target + stride, f32x4.add(even, odd));
	v128.store(target + 2 * stride, f32x4.sub(even, odd));
	even = times(scaleAdd(g2, B2, g0), SCALE_B);
	odd = times(g1, B * SCALE_B);
	v128.store(target + 3 * stride, f32x4.add(even, odd));
	v128.store(target + 4 * stride, f32x4.sub(even, odd));
	v128.store(target + 5 * stride, g2);
}

/** Four floats `stride` bytes apart, zeros beyond the first `lanes`. */
// @ts-ignore: decorator
@inline
function gather(address: usize, stride: isize, lanes: i32): v128 {
	let value = f32x4.splat(0);
	if (lanes > 0) value = f32x4.replace_lane(value, 0, load<f32>(address));
	if (lanes > 1) value = f32x4.replace_lane(value, 1, load<f32>(address + <usize>stride));
	if (lanes > 2) value = f32x4.replace_lane(value, 2, load<f32>(address + <usize>(2 * stride)));
	if (lanes > 3) value = f32x4.replace_lane(value, 3, load<f32>(address + <usize>(3 * stride)));
	return value;
}

/**
 * G g Gᵀ for all pairs of channels, in planes of [outChannels / 8][inChannels][8] with zeros beyond the last channel. The strides are in
 * bytes and may be negative, so that the turned filter of an input gradient needs no copy. `line` is room for 18 vectors.
 */
export function transformFilter(
	filter: usize,
	rowStride: isize,
	columnStride: isize,
	inStride: isize,
	outStride: isize,
	inChannels: i32,
	outChannels: i32,
	u: usize,
	planeBytes: usize,
	line: usize,
): void {
	for (let block = 0; block < outChannels; block += 8) {
		for (let i = 0; i < inChannels; i++) {
			for (let channel = block; channel < block + 8; channel += 4) {
				const lanes = outChannels - channel;
				let first = filter + <usize>(<isize>i * inStride + <isize>channel * outStride);
				for (let column: usize = 0; column < 48; column += 16) {
					const g0 = gather(first, outStride, lanes);
					const g1 = gather(first + <usize>rowStride, outStride, lanes);
					storeFilterLine(line + column, 48, g0, g1, gather(first + <usize>(2 * rowStride), outStride, lanes));
					first += <usize>columnStride;
				}
				let target = u;
				for (let row = line; row < line + 288; row += 48) {
					storeFilterLine(target, planeBytes, v128.load(row), v128.load(row, 16), v128.load(row, 32));
					target += 6 * planeBytes;
				}
				u += 16;
			}
		}
	}
}

/** Stores A y for one line of four output gradients: six values. */
// @ts-ignore: decorator
@inline
export function storeGradientLine(target: usize, stride: usize, y0: v128, y1: v128, y2: v128, y3: v128): void {
	v128.store(target, y0);
	let even = scaleAdd(y2, A2, y0);
	let odd = scaleAdd(y3, A3, times(y1, A));
	v128.store(target + stride, f32x4.add(even, odd));
	v128.store(target + 2 * stride, f32x4.sub(even, odd));
	even = scaleAdd(y2, B2, y0);
	odd = scaleAdd(y3, B3, times(y1, B));
	v128.store(target + 3 * stride, f32x4.add(even, odd));
	v128.store(target + 4 * stride, f32x4.sub(even, odd));
	v128.store(target + 5 * stride, y3);
}

/** Stores Gᵀ u for one line of six sums: three filter taps, of which the first `lanes` channels exist. */
// @ts-ignore: decorator
@inline
export function storeTapLine(
	target: usize,
	stride: usize,
	lanes: i32,
	u0: v128,
	u1: v128,
	u2: v128,
	u3: v128,
	u4: v128,
	u5: v128,
): void {
	const evenA = times(f32x4.add(u1, u2), SCALE_A);
	const oddA = times(f32x4.sub(u1, u2), A * SCALE_A);
	const evenB = times(f32x4.add(u3, u4), SCALE_B);
	const oddB = times(f32x4.sub(u3, u4), B * SCALE_B);
	storeLanes(target, scaleAdd(u0, SCALE_0, f32x4.add(evenA, evenB)), lanes);
	storeLanes(target + stride, f32x4.add(oddA, oddB), lanes);
	storeLanes(target + 2 * stride, scaleAdd(evenA, A2, scaleAdd(evenB, B2, u5)), lanes);
}
