/** Normalisation with known mean and variance as WGSL. */
import { declare, entry, flatGroup, lanes, quads, reader, relu, spread, whole, writer } from './wgsl.ts';
import type { NormSizes } from './norm-statistics.ts';
import type { Workgroups } from './recorder.ts';

/** Pixels of an invocation, so that it reads its channels' numbers once for several. */
const pixelsEach = 8;

/** One invocation for some pixels of a sample and a quad of channels. */
export const applyWorkgroups = ({ samples, pixels, channels }: NormSizes): Workgroups =>
	spread(Math.ceil((samples * Math.ceil(pixels / pixelsEach) * quads(channels)) / lanes));

/** `sample`, `quad` and the pixels of an invocation. */
export function placeInPixels({ samples, pixels, channels }: NormSizes): string {
	const [width, count] = [quads(channels), Math.ceil(pixels / pixelsEach)];
	return `
	let id = ${flatGroup} * ${lanes} + i32(lane);
	let quad = id % ${width};
	let first = id / ${width} % ${count} * ${pixelsEach};
	let sample = id / ${width * count};
	if (sample >= ${samples}) { return; }
	let end = min(first + ${pixelsEach}, ${pixels});`;
}

/** The numbers of a quad of channels that forward and backward share: `center`, `inverse` = 1 / √(variance + ε), `slope`, `shift`. */
export const channelNumbers = (epsilon: number): string => `
	let center = readMean(sample, quad);
	let inverse = 1.0 / sqrt(readVariance(sample, quad) + ${epsilon});
	let slope = readScale(0, quad);
	let shift = readOffset(0, quad);`;

/** Readers of what `channelNumbers` needs. */
export const channelReaders = (channels: number): string =>
	['Mean', 'Variance', 'Scale', 'Offset'].map((name) => reader(`read${name}`, name.toLowerCase(), channels)).join('\n');

/** Bindings: x, mean, variance [samples, channels], scale, offset [channels], y. */
export function applyCode(sizes: NormSizes, epsilon: number, rectified: boolean): string {
	const { pixels, channels } = sizes;
	const inputs = ['x', 'mean', 'variance', 'scale', 'offset'].map((name) => ({ name, quads: whole(channels) }));
	return `${declare([...inputs, { name: 'y', quads: whole(channels), written: true }])}
${reader('readX', 'x', channels)}
${channelReaders(channels)}
${writer('writeY', 'y', channels)}
${entry()} {${placeInPixels(sizes)}${channelNumbers(epsilon)}
	for (var pixel = first; pixel < end; pixel++) {
		let value = (readX(sample * ${pixels} + pixel, quad) - center) * inverse * slope + shift;
		writeY(sample * ${pixels} + pixel, quad, ${rectified ? relu('value') : 'value'});
	}
}`;
}
