/** Batch normalisation in training: statistics, application and gradient, over [pixels, channels]. */
import { rectify, loadLanes, storeLanes } from './simd';
import { lines, scratch } from './scratch';

/** Pixels summed in single precision before they go into the double sums. */
const RUN_PIXELS: i32 = 128;

// @ts-ignore: decorator
@inline
function addToDoubles(sums: usize, value: v128): void {
	v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(value)));
	const high = i8x16.shuffle(value, value, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
	v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(high)), 16);
}

// @ts-ignore: decorator
@inline
function takeMean(sums: usize, pixels: i32): v128 {
	const count = <f64>pixels;
	return f32x4(
		<f32>(load<f64>(sums) / count),
		<f32>(load<f64>(sums, 8) / count),
		<f32>(load<f64>(sums, 16) / count),
		<f32>(load<f64>(sums, 24) / count),
	);
}

/** Mean and biased variance of each channel, by two passes. */
function moments(x: usize, pixels: i32, channels: i32, mean: usize, variance: usize): void {
	const sums = scratch(32);
	const pixelBytes = <usize>channels << 2;
	for (let channel = 0; channel < channels; channel += 4) {
		const lanes = channels - channel;
		const first = x + (<usize>channel << 2);
		memory.fill(sums, 0, 32);
		for (let start = 0; start < pixels; start += RUN_PIXELS) {
			let sum = f32x4.splat(0);
			let at = first + <usize>start * pixelBytes;
			for (let left = min(RUN_PIXELS, pixels - start); left > 0; left--) {
				sum = f32x4.add(sum, loadLanes(at, lanes));
				at += pixelBytes;
			}
			addToDoubles(sums, sum);
		}
		const average = takeMean(sums, pixels);
		memory.fill(sums, 0, 32);
		for (let start = 0; start < pixels; start += RUN_PIXELS) {
			let sum = f32x4.splat(0);
			let at = first + <usize>start * pixelBytes;
			for (let left = min(RUN_PIXELS, pixels - start); left > 0; left--) {
				const difference = f32x4.sub(loadLanes(at, lanes), average);
				sum = f32x4.add(sum, f32x4.mul(difference, difference));
				at += pixelBytes;
			}
			addToDoubles(sums, sum);
		}
		storeLanes(mean + (<usize>channel << 2), average, lanes);
		storeLanes(variance + (<usize>channel << 2), takeMean(sums, pixels), lanes);
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
	for (let channel = 0; channel < channels; channel += 4) {
		const lanes = channels - channel;
		const at = <usize>channel << 2;
		const deviation = f32x4.sqrt(f32x4.add(loadLanes(variance + at, lanes), f32x4.splat(epsilon)));
		const factor = f32x4.div(loadLanes(scale + at, lanes), deviation);
		const average = loadLanes(mean + at, lanes);
		const shift = loadLanes(offset + at, lanes);
		let source = x + at;
		let target = y + at;
		for (let pixel = 0; pixel < pixels; pixel++) {
			let value = f32x4.add(f32x4.mul(f32x4.sub(loadLanes(source, lanes), average), factor), shift);
			if (relu) value = rectify(value);
			storeLanes(target, value, lanes);
			source += pixelBytes;
			target += pixelBytes;
		}
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
	const offsetSums = scratch(lines(64));
	const scaleSums = offsetSums + 32;
	const pixelBytes = <usize>channels << 2;
	for (let channel = 0; channel < channels; channel += 4) {
		const lanes = channels - channel;
		const at = <usize>channel << 2;
		const deviation = f32x4.sqrt(f32x4.add(loadLanes(variance + at, lanes), f32x4.splat(epsilon)));
		const inverse = f32x4.div(f32x4.splat(1), deviation);
		const gain = loadLanes(scale + at, lanes);
		const factor = f32x4.div(gain, deviation);
		const average = loadLanes(mean + at, lanes);
		const shift = loadLanes(offset + at, lanes);
		memory.fill(offsetSums, 0, 64);
		for (let start = 0; start < pixels; start += RUN_PIXELS) {
			let offsetSum = f32x4.splat(0);
			let scaleSum = f32x4.splat(0);
			let source = <usize>start * pixelBytes + at;
			for (let left = min(RUN_PIXELS, pixels - start); left > 0; left--) {
				const centred = f32x4.sub(loadLanes(x + source, lanes), average);
				let dz = loadLanes(dy + source, lanes);
				if (relu) dz = v128.and(dz, f32x4.gt(f32x4.add(f32x4.mul(centred, factor), shift), f32x4.splat(0)));
				offsetSum = f32x4.add(offsetSum, dz);
				scaleSum = f32x4.add(scaleSum, f32x4.mul(dz, f32x4.mul(centred, inverse)));
				source += pixelBytes;
			}
			addToDoubles(offsetSums, offsetSum);
			addToDoubles(scaleSums, scaleSum);
		}
		const offsetMean = takeMean(offsetSums, pixels);
		const scaleMean = takeMean(scaleSums, pixels);
		storeLanes(dOffset + at, takeMean(offsetSums, 1), lanes);
		storeLanes(dScale + at, takeMean(scaleSums, 1), lanes);
		let source = at;
		for (let pixel = 0; pixel < pixels; pixel++) {
			const centred = f32x4.sub(loadLanes(x + source, lanes), average);
			let dz = loadLanes(dy + source, lanes);
			if (relu) dz = v128.and(dz, f32x4.gt(f32x4.add(f32x4.mul(centred, factor), shift), f32x4.splat(0)));
			const normal = f32x4.mul(centred, inverse);
			const value = f32x4.mul(factor, f32x4.sub(dz, f32x4.add(offsetMean, f32x4.mul(normal, scaleMean))));
			storeLanes(dx + source, value, lanes);
			source += pixelBytes;
		}
	}
}
