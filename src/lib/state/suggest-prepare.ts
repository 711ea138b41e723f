/** A first choice of how pixels reach the net, from what is known of a data set. */
import type { PrepareSpec } from '#lib/core/experiment.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';

/** Largest side suggested without asking: what trains in seconds a step on a processor. */
const largestSide = 128;

/** Colour when an image has it; a square near the median longer side, at most 128, divisible by 2^depth. */
export function suggestPrepare(current: PrepareSpec, depth: number, dataset: DatasetMeta): PrepareSpec {
	const sides = dataset.samples.map((sample) => Math.max(sample.width, sample.height)).sort((a, b) => a - b);
	const median = sides[sides.length >> 1] ?? largestSide;
	const step = 2 ** Math.max(depth, 5);
	const wanted = dataset.source.kind === 'sample' ? (median * 3) / 4 : median;
	const size = Math.max(step, Math.min(largestSide, Math.round(wanted / step) * step));
	const colour = dataset.samples.some((sample) => sample.channels >= 3);
	return { ...current, channels: colour ? 'rgb' : 'grey', size };
}
