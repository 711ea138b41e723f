/** Region losses by the rules of Keras 3: classes are summed together, and only the denominator is smoothed. */
import type { BooleanParam } from '#lib/core/params.ts';
import type { LossInput, Scalar, Tensor, Tf } from './contract.ts';
import { regionCounts, tverskyLoss } from './region.ts';

export const kerasParams = {
	perImage: {
		kind: 'boolean',
		label: 'Every image alone',
		help: 'On scores every image alone and takes the mean (axis [1, 2, 3]); off sums over the batch (axis None).',
		default: false,
	},
} as const satisfies Readonly<Record<string, BooleanParam>>;

interface PooledFormula {
	readonly alpha: number;
	readonly beta: number;
	readonly smoothing: number;
	readonly perImage: boolean;
}

/** 1 − TP / (TP + α·FP + β·FN + s) over all classes at once. */
export function pooledTverskyLoss(tf: Tf, input: LossInput, formula: PooledFormula): Scalar {
	const counts = regionCounts(tf, input, { batchSums: !formula.perImage, includeBackground: true });
	const overClasses = (count: Tensor): Tensor => tf.sum(count, -1);
	const pooled = {
		truePositives: overClasses(counts.truePositives),
		falsePositives: overClasses(counts.falsePositives),
		falseNegatives: overClasses(counts.falseNegatives),
	};
	return tf.mean(tverskyLoss(tf, pooled, { ...formula, smoothNumerator: false }));
}
