/**
 * The transforms of Winograd's minimal filtering F(2 × 2, 3 × 3): sixteen products for a tile of 2 × 2 outputs instead of thirty-six.
 * With d the 4 × 4 inputs of a tile, g the filter and y its outputs: y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A. All constants are 0, ±½ and ±1, so
 * little accuracy is lost. Source: Lavin & Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016.
 *
 * The sixteen values of a tile lie in sixteen planes, `planeBytes` apart.
 */
import { rectify, storeLanes } from './simd';

/** One row of Bᵀ d B from one row of Bᵀ d, of which the four columns are given. */
// @ts-ignore: decorator
@inline
function storeInputRow(target: usize, planeBytes: usize, column0: v128, column1: v128, column2: v128, column3: v128): void {
	v128.store(target, f32x4.sub(column0, column2));
	v128.store(target + planeBytes, f32x4.add(column1, column2));
	v128.store(target + 2 * planeBytes, f32x4.sub(column2, column1));
	v128.store(target + 3 * planeBytes, f32x4.sub(column1, column3));
}

/** Bᵀ d B of one tile, all channels (a multiple of four): `x` is its first input pixel, `v` its place in the first plane. */
// @ts-ignore: decorator
@inline
export function transformInput(x: usize, rowBytes: usize, pixelBytes: usize, v: usize, planeBytes: usize): void {
	const row1 = x + rowBytes;
	const row2 = row1 + rowBytes;
	const row3 = row2 + rowBytes;
	for (let at: usize = 0; at < pixelBytes; at += 16) {
		let first = v + at;
		let a = at;
		const d10 = v128.load(row1 + a);
		const d20 = v128.load(row2 + a);
		const d00 = v128.load(x + a);
		const d30 = v128.load(row3 + a);
		a += pixelBytes;
		const d11 = v128.load(row1 + a);
		const d21 = v128.load(row2 + a);
		const d01 = v128.load(x + a);
		const d31 = v128.load(row3 + a);
		a += pixelBytes;
		const d12 = v128.load(row1 + a);
		const d22 = v128.load(row2 + a);
		const d02 = v128.load(x + a);
		const d32 = v128.load(row3 + a);
		a += pixelBytes;
		const d13 = v128.load(row1 + a);
		const d23 = v128.load(row2 + a);
		const d03 = v128.load(x + a);
		const d33 = v128.load(row3 + a);
		storeInputRow(first, planeBytes, f32x4.sub(d00, d20), f32x4.sub(d01, d21), f32x4.sub(d02, d22), f32x4.sub(d03, d23));
		first += 4 * planeBytes;
		storeInputRow(first, planeBytes, f32x4.add(d10, d20), f32x4.add(d11, d21), f32x4.add(d12, d22), f32x4.add(d13, d23));
		first += 4 * planeBytes;
		storeInputRow(first, planeBytes, f32x4.sub(d20, d10), f32x4.sub(d21, d11), f32x4.sub(d22, d12), f32x4.sub(d23, d13));
		first += 4 * planeBytes;
		storeInputRow(first, planeBytes, f32x4.sub(d10, d30), f32x4.sub(d11, d31), f32x4.sub(d12, d32), f32x4.sub(d13, d33));
	}
}

// @ts-ignore: decorator
@inline
function sumOfThree(a: v128, b: v128, c: v128): v128 {
	return f32x4.add(f32x4.add(a, b), c);
}

// @ts-ignore: decorator
@inline
function minusTwo(a: v128, b: v128, c: v128): v128 {
	return f32x4.sub(f32x4.sub(a, b), c);
}

/**
 * Aᵀ m A of one tile, plus bias, through the activation, into at most `rows` × `columns` output pixels. `m` is the tile's place in the
 * first plane, whose channels are padded to whole blocks.
 */
// @ts-ignore: decorator
@inline
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
): void {
	for (let channel = 0; channel < channels; channel += 4) {
		const lanes = channels - channel;
		const at = <usize>channel << 2;
		let plane = m + at;
		let row0 = v128.load(bias + at);
		let row1 = row0;
		let row0Next = row0;
		let row1Next = row0;
		// Columns of m by columns of Aᵀ m: the first three add to the left pixel, the last three (two of them negated) to the right.
		for (let column = 0; column < 4; column++) {
			const m0 = v128.load(plane);
			const m1 = v128.load(plane + 4 * planeBytes);
			const m2 = v128.load(plane + 8 * planeBytes);
			const m3 = v128.load(plane + 12 * planeBytes);
			const upper = sumOfThree(m0, m1, m2);
			const lower = minusTwo(m1, m2, m3);
			if (column < 3) {
				row0 = f32x4.add(row0, upper);
				row1 = f32x4.add(row1, lower);
			}
			if (column == 1) {
				row0Next = f32x4.add(row0Next, upper);
				row1Next = f32x4.add(row1Next, lower);
			}
			if (column > 1) {
				row0Next = f32x4.sub(row0Next, upper);
				row1Next = f32x4.sub(row1Next, lower);
			}
			plane += planeBytes;
		}
		if (relu) {
			row0 = rectify(row0);
			row1 = rectify(row1);
			row0Next = rectify(row0Next);
			row1Next = rectify(row1Next);
		}
		const target = out + at;
		storeLanes(target, row0, lanes);
		if (columns > 1) storeLanes(target + pixelBytes, row0Next, lanes);
		if (rows > 1) {
			storeLanes(target + rowBytes, row1, lanes);
			if (columns > 1) storeLanes(target + rowBytes + pixelBytes, row1Next, lanes);
		}
	}
}

/** One row of G g Gᵀ from one row of G g. */
// @ts-ignore: decorator
@inline
function storeFilterRow(target: usize, planeBytes: usize, g0: f32, g1: f32, g2: f32): void {
	store<f32>(target, g0);
	store<f32>(target + planeBytes, 0.5 * (g0 + g1 + g2));
	store<f32>(target + 2 * planeBytes, 0.5 * (g0 - g1 + g2));
	store<f32>(target + 3 * planeBytes, g2);
}

/**
 * G g Gᵀ for all pairs of channels, in planes of [outChannels / 8][inChannels][8] with zeros beyond the last channel. The strides are in
 * bytes and may be negative, so that the turned filter of an input gradient needs no copy.
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
): void {
	for (let block = 0; block < outChannels; block += 8) {
		for (let i = 0; i < inChannels; i++) {
			for (let lane = 0; lane < 8; lane++) {
				if (block + lane >= outChannels) {
					for (let plane: usize = 0; plane < 16; plane++) store<f32>(u + plane * planeBytes, 0);
					u += 4;
					continue;
				}
				const g0 = filter + <usize>(<isize>i * inStride + <isize>(block + lane) * outStride);
				const g1 = g0 + <usize>rowStride;
				const g2 = g1 + <usize>rowStride;
				const twice = <usize>(2 * columnStride);
				const a0 = load<f32>(g0);
				const a1 = load<f32>(g0 + <usize>columnStride);
				const a2 = load<f32>(g0 + twice);
				const b0 = load<f32>(g1);
				const b1 = load<f32>(g1 + <usize>columnStride);
				const b2 = load<f32>(g1 + twice);
				const c0 = load<f32>(g2);
				const c1 = load<f32>(g2 + <usize>columnStride);
				const c2 = load<f32>(g2 + twice);
				storeFilterRow(u, planeBytes, a0, a1, a2);
				storeFilterRow(u + 4 * planeBytes, planeBytes, 0.5 * (a0 + b0 + c0), 0.5 * (a1 + b1 + c1), 0.5 * (a2 + b2 + c2));
				storeFilterRow(u + 8 * planeBytes, planeBytes, 0.5 * (a0 - b0 + c0), 0.5 * (a1 - b1 + c1), 0.5 * (a2 - b2 + c2));
				storeFilterRow(u + 12 * planeBytes, planeBytes, c0, c1, c2);
				u += 4;
			}
		}
	}
}
