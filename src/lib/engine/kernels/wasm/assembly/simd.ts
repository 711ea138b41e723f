/** The two instructions that everything here is made of, and access to fewer than four lanes. */

/** a · b + c, rounded once where the machine can (relaxed SIMD) and twice elsewhere. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
	if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
	return f32x4.add(f32x4.mul(a, b), c);
}

/** max(value, 0) that keeps NaN. */
// @ts-ignore: decorator
@inline
export function rectify(value: v128): v128 {
	return f32x4.pmax(value, f32x4.splat(0));
}

/** Stores the first 1–4 lanes; `lanes` above four counts as four. */
// @ts-ignore: decorator
@inline
export function storeLanes(address: usize, value: v128, lanes: i32): void {
	if (lanes >= 4) {
		v128.store(address, value);
		return;
	}
	store<f32>(address, f32x4.extract_lane(value, 0));
	if (lanes > 1) store<f32>(address, f32x4.extract_lane(value, 1), 4);
	if (lanes > 2) store<f32>(address, f32x4.extract_lane(value, 2), 8);
}

/** Loads the first 1–4 lanes and zeros behind them, never reading further. */
// @ts-ignore: decorator
@inline
export function loadLanes(address: usize, lanes: i32): v128 {
	if (lanes >= 4) return v128.load(address);
	let value = f32x4.splat(0);
	if (lanes > 0) value = f32x4.replace_lane(value, 0, load<f32>(address));
	if (lanes > 1) value = f32x4.replace_lane(value, 1, load<f32>(address, 4));
	if (lanes > 2) value = f32x4.replace_lane(value, 2, load<f32>(address, 8));
	return value;
}
