/** Normalisation and its gradient by our own programs; contracts in `register.ts`. */
import { tf } from '../../tf.ts';
import { input, numberAttribute } from '../attributes.ts';
import { applyCode, applyWorkgroups } from './norm-apply.ts';
import {
	channelSumsCode,
	channelWorkgroups,
	gradientCode,
	gradientSumsCode,
	gradientWorkgroups,
	groupSumsCode,
	groupWorkgroups,
} from './norm-gradient.ts';
import { momentsCode, normKey, runsOf, runWorkgroups, statisticsCode, statisticsWorkgroups, type NormSizes } from './norm-statistics.ts';
import { recorderOf } from './recorder.ts';

function normSizes(x: tf.TensorInfo, attrs: tf.NamedAttrMap): NormSizes {
	const [samples, groups] = [numberAttribute(attrs, 'samples'), numberAttribute(attrs, 'groups')];
	const channels = x.shape.at(-1) ?? 1;
	const pixels = tf.util.sizeFromShape(x.shape) / (samples * channels);
	if (!Number.isInteger(pixels) || !Number.isInteger(channels / groups)) {
		throw new RangeError(`[${x.shape.join(', ')}] cannot be normalised as ${samples} samples of ${groups} groups.`);
	}
	return { samples, pixels, channels, groups };
}

/** OverlapNorm, and OverlapTrackedNorm where the moving statistics are among the inputs. */
export function norm(): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const recorder = recorderOf(backend);
		const x = input(inputs, 'x');
		const sizes = normSizes(x, attrs);
		const { samples, channels } = sizes;
		const [epsilon, rectified] = [numberAttribute(attrs, 'epsilon'), attrs['activation'] === 'relu'];
		const moments = recorder.scratch(samples * runsOf(sizes).count * 2 * channels);
		recorder.run(normKey('moments', sizes), () => momentsCode(sizes), [x, moments], runWorkgroups(sizes));
		const [mean, variance] = [recorder.output([samples, channels]), recorder.output([samples, channels])];
		const tracked = inputs['movingMean'] ? [inputs['movingMean'], input(inputs, 'movingVariance')] : [];
		const keep = tracked.length > 0 ? numberAttribute(attrs, 'keep') : null;
		for (const statistic of tracked) recorder.overwrite(statistic);
		const written = [moments, mean, variance, ...tracked];
		recorder.run(normKey('statistics', sizes, keep ?? -1), () => statisticsCode(sizes, keep), written, statisticsWorkgroups(sizes));
		const y = recorder.output(x.shape);
		const bindings = [x, mean, variance, input(inputs, 'scale'), input(inputs, 'offset'), y];
		const key = normKey('apply', sizes, epsilon, rectified);
		recorder.run(key, () => applyCode(sizes, epsilon, rectified), bindings, applyWorkgroups(sizes));
		return [y, mean, variance];
	};
}

/** OverlapNormGrad. */
export function normGradient(): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const recorder = recorderOf(backend);
		const x = input(inputs, 'x');
		const sizes = normSizes(x, attrs);
		const { samples, channels, groups } = sizes;
		const [epsilon, rectified] = [numberAttribute(attrs, 'epsilon'), attrs['activation'] === 'relu'];
		const scale = input(inputs, 'scale');
		const read = [x, ...['dy', 'mean', 'variance'].map((name) => input(inputs, name)), scale, input(inputs, 'offset')];
		const sums = recorder.scratch(samples * runsOf(sizes).count * 2 * channels);
		const sumsKey = normKey('gradient sums', sizes, epsilon, rectified);
		recorder.run(sumsKey, () => gradientSumsCode(sizes, epsilon, rectified), [...read, sums], runWorkgroups(sizes));
		const [parts, dScale, dOffset] = [recorder.output([samples, 2, channels]), recorder.output([channels]), recorder.output([channels])];
		const channelKey = normKey('channel sums', sizes);
		recorder.run(channelKey, () => channelSumsCode(sizes), [sums, scale, parts, dScale, dOffset], channelWorkgroups(sizes));
		let means = parts;
		if (groups < channels) {
			means = recorder.output([samples, 2, channels]);
			recorder.run(normKey('group sums', sizes), () => groupSumsCode(sizes), [parts, means], groupWorkgroups(sizes));
			recorder.free(parts);
		}
		const dx = recorder.output(x.shape);
		const key = normKey('gradient', sizes, epsilon, rectified);
		recorder.run(key, () => gradientCode(sizes, epsilon, rectified), [...read, means, dx], gradientWorkgroups(sizes));
		recorder.free(means);
		return [dx, dScale, dOffset];
	};
}
