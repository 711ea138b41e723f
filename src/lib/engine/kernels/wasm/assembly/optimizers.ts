/** One step of each optimizer on `count` weights, in place. The gradient taken is g = scale · gradient + l2 · w. */
import { loadLanes, multiplyAdd, storeLanes } from './simd';

// @ts-ignore: decorator
@inline
function gradientOf(gradient: usize, w: v128, lanes: i32, scale: f32, l2: f32): v128 {
	return multiplyAdd(w, f32x4.splat(l2), f32x4.mul(loadLanes(gradient, lanes), f32x4.splat(scale)));
}

/** a · x + b · y */
// @ts-ignore: decorator
@inline
function blend(a: f32, x: v128, b: f32, y: v128): v128 {
	return multiplyAdd(x, f32x4.splat(a), f32x4.mul(y, f32x4.splat(b)));
}

/**
 * Adam: m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  w ← decay · w − rate · m / (√v · root + ε),
 * where `rate` = learning rate / (1 − β₁ᵗ) and `root` = 1 / √(1 − β₂ᵗ).
 */
export function adam(
	weights: usize,
	firstMoment: usize,
	secondMoment: usize,
	gradient: usize,
	count: i32,
	scale: f32,
	l2: f32,
	beta1: f32,
	beta2: f32,
	rate: f32,
	root: f32,
	epsilon: f32,
	decay: f32,
): void {
	for (let first = 0; first < count; first += 4) {
		const lanes = count - first;
		const at = <usize>first << 2;
		const w = loadLanes(weights + at, lanes);
		const g = gradientOf(gradient + at, w, lanes, scale, l2);
		const m = blend(beta1, loadLanes(firstMoment + at, lanes), 1 - beta1, g);
		const v = blend(beta2, loadLanes(secondMoment + at, lanes), 1 - beta2, f32x4.mul(g, g));
		const divisor = multiplyAdd(f32x4.sqrt(v), f32x4.splat(root), f32x4.splat(epsilon));
		const change = f32x4.div(f32x4.mul(m, f32x4.splat(rate)), divisor);
		storeLanes(firstMoment + at, m, lanes);
		storeLanes(secondMoment + at, v, lanes);
		storeLanes(weights + at, f32x4.sub(f32x4.mul(w, f32x4.splat(decay)), change), lanes);
	}
}

/** Gradient descent: v ← momentum · v + g;  w ← w − rate · v. */
export function sgd(weights: usize, velocity: usize, gradient: usize, count: i32, scale: f32, l2: f32, momentum: f32, rate: f32): void {
	for (let first = 0; first < count; first += 4) {
		const lanes = count - first;
		const at = <usize>first << 2;
		const w = loadLanes(weights + at, lanes);
		const g = gradientOf(gradient + at, w, lanes, scale, l2);
		const v = multiplyAdd(loadLanes(velocity + at, lanes), f32x4.splat(momentum), g);
		storeLanes(velocity + at, v, lanes);
		storeLanes(weights + at, f32x4.sub(w, f32x4.mul(v, f32x4.splat(rate))), lanes);
	}
}

/** RMSProp: s ← ρ s + (1 − ρ) g²;  v ← momentum · v + rate · g / (√s + ε);  w ← w − v. */
export function rmsProp(
	weights: usize,
	meanSquare: usize,
	velocity: usize,
	gradient: usize,
	count: i32,
	scale: f32,
	l2: f32,
	rho: f32,
	momentum: f32,
	rate: f32,
	epsilon: f32,
): void {
	for (let first = 0; first < count; first += 4) {
		const lanes = count - first;
		const at = <usize>first << 2;
		const w = loadLanes(weights + at, lanes);
		const g = gradientOf(gradient + at, w, lanes, scale, l2);
		const s = blend(rho, loadLanes(meanSquare + at, lanes), 1 - rho, f32x4.mul(g, g));
		const change = f32x4.div(f32x4.mul(g, f32x4.splat(rate)), f32x4.add(f32x4.sqrt(s), f32x4.splat(epsilon)));
		const v = multiplyAdd(loadLanes(velocity + at, lanes), f32x4.splat(momentum), change);
		storeLanes(meanSquare + at, s, lanes);
		storeLanes(velocity + at, v, lanes);
		storeLanes(weights + at, f32x4.sub(w, v), lanes);
	}
}

/** Sum of squares of `count` floats, in double precision. */
export function sumOfSquares(values: usize, count: i32): f64 {
	let even = f64x2.splat(0);
	let odd = f64x2.splat(0);
	const whole = <usize>(count & ~3) << 2;
	for (let at: usize = 0; at < whole; at += 16) {
		const low = f64x2.promote_low_f32x4(v128.load(values + at));
		const high = f64x2.promote_low_f32x4(v128.load64_zero(values + at, 8));
		even = f64x2.add(even, f64x2.mul(low, low));
		odd = f64x2.add(odd, f64x2.mul(high, high));
	}
	even = f64x2.add(even, odd);
	let sum = f64x2.extract_lane(even, 0) + f64x2.extract_lane(even, 1);
	const end = <usize>count << 2;
	for (let at = whole; at < end; at += 4) {
		const value = <f64>load<f32>(values + at);
		sum += value * value;
	}
	return sum;
}
