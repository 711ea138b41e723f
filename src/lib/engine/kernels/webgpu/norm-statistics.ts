/** Mean and variance of normalisation as WGSL: of runs of pixels first, then of whole groups, in a fixed order. */
import { declare, entry, flatGroup, lanes, quads, reader, repeat, spread, tree, whole, writer } from './wgsl.ts';
import type { Workgroups } from './recorder.ts';

export interface NormSizes {
	readonly samples: number;
	/** Of one sample. */
	readonly pixels: number;
	readonly channels: number;
	readonly groups: number;
}

/** Invocations that fill a big GPU, and pixels below which a run is not worth one. */
const enoughInvocations = 32_768;
const shortestRun = 16;

export interface Runs {
	/** Pixels of a run; the last may be shorter. */
	readonly length: number;
	/** Of one sample. */
	readonly count: number;
}

/** The runs of neighbouring pixels that are summed by one invocation each. */
export function runsOf({ samples, pixels, channels }: NormSizes): Runs {
	const wanted = Math.ceil(enoughInvocations / (samples * quads(channels)));
	const length = Math.max(shortestRun, Math.ceil(pixels / wanted));
	return { length, count: Math.ceil(pixels / length) };
}

export const normKey = (name: string, sizes: NormSizes, ...rest: readonly (number | boolean)[]): string =>
	`norm ${name} ${[sizes.samples, sizes.pixels, sizes.channels, sizes.groups, ...rest].join()}`;

/** One invocation for each sample, run and quad of channels. */
export const runWorkgroups = (sizes: NormSizes): Workgroups =>
	spread(Math.ceil((sizes.samples * runsOf(sizes).count * quads(sizes.channels)) / lanes));

/** `sample`, `run`, `quad` of an invocation and the run's pixels from `first` to before `end`. */
export function placeInRuns(sizes: NormSizes): string {
	const { length, count } = runsOf(sizes);
	const width = quads(sizes.channels);
	return `
	let id = ${flatGroup} * ${lanes} + i32(lane);
	let quad = id % ${width};
	let run = id / ${width} % ${count};
	let sample = id / ${width * count};
	if (sample >= ${sizes.samples}) { return; }
	let first = run * ${length};
	let end = min(first + ${length}, ${sizes.pixels});`;
}

/** Bindings: x, moments [samples, runs, (mean, sum of squared distances to it), channels]. Two passes over a run, for exactness. */
export function momentsCode(sizes: NormSizes): string {
	const { pixels, channels } = sizes;
	const vectors = whole(channels);
	return `${declare([
		{ name: 'x', quads: vectors },
		{ name: 'moments', quads: vectors, written: true },
	])}
${reader('readX', 'x', channels)}
${writer('writeMoments', 'moments', channels)}
${entry()} {${placeInRuns(sizes)}
	var sum = vec4<f32>();
	for (var pixel = first; pixel < end; pixel++) { sum += readX(sample * ${pixels} + pixel, quad); }
	let mean = sum / f32(end - first);
	var squares = vec4<f32>();
	for (var pixel = first; pixel < end; pixel++) {
		let distance = readX(sample * ${pixels} + pixel, quad) - mean;
		squares = fma(distance, distance, squares);
	}
	let row = 2 * (sample * ${runsOf(sizes).count} + run);
	writeMoments(row, quad, mean);
	writeMoments(row + 1, quad, squares);
}`;
}

export const statisticsWorkgroups = ({ samples, groups }: NormSizes): Workgroups => spread(samples * groups);

/**
 * Bindings: moments, mean, variance [samples, channels], and if `keep` is a number the moving mean and variance [channels], which become
 * keep · old + (1 − keep) · new. Moments are merged as by Chan, Golub & LeVeque, The American Statistician 1983.
 */
export function statisticsCode(sizes: NormSizes, keep: number | null): string {
	const { samples, pixels, channels, groups } = sizes;
	const { length, count } = runsOf(sizes);
	const width = channels / groups;
	const moving = keep === null ? [] : ['movingMean', 'movingVariance'];
	const bindings = [
		{ name: 'moments', quads: false },
		...['mean', 'variance', ...moving].map((name) => ({ name, quads: false, written: true })),
	];
	const move = (name: string, from: string): string => `${name}[channel] -= (${name}[channel] - ${from}) * ${1 - (keep ?? 0)};`;
	return `${declare(bindings)}
var<workgroup> shares: array<vec3<f32>, ${lanes}>;
/** Count, mean and squares of two sets together. */
fn merge(a: vec3<f32>, b: vec3<f32>) -> vec3<f32> {
	let count = a.x + b.x;
	if (count == 0.0) { return a; }
	let distance = b.y - a.y;
	let share = b.x / count;
	return vec3<f32>(count, a.y + distance * share, a.z + b.z + distance * distance * a.x * share);
}
${entry()} {
	let index = ${flatGroup};
	let sample = index / ${groups};
	let firstChannel = index % ${groups} * ${width};
	var total = vec3<f32>();
	if (sample < ${samples}) {
		for (var part = i32(lane); part < ${count * width}; part += ${lanes}) {
			let run = part / ${width};
			let place = (sample * ${count} + run) * ${2 * channels} + firstChannel + part % ${width};
			total = merge(total, vec3<f32>(f32(min(${length}, ${pixels} - run * ${length})), moments[place], moments[place + ${channels}]));
		}
	}
	shares[lane] = total;${tree(lanes, (to, from) => `${to} = merge(${to}, ${from});`)}
	total = shares[0];
	if (sample >= ${samples}) { return; }
	for (var part = i32(lane); part < ${width}; part += ${lanes}) {
		let channel = firstChannel + part;
		mean[sample * ${channels} + channel] = total.y;
		variance[sample * ${channels} + channel] = total.z / total.x;
		${repeat(moving.length, (index) => move(moving[index] ?? '', index === 0 ? 'total.y' : 'total.z / total.x'))}
	}
}`;
}
