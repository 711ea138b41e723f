/**
 * Normalisation of [samples, pixels, channels]: statistics, application and gradient, for each sample and group of channels. Batch norm
 * is one sample of all images' pixels with a group per channel; instance norm has a group per channel of each image. Pixels are taken in
 * runs that stay in the first-level cache while all their channels, four at a time, pass by.
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

/** Replaces the statistics of each channel by those of its group of `size` channels, all of as many pixels. */
function joinGroups(mean: usize, variance: usize, channels: i32, size: i32): void {
	const groupBytes = <usize>size << 2;
	const end = mean + (<usize>channels << 2);
	while (mean < end) {
		let average: f64 = 0;
		for (let at: usize = 0; at < groupBytes; at += 4) average += load<f32>(mean + at);
		average /= <f64>size;
		let spread: f64 = 0;
		for (let at: usize = 0; at < groupBytes; at += 4) {
			const distance = <f64>load<f32>(mean + at) - average;
			spread += <f64>load<f32>(variance + at) + distance * distance;
		}
		for (let at: usize = 0; at < groupBytes; at += 4) {
			store<f32>(mean + at, <f32>average);
			store<f32>(variance + at, <f32>(spread / <f64>size));
		}
		mean += groupBytes;
		variance += groupBytes;
	}
}

/** y = activation((x − mean) / √(variance + ε) · scale + offset) of one sample. */
function apply(
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

/**
 * Writes y = activation((x − mean) / √(variance + ε) · scale + offset), with mean and biased variance of each sample's groups of channels,
 * which it writes too, repeated for every channel of a group: [samples, channels].
 */
export function normalize(
	x: usize,
	scale: usize,
	offset: usize,
	y: usize,
	mean: usize,
	variance: usize,
	samples: i32,
	pixels: i32,
	channels: i32,
	groups: i32,
	epsilon: f32,
	relu: i32,
): void {
	const sampleBytes = (<usize>pixels * <usize>channels) << 2;
	const statisticBytes = <usize>channels << 2;
	for (let sample = 0; sample < samples; sample++) {
		moments(x, pixels, channels, mean, variance);
		if (groups < channels) joinGroups(mean, variance, channels, channels / groups);
		apply(x, scale, offset, y, mean, variance, pixels, channels, epsilon, relu);
		x += sampleBytes;
		y += sampleBytes;
		mean += statisticBytes;
		variance += statisticBytes;
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

/** dx = factor · dz − fall − (x − mean) · slope of four channels over a run. */
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
	fall: v128,
	slope: v128,
): void {
	for (let pixel = 0; pixel < pixels; pixel++) {
		const centred = f32x4.sub(loadLanes(x, lanes), average);
		const dz = gate(loadLanes(dy, lanes), centred, factor, shift, relu);
		storeLanes(dx, f32x4.sub(f32x4.sub(f32x4.mul(factor, dz), fall), f32x4.mul(centred, slope)), lanes);
		x += pixelBytes;
		dy += pixelBytes;
		dx += pixelBytes;
	}
}

/** Adds Σ dz and Σ dz · (x − mean) of one sample's channels to `sums` and `products`, in double precision. */
function addGradients(
	dy: usize,
	x: usize,
	mean: usize,
	variance: usize,
	scale: usize,
	offset: usize,
	pixels: i32,
	channels: i32,
	epsilon: f32,
	relu: i32,
	sums: usize,
	products: usize,
): void {
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
			const to = <usize>channel << 3;
			if (lanes >= 4) {
				addGradientRun(dy + place, x + place, pixelBytes, count, 4, average, factor, shift, relu, sums + to, products + to);
			} else {
				addGradientRun(dy + place, x + place, pixelBytes, count, lanes, average, factor, shift, relu, sums + to, products + to);
			}
		}
	}
}

/**
 * From one sample's sums: adds to the gradients of offset and scale, and writes what each channel's dx loses. With m values in a group
 * and r = 1 / √(variance + ε): fall = r / m · Σ scale · Σ dz;  slope = r³ / m · Σ scale · Σ dz · (x − mean), both over the group.
 */
function joinGradients(
	sums: usize,
	products: usize,
	variance: usize,
	scale: usize,
	size: i32,
	channels: i32,
	pixels: i32,
	epsilon: f32,
	offsets: usize,
	scales: usize,
	falls: usize,
	slopes: usize,
): void {
	for (let first = 0; first < channels; first += size) {
		const inverse = 1 / Math.sqrt(<f64>load<f32>(variance + (<usize>first << 2)) + <f64>epsilon);
		let sum: f64 = 0;
		let product: f64 = 0;
		for (let channel = first; channel < first + size; channel++) {
			const at = <usize>channel << 3;
			const weight = <f64>load<f32>(scale + (at >> 1));
			sum += weight * load<f64>(sums + at);
			product += weight * load<f64>(products + at);
			store<f64>(offsets + at, load<f64>(offsets + at) + load<f64>(sums + at));
			store<f64>(scales + at, load<f64>(scales + at) + load<f64>(products + at) * inverse);
		}
		const share = inverse / (<f64>pixels * <f64>size);
		for (let channel = first; channel < first + size; channel++) {
			store<f32>(falls + (<usize>channel << 2), <f32>(share * sum));
			store<f32>(slopes + (<usize>channel << 2), <f32>(share * inverse * inverse * product));
		}
	}
}

function writeGradients(
	dy: usize,
	x: usize,
	dx: usize,
	mean: usize,
	variance: usize,
	scale: usize,
	offset: usize,
	pixels: i32,
	channels: i32,
	epsilon: f32,
	relu: i32,
	falls: usize,
	slopes: usize,
): void {
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
			const fall = loadLanes(falls + at, lanes);
			const slope = loadLanes(slopes + at, lanes);
			const place = <usize>first * pixelBytes + at;
			const target = dx + place;
			if (lanes >= 4) {
				writeGradientRun(dy + place, x + place, target, pixelBytes, count, 4, average, factor, shift, relu, fall, slope);
			} else {
				writeGradientRun(dy + place, x + place, target, pixelBytes, count, lanes, average, factor, shift, relu, fall, slope);
			}
		}
	}
}

/**
 * The gradient of `normalize`. With n = (x − mean) / √(variance + ε) and dz = dy where the activation let y through:
 * dOffset = Σ dz;  dScale = Σ dz · n;  dx = (scale · dz − mean of scale · dz − n · mean of scale · dz · n) / √(variance + ε), where the
 * means are over the sample's group.
 */
export function normalizeGradient(
	dy: usize,
	x: usize,
	mean: usize,
	variance: usize,
	scale: usize,
	offset: usize,
	dx: usize,
	dScale: usize,
	dOffset: usize,
	samples: i32,
	pixels: i32,
	channels: i32,
	groups: i32,
	epsilon: f32,
	relu: i32,
): void {
	const block = lines(<usize>(channels + 4) << 3);
	const sums = scratch(6 * block);
	const products = sums + block;
	const offsets = products + block;
	const scales = offsets + block;
	const falls = scales + block;
	const slopes = falls + block;
	memory.fill(offsets, 0, 2 * block);
	const sampleBytes = (<usize>pixels * <usize>channels) << 2;
	for (let sample = 0; sample < samples; sample++) {
		const first = <usize>sample * sampleBytes;
		const statistic = (<usize>sample * <usize>channels) << 2;
		const m = mean + statistic;
		const v = variance + statistic;
		memory.fill(sums, 0, 2 * block);
		addGradients(dy + first, x + first, m, v, scale, offset, pixels, channels, epsilon, relu, sums, products);
		joinGradients(sums, products, v, scale, channels / groups, channels, pixels, epsilon, offsets, scales, falls, slopes);
		writeGradients(dy + first, x + first, dx + first, m, v, scale, offset, pixels, channels, epsilon, relu, falls, slopes);
	}
	for (let channel = 0; channel < channels; channel++) {
		const at = <usize>channel << 2;
		store<f32>(dOffset + at, <f32>load<f64>(offsets + 2 * at));
		store<f32>(dScale + at, <f32>load<f64>(scales + 2 * at));
	}
}
