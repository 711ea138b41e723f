/**
 * Batch normalisation in training: statistics, application and gradient, over [pixels, channels]. Pixels are taken in runs that stay in
 * the first-level cache while all their channels, four at a time, pass by.
 */
import { lines, scratch } from './scratch';
import { loadLanes, rectify, storeLanes } from './simd';

const RUN_BYTES: i32 = 16 * 1024;

/** Pixels of a run: a multiple of four. */
// @ts-ignore: decorator
@inline
function pixelsPerRun(channels: i32): i32 {
	return max(16, (RUN_BYTES / (channels << 2)) & ~3);
}

/** Σ x, or Σ (x − average)², of four channels over a run. Four partial sums, because each waits for its own last addition only. */
// @ts-ignore: decorator
@inline
function sumRun(x: usize, pixelBytes: usize, pixels: i32, lanes: i32, average: v128, squared: bool): v128 {
	let sum0 = f32x4.splat(0);
	let sum1 = sum0;
	let sum2 = sum0;
	let sum3 = sum0;
	let pixel = 0;
	for (; pixel + 4 <= pixels; pixel += 4) {
		const x1 = x + pixelBytes;
		const x2 = x1 + pixelBytes;
		const x3 = x2 + pixelBytes;
		sum0 = f32x4.add(sum0, termOf(loadLanes(x, lanes), average, squared));
		sum1 = f32x4.add(sum1, termOf(loadLanes(x1, lanes), average, squared));
		sum2 = f32x4.add(sum2, termOf(loadLanes(x2, lanes), average, squared));
		sum3 = f32x4.add(sum3, termOf(loadLanes(x3, lanes), average, squared));
		x = x3 + pixelBytes;
	}
	for (; pixel < pixels; pixel++) {
		sum0 = f32x4.add(sum0, termOf(loadLanes(x, lanes), average, squared));
		x += pixelBytes;
	}
	return f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
}

// @ts-ignore: decorator
@inline
function termOf(value: v128, average: v128, squared: bool): v128 {
	if (!squared) return value;
	const difference = f32x4.sub(value, average);
	return f32x4.mul(difference, difference);
}

/**
 * Merges the mean and the squared deviations of a run of `count` pixels into those of the `seen` before, in double precision.
 * Source: Chan, Golub & LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample Variances, 1979.
 */
function mergeRun(means: usize, deviations: usize, runMean: f32, runDeviation: f32, seen: i32, count: i32): void {
	const before = load<f64>(means);
	const delta = <f64>runMean - before;
	const share = <f64>count / <f64>(seen + count);
	store<f64>(means, before + delta * share);
	store<f64>(deviations, load<f64>(deviations) + <f64>runDeviation + delta * delta * share * <f64>seen);
}

// @ts-ignore: decorator
@inline
function addRun(x: usize, pixelBytes: usize, seen: i32, count: i32, lanes: i32, means: usize, deviations: usize): void {
	const none = f32x4.splat(0);
	const average = f32x4.div(sumRun(x, pixelBytes, count, lanes, none, false), f32x4.splat(<f32>count));
	const deviation = sumRun(x, pixelBytes, count, lanes, average, true);
	mergeRun(means, deviations, f32x4.extract_lane(average, 0), f32x4.extract_lane(deviation, 0), seen, count);
	mergeRun(means + 8, deviations + 8, f32x4.extract_lane(average, 1), f32x4.extract_lane(deviation, 1), seen, count);
	mergeRun(means + 16, deviations + 16, f32x4.extract_lane(average, 2), f32x4.extract_lane(deviation, 2), seen, count);
	mergeRun(means + 24, deviations + 24, f32x4.extract_lane(average, 3), f32x4.extract_lane(deviation, 3), seen, count);
}

/** Mean and biased variance of each channel. */
function moments(x: usize, pixels: i32, channels: i32, mean: usize, variance: usize): void {
	const pixelBytes = <usize>channels << 2;
	const sumsBytes = lines(<usize>(channels + 4) << 3);
	const means = scratch(2 * sumsBytes);
	const deviations = means + sumsBytes;
	memory.fill(means, 0, 2 * sumsBytes);
	const run = pixelsPerRun(channels);
	for (let seen = 0; seen < pixels; seen += run) {
		const count = min(run, pixels - seen);
		const first = x + <usize>seen * pixelBytes;
		for (let channel = 0; channel < channels; channel += 4) {
			const at = first + (<usize>channel << 2);
			const place = <usize>channel << 3;
			if (channel + 4 <= channels) addRun(at, pixelBytes, seen, count, 4, means + place, deviations + place);
			else addRun(at, pixelBytes, seen, count, channels - channel, means + place, deviations + place);
		}
	}
	for (let channel = 0; channel < channels; channel++) {
		store<f32>(mean + (<usize>channel << 2), <f32>load<f64>(means + (<usize>channel << 3)));
		store<f32>(variance + (<usize>channel << 2), <f32>(load<f64>(deviations + (<usize>channel << 3)) / <f64>pixels));
	}
}

/** 1 / √(variance + ε) of four channels. */
// @ts-ignore: decorator
@inline
function inverseDeviation(variance: usize, lanes: i32, epsilon: f32): v128 {
	return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(loadLanes(variance, lanes), f32x4.splat(epsilon))));
}

// @ts-ignore: decorator
@inline
function normalizeRun(
	x: usize,
	y: usize,
	pixelBytes: usize,
	pixels: i32,
	lanes: i32,
	average: v128,
	factor: v128,
	shift: v128,
	relu: i32,
): void {
	for (let pixel = 0; pixel < pixels; pixel++) {
		const value = f32x4.add(f32x4.mul(f32x4.sub(loadLanes(x, lanes), average), factor), shift);
		storeLanes(y, relu ? rectify(value) : value, lanes);
		x += pixelBytes;
		y += pixelBytes;
	}
}

/** Writes y = activation((x − mean) / √(variance + ε) · scale + offset) with the batch's own mean and variance, which it also writes. */
export function batchNorm(
	x: usize,
	scale: usize,
	offset: usize,
	y: usize,
	mean: usize,
	variance: usize,
	pixels: i32,
	channels: i32,
	epsilon: f32,
	relu: i32,
): void {
	moments(x, pixels, channels, mean, variance);
	const pixelBytes = <usize>channels << 2;
	const run = pixelsPerRun(channels);
	for (let first = 0; first < pixels; first += run) {
		const count = min(run, pixels - first);
		for (let channel = 0; channel < channels; channel += 4) {
			const lanes = channels - channel;
			const at = <usize>channel << 2;
			const factor = f32x4.mul(loadLanes(scale + at, lanes), inverseDeviation(variance + at, lanes, epsilon));
			const average = loadLanes(mean + at, lanes);
			const shift = loadLanes(offset + at, lanes);
			const place = <usize>first * pixelBytes + at;
			if (lanes >= 4) normalizeRun(x + place, y + place, pixelBytes, count, 4, average, factor, shift, relu);
			else normalizeRun(x + place, y + place, pixelBytes, count, lanes, average, factor, shift, relu);
		}
	}
}

/** dy where the activation let the output through, else 0. */
// @ts-ignore: decorator
@inline
function gate(dy: v128, centred: v128, factor: v128, shift: v128, relu: i32): v128 {
	if (!relu) return dy;
	return v128.and(dy, f32x4.gt(f32x4.add(f32x4.mul(centred, factor), shift), f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function addDoubles(sums: usize, value: v128): void {
	v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(value)));
	const high = i8x16.shuffle(value, value, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
	v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(high)), 16);
}

/** Adds Σ dz and Σ dz · (x − mean) of four channels over a run. */
// @ts-ignore: decorator
@inline
function addGradientRun(
	dy: usize,
	x: usize,
	pixelBytes: usize,
	pixels: i32,
	lanes: i32,
	average: v128,
	factor: v128,
	shift: v128,
	relu: i32,
	sums: usize,
	products: usize,
): void {
	let sum0 = f32x4.splat(0);
	let product0 = sum0;
	let sum1 = sum0;
	let product1 = sum0;
	let pixel = 0;
	for (; pixel + 2 <= pixels; pixel += 2) {
		const centred0 = f32x4.sub(loadLanes(x, lanes), average);
		const dz0 = gate(loadLanes(dy, lanes), centred0, factor, shift, relu);
		sum0 = f32x4.add(sum0, dz0);
		product0 = f32x4.add(product0, f32x4.mul(dz0, centred0));
		const centred1 = f32x4.sub(loadLanes(x + pixelBytes, lanes), average);
		const dz1 = gate(loadLanes(dy + pixelBytes, lanes), centred1, factor, shift, relu);
		sum1 = f32x4.add(sum1, dz1);
		product1 = f32x4.add(product1, f32x4.mul(dz1, centred1));
		x += 2 * pixelBytes;
		dy += 2 * pixelBytes;
	}
	if (pixel < pixels) {
		const centred = f32x4.sub(loadLanes(x, lanes), average);
		const dz = gate(loadLanes(dy, lanes), centred, factor, shift, relu);
		sum0 = f32x4.add(sum0, dz);
		product0 = f32x4.add(product0, f32x4.mul(dz, centred));
	}
	addDoubles(sums, f32x4.add(sum0, sum1));
	addDoubles(products, f32x4.add(product0, product1));
}

/** dx = factor · (dz − meanOfDz − (x − mean) · slope) of four channels over a run. */
// @ts-ignore: decorator
@inline
function writeGradientRun(
	dy: usize,
	x: usize,
	dx: usize,
	pixelBytes: usize,
	pixels: i32,
	lanes: i32,
	average: v128,
	factor: v128,
	shift: v128,
	relu: i32,
	meanOfDz: v128,
	slope: v128,
): void {
	for (let pixel = 0; pixel < pixels; pixel++) {
		const centred = f32x4.sub(loadLanes(x, lanes), average);
		const dz = gate(loadLanes(dy, lanes), centred, factor, shift, relu);
		storeLanes(dx, f32x4.mul(factor, f32x4.sub(f32x4.sub(dz, meanOfDz), f32x4.mul(centred, slope))), lanes);
		x += pixelBytes;
		dy += pixelBytes;
		dx += pixelBytes;
	}
}

/**
 * The gradient of `batchNorm`. With n = (x − mean) / √(variance + ε) and dz = dy where the activation let y through:
 * dOffset = Σ dz;  dScale = Σ dz · n;  dx = scale / √(variance + ε) · (dz − (dOffset + n · dScale) / pixels).
 */
export function batchNormGradient(
	dy: usize,
	x: usize,
	mean: usize,
	variance: usize,
	scale: usize,
	offset: usize,
	dx: usize,
	dScale: usize,
	dOffset: usize,
	pixels: i32,
	channels: i32,
	epsilon: f32,
	relu: i32,
): void {
	const pixelBytes = <usize>channels << 2;
	const sumsBytes = lines(<usize>(channels + 4) << 3);
	const sums = scratch(2 * sumsBytes);
	const products = sums + sumsBytes;
	memory.fill(sums, 0, 2 * sumsBytes);
	const run = pixelsPerRun(channels);
	for (let first = 0; first < pixels; first += run) {
		const count = min(run, pixels - first);
		for (let channel = 0; channel < channels; channel += 4) {
			const lanes = channels - channel;
			const at = <usize>channel << 2;
			const factor = f32x4.mul(loadLanes(scale + at, lanes), inverseDeviation(variance + at, lanes, epsilon));
			const average = loadLanes(mean + at, lanes);
			const shift = loadLanes(offset + at, lanes);
			const place = <usize>first * pixelBytes + at;
			const to = <usize>channel << 3;
			if (lanes >= 4) {
				addGradientRun(dy + place, x + place, pixelBytes, count, 4, average, factor, shift, relu, sums + to, products + to);
			} else {
				addGradientRun(dy + place, x + place, pixelBytes, count, lanes, average, factor, shift, relu, sums + to, products + to);
			}
		}
	}
	for (let channel = 0; channel < channels; channel++) {
		const at = <usize>channel << 2;
		const inverse = 1 / Math.sqrt(<f64>load<f32>(variance + at) + <f64>epsilon);
		store<f32>(dOffset + at, <f32>load<f64>(sums + 2 * at));
		store<f32>(dScale + at, <f32>(load<f64>(products + 2 * at) * inverse));
	}
	const share = f32x4.splat(1 / <f32>pixels);
	for (let first = 0; first < pixels; first += run) {
		const count = min(run, pixels - first);
		for (let channel = 0; channel < channels; channel += 4) {
			const lanes = channels - channel;
			const at = <usize>channel << 2;
			const inverse = inverseDeviation(variance + at, lanes, epsilon);
			const factor = f32x4.mul(loadLanes(scale + at, lanes), inverse);
			const average = loadLanes(mean + at, lanes);
			const shift = loadLanes(offset + at, lanes);
			const mdz = f32x4.mul(loadLanes(dOffset + at, lanes), share);
			const slope = f32x4.mul(f32x4.mul(loadLanes(dScale + at, lanes), inverse), share);
			const place = <usize>first * pixelBytes + at;
			const target = dx + place;
			if (lanes >= 4) {
				writeGradientRun(dy + place, x + place, target, pixelBytes, count, 4, average, factor, shift, relu, mdz, slope);
			} else {
				writeGradientRun(dy + place, x + place, target, pixelBytes, count, lanes, average, factor, shift, relu, mdz, slope);
			}
		}
	}
}
