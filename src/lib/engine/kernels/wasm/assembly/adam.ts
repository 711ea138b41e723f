import { multiplyAdd } from './simd';

/**
 * One step of Adam on `count` weights, in place:
 * g ← scale · gradient + l2 · w;  m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;
 * w ← decay · w − rate · m / (√v · root + ε), where `rate` = learning rate / (1 − β₁ᵗ) and `root` = 1 / √(1 − β₂ᵗ).
 */
export function adam(
	weights: usize,
	firstMoment: usize,
	secondMoment: usize,
	gradient: usize,
	count: i32,
	beta1: f32,
	beta2: f32,
	rate: f32,
	root: f32,
	epsilon: f32,
	scale: f32,
	l2: f32,
	decay: f32,
): void {
	const whole = <usize>(count & ~3) << 2;
	for (let at: usize = 0; at < whole; at += 16) {
		const w = v128.load(weights + at);
		const g = multiplyAdd(w, f32x4.splat(l2), f32x4.mul(v128.load(gradient + at), f32x4.splat(scale)));
		const m = multiplyAdd(v128.load(firstMoment + at), f32x4.splat(beta1), f32x4.mul(g, f32x4.splat(1 - beta1)));
		const v = multiplyAdd(v128.load(secondMoment + at), f32x4.splat(beta2), f32x4.mul(f32x4.mul(g, g), f32x4.splat(1 - beta2)));
		const divisor = multiplyAdd(f32x4.sqrt(v), f32x4.splat(root), f32x4.splat(epsilon));
		const change = f32x4.div(f32x4.mul(m, f32x4.splat(rate)), divisor);
		v128.store(firstMoment + at, m);
		v128.store(secondMoment + at, v);
		v128.store(weights + at, f32x4.sub(f32x4.mul(w, f32x4.splat(decay)), change));
	}
	const end = <usize>count << 2;
	for (let at = whole; at < end; at += 4) {
		const w = load<f32>(weights + at);
		const g = scale * load<f32>(gradient + at) + l2 * w;
		const m = beta1 * load<f32>(firstMoment + at) + (1 - beta1) * g;
		const v = beta2 * load<f32>(secondMoment + at) + (1 - beta2) * g * g;
		store<f32>(firstMoment + at, m);
		store<f32>(secondMoment + at, v);
		store<f32>(weights + at, decay * w - (rate * m) / (sqrt(v) * root + epsilon));
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
