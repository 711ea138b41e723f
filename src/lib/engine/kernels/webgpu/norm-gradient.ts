/**
 * The gradient of normalisation as WGSL. With n = (x − mean) / √(variance + ε) and s = dy · scale, after the ReLU's mask, and over a group of a sample:
 * dx = (s − mean(s) − n · mean(s · n)) / √(variance + ε), dScale = Σ dy · n, dOffset = Σ dy.
 */
import { applyWorkgroups, channelNumbers, channelReaders, placeInPixels } from './norm-apply.ts';
import { placeInRuns, runsOf, type NormSizes } from './norm-statistics.ts';
import { declare, entry, flatGroup, lanes, reader, spread, tree, whole, writer } from './wgsl.ts';
import type { Workgroups } from './recorder.ts';

const head = ({ channels }: NormSizes, further: readonly { readonly name: string; readonly written?: boolean }[]): string => `
${declare([{ name: 'x' }, { name: 'dy' }, { name: 'mean' }, { name: 'variance' }, { name: 'scale' }, { name: 'offset' }, ...further].map((binding) => ({ ...binding, quads: whole(channels) })))}
${reader('readX', 'x', channels)}
${reader('readDy', 'dy', channels)}
${channelReaders(channels)}`;

/** `normal` and `slopes` of a pixel, the latter after the mask of the ReLU, which sees the same rounding as forward. */
const pixelNumbers = ({ pixels }: NormSizes, rectified: boolean): string => `
		let normal = (readX(sample * ${pixels} + pixel, quad) - center) * inverse;
		let given = readDy(sample * ${pixels} + pixel, quad);
		let slopes = ${rectified ? 'select(vec4<f32>(), given, normal * slope + shift > vec4<f32>())' : 'given'};`;

/** Bindings: x, dy, mean, variance, scale, offset, sums [samples, runs, (Σ dy, Σ dy · n), channels]. */
export function gradientSumsCode(sizes: NormSizes, epsilon: number, rectified: boolean): string {
	return `${head(sizes, [{ name: 'sums', written: true }])}
${writer('writeSums', 'sums', sizes.channels)}
${entry()} {${placeInRuns(sizes)}${channelNumbers(epsilon)}
	var sum = vec4<f32>();
	var tilt = vec4<f32>();
	for (var pixel = first; pixel < end; pixel++) {${pixelNumbers(sizes, rectified)}
		sum += slopes;
		tilt = fma(slopes, normal, tilt);
	}
	let row = 2 * (sample * ${runsOf(sizes).count} + run);
	writeSums(row, quad, sum);
	writeSums(row + 1, quad, tilt);
}`;
}

export const channelWorkgroups = ({ channels }: NormSizes): Workgroups => spread(channels);

/** Bindings: sums, scale, shares [samples, (of mean(s), of mean(s · n)), channels], dScale, dOffset [channels]. */
export function channelSumsCode(sizes: NormSizes): string {
	const { samples, pixels, channels, groups } = sizes;
	const { count } = runsOf(sizes);
	const outputs = ['parts', 'dScale', 'dOffset'].map((name) => ({ name, quads: false, written: true }));
	return `${declare([{ name: 'sums', quads: false }, { name: 'scale', quads: false }, ...outputs])}
var<workgroup> shares: array<vec2<f32>, ${lanes}>;
${entry()} {
	let channel = min(${flatGroup}, ${channels - 1});
	var total = vec2<f32>();
	for (var sample = 0; sample < ${samples}; sample++) {
		var sum = vec2<f32>();
		for (var run = i32(lane); run < ${count}; run += ${lanes}) {
			let place = (sample * ${count} + run) * ${2 * channels} + channel;
			sum += vec2<f32>(sums[place], sums[place + ${channels}]);
		}
		shares[lane] = sum;${tree(lanes, (to, from) => `${to} += ${from};`)}
		if (lane == 0u) {
			let part = shares[0] * scale[channel] / ${pixels * (channels / groups)}.0;
			parts[sample * ${2 * channels} + channel] = part.x;
			parts[sample * ${2 * channels} + ${channels} + channel] = part.y;
			total += shares[0];
		}
		workgroupBarrier();
	}
	if (lane == 0u) {
		dOffset[channel] = total.x;
		dScale[channel] = total.y;
	}
}`;
}

export const groupWorkgroups = ({ samples, channels }: NormSizes): Workgroups => spread(Math.ceil((2 * samples * channels) / lanes));

/** Bindings: parts, means, both [samples, 2, channels]: each channel gets the sum over its group. Needed where a group has several channels. */
export function groupSumsCode({ samples, channels, groups }: NormSizes): string {
	const width = channels / groups;
	return `${declare([
		{ name: 'parts', quads: false },
		{ name: 'means', quads: false, written: true },
	])}
${entry()} {
	let place = ${flatGroup} * ${lanes} + i32(lane);
	if (place >= ${2 * samples * channels}) { return; }
	let first = place - place % ${channels} % ${width};
	var sum = 0.0;
	for (var part = first; part < first + ${width}; part++) { sum += parts[part]; }
	means[place] = sum;
}`;
}

export { applyWorkgroups as gradientWorkgroups };

/** Bindings: x, dy, mean, variance, scale, offset, means, dx. */
export function gradientCode(sizes: NormSizes, epsilon: number, rectified: boolean): string {
	const { pixels, channels } = sizes;
	return `${head(sizes, [{ name: 'means' }, { name: 'dx', written: true }])}
${reader('readMeans', 'means', channels)}
${writer('writeDx', 'dx', channels)}
${entry()} {${placeInPixels(sizes)}${channelNumbers(epsilon)}
	let level = readMeans(2 * sample, quad);
	let tilt = readMeans(2 * sample + 1, quad);
	for (var pixel = first; pixel < end; pixel++) {${pixelNumbers(sizes, rectified)}
		writeDx(sample * ${pixels} + pixel, quad, (slopes * slope - level - normal * tilt) * inverse);
	}
}`;
}
